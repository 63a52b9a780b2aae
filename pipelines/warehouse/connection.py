"""Open the working warehouse: one writer, local time, nothing fetched from the network."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.contracts.model import Contract, load_contracts
from pipelines.errors import BusyError
from pipelines.warehouse.schema import create_tables

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
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
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=_CONFIG)
    except duckdb.IOException as locked:
        if "lock" not in str(locked).casefold():
            raise
        raise BusyError(
            "En annen kjøring holder datavarehuset.",
            where=str(path),
            way_out="Vent til den er ferdig, og prøv igjen.",
        ) from None
    con.execute(f"set TimeZone = '{TIME_ZONE}'")
    create_tables(con, contracts or load_contracts())
    return con
