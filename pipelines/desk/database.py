"""The small SQLite files in a municipality's state folder, opened one way.

Write-ahead log, full synchronisation, one writer at a time. What they hold is in ``access_log``,
``saved_queries`` and ``follow_up``; published figures are never here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

_WAIT_S = 15.0


def never(table: str, what: Literal["changed", "deleted"]) -> str:
    """Return the statement that keeps a table's rows from being changed, or deleted."""
    before = {"changed": "update", "deleted": "delete"}[what]
    return (
        f"create trigger if not exists {table}_are_never_{what} before {before} on {table}"
        f" begin select raise(abort, '{table} are append-only'); end;\n"
    )


@contextmanager
def open_database(file: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """Open a file for one transaction that holds the write lock; it is made when missing.

    Args:
        file: Where it lies; readable by the owner alone.
        schema: Statements that create what is missing, each with ``if not exists``.

    Raises:
        sqlite3.Error: The file is damaged, or another writer held it for 15 seconds.
    """
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    is_new = not file.exists()
    con = sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None)
    try:
        if is_new:
            file.chmod(0o600)
        con.row_factory = sqlite3.Row
        con.execute("pragma journal_mode = wal")
        con.execute("pragma synchronous = full")
        con.executescript(schema)
        con.execute("begin immediate")
        try:
            yield con
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")
    finally:
        con.close()
