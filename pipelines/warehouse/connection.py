"""Open the working warehouse: one writer, local time, nothing fetched from the network."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.contracts.model import Contract, load_contracts
from pipelines.errors import BusyError, DamagedError
from pipelines.warehouse.schema import create_tables

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_DAMAGE = (
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.FatalException,
    duckdb.InternalException,
)
_SURROUNDINGS = ("could not set lock", "permission denied", "no space", "too many open files")
TIME_ZONE = "Europe/Oslo"


def open_warehouse(
    path: Path, contracts: Mapping[str, Contract] | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a connection to the working warehouse with all its tables.

    Args:
        path: The database file; created, with its folder, if it is not there.
        contracts: The source contracts by id; read from the repo if not given.

    Raises:
        BusyError: when another process holds the file.
        DamagedError: when the file is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=_CONFIG)
    except duckdb.Error as error:
        if "could not set lock" in str(error).casefold():
            raise BusyError(
                "En annen kjøring holder datavarehuset.",
                where=str(path),
                way_out="Vent til den er ferdig, og prøv igjen.",
            ) from None
        raise _damaged(error, path) from error
    con.execute(f"set TimeZone = '{TIME_ZONE}'")
    try:
        create_tables(con, contracts or load_contracts())
    except duckdb.Error as error:
        con.close()
        raise _damaged(error, path) from error
    return con


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether an error means that the file is damaged, and not the machine around it.

    Args:
        error: What opening or reading a database gave.
    """
    text = str(error).casefold()
    is_kind = type(error) is duckdb.Error or isinstance(error, _DAMAGE)
    return is_kind and not any(words in text for words in _SURROUNDINGS)


def _damaged(error: duckdb.Error, path: Path) -> Exception:
    if not is_damage(error):
        return error
    return DamagedError(
        "Datavarehuset er skadet. Det som er publisert, står urørt.",
        where=str(path),
        way_out="Bygg det på nytt fra landing og records: pukk rebuild (pukk run gjør det også).",
    )
