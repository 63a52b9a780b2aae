"""Open the working warehouse: one writer, local time, nothing fetched from the network."""

import re
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines.contracts.shapes import Contract
from pipelines.errors import BusyError, DamagedError, NewerStoreError
from pipelines.warehouse.migrations import bring_up, refuse_newer_warehouse
from pipelines.warehouse.schema import OPS, create_tables
from pipelines.words.messages import say

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
_MB = 1_000_000
_LEAST_MB, _MOST_MB = 320, 1536
_TIMES_HELD = 1.5
_RETRY_S = 0.2
_HOLDER = re.compile(r"\(PID (\d+)\)")


def open_warehouse(
    path: Path,
    contracts: Mapping[str, Contract] | None = None,
    *,
    wait_s: float = 0.0,
    on_wait: Callable[[str], None] | None = None,
) -> duckdb.DuckDBPyConnection:
    """Return a connection to the working warehouse with all its tables.

    Args:
        path: The database file; created, with its folder, if it is not there.
        contracts: The source contracts by id; read from the repo if not given.
        wait_s: Seconds to wait for another process that has the file open.
        on_wait: Told once, in bokmål, when there is somebody to wait for.

    Raises:
        BusyError: when another process still holds the file.
        DamagedError: when the file is damaged.
        NewerStoreError: when a newer program has changed its tables.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    con = _connect(path, wait_s, on_wait)
    con.execute(f"set TimeZone = '{TIME_ZONE}'")
    con.execute(f"set memory_limit = '{memory_limit(held_in(con))}'")
    con.execute("set temp_directory = ?", [str(spill_dir(path))])
    if contracts is None:
        from pipelines.contracts.model import load_contracts

        contracts = load_contracts()
    try:
        refuse_newer_warehouse(con, path)
        create_tables(con, contracts)
        bring_up(con, is_new=is_new)
    except NewerStoreError:
        con.close()
        raise
    except duckdb.Error as error:
        con.close()
        raise opening_failed(error, path) from error
    return con


def open_to_read(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that changes nothing; the file must be there, with what tables it has.

    Args:
        path: The database file.

    Raises:
        BusyError: when another process holds the file.
        DamagedError: when the file is damaged.
    """
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise opening_failed(error, path) from error


def memory_limit(held_mb: float) -> str:
    """Return how much memory DuckDB may use for a warehouse; what needs more is spilled to disk.

    It follows what the warehouse holds. A small one gets little on purpose: DuckDB keeps what it
    has read as long as there is room, beside the libraries of a run, and cuts a window into more
    pieces the more memory there is, which of small tables is most of what a window costs.

    Args:
        held_mb: What it holds, from ``held_in``, or from ``file_mb`` where it is not open.
    """
    return f"{round(min(max(_TIMES_HELD * held_mb, _LEAST_MB), _MOST_MB))}MB"


def held_in(con: duckdb.DuckDBPyConnection) -> float:
    """Return how many megabytes the open warehouse holds.

    Its file is larger: each table that a night replaces leaves blocks that are free for the next.

    Args:
        con: The warehouse.
    """
    (held,) = con.execute(
        "select used_blocks * block_size from pragma_database_size()"
        " where database_name = current_database()"
    ).fetchall()
    return float(held[0]) / _MB


def file_mb(path: Path) -> float:
    """Return how many megabytes a warehouse's file is, which is what it holds or more.

    Args:
        path: The database file; it need not exist.
    """
    return path.stat().st_size / _MB if path.is_file() else 0.0


def spill_dir(path: Path) -> Path:
    """Return where DuckDB puts what memory has no room for; rows of persons may lie there.

    Args:
        path: The database file.
    """
    state = path.parent / "state"
    return state / "spill" if state.is_dir() else path.with_name(f"{path.name}.tmp")


def remove_spill(path: Path) -> None:
    """Remove what a killed process spilled; only for whoever holds the warehouse alone.

    Args:
        path: The database file.
    """
    shutil.rmtree(spill_dir(path), ignore_errors=True)


def read_through(con: duckdb.DuckDBPyConnection, schemas: Iterable[str]) -> None:
    """Read every row of the source tables and of ``ops``: damage is found where it lies.

    Args:
        con: The working warehouse.
        schemas: The schemas of the source tables.

    Raises:
        duckdb.Error: A block is not what was written.
    """
    # every block has a checksum that is held against it when it is read
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = current_database() and list_contains(?, schema_name)",
        [[*schemas, OPS]],
    ).fetchall()
    for schema, name in tables:
        con.execute(f'select bit_xor(hash(rows)) from "{schema}"."{name}" as rows').fetchall()


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether an error means that the file is damaged, and not the machine around it.

    Args:
        error: What opening or reading a database gave.
    """
    text = str(error).casefold()
    is_kind = type(error) is duckdb.Error or isinstance(error, _DAMAGE)
    return is_kind and not any(words in text for words in _SURROUNDINGS)


def opening_failed(error: duckdb.Error, path: Path) -> Exception:
    """Return what a failed opening means for a person; the error itself when it is ours to mend.

    Args:
        error: What DuckDB said.
        path: The file.
    """
    if "could not set lock" in str(error).casefold():
        return BusyError(
            say("warehouse.connection.another_run_holds"),
            where=str(path),
            way_out=say("warehouse.connection.wait_and_try_again"),
        )
    if not is_damage(error):
        return error
    return DamagedError(
        say("warehouse.connection.is_damaged"),
        where=str(path),
        way_out=say("warehouse.connection.rebuild_or_run"),
    )


def wait_until_free(path: Path, wait_s: float, on_wait: Callable[[str], None]) -> None:
    """Wait for whoever has the file open; whether it is whole is not asked.

    Args:
        path: The database file; it need not exist.
        wait_s: Seconds to wait.
        on_wait: Told once, in bokmål, when there is somebody to wait for.

    Raises:
        BusyError: when another process still holds the file.
    """
    if path.is_file():
        with suppress(DamagedError):
            _connect(path, wait_s, on_wait).close()


def is_locked(error: Exception) -> bool:
    """Tell whether an error says that another process has the file open."""
    return isinstance(error, duckdb.IOException) and "could not set lock" in str(error).casefold()


def _connect(
    path: Path, wait_s: float, on_wait: Callable[[str], None] | None
) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + wait_s
    has_told = False
    while True:
        try:
            return duckdb.connect(str(path), config=_CONFIG)
        except duckdb.Error as error:
            if not is_locked(error):
                raise opening_failed(error, path) from error
            holder = _HOLDER.search(str(error))
            who = (
                say("warehouse.connection.another_process_with_id", value=holder.group(1))
                if holder
                else say("warehouse.connection.another_process")
            )
            if time.monotonic() >= deadline:
                raise BusyError(
                    say("warehouse.connection.another_run_has_it_open"),
                    where=say("warehouse.connection.open_in", path=path, who=who),
                    way_out=say("warehouse.connection.wait_or_close"),
                ) from None
        if on_wait is not None and not has_told:
            on_wait(say("warehouse.connection.open_in_waiting", who=who, wait_s=wait_s))
            has_told = True
        time.sleep(_RETRY_S)
