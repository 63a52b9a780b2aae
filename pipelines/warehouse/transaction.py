"""The one way to change the warehouse: all that is done inside a block, or nothing of it.

What is done by dbt is in transactions of its own; the small SQLite files have theirs in
``pipelines.desk.database``.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is done inside, or nothing of it.

    Args:
        con: The working warehouse, outside a transaction.
    """
    con.execute("begin")
    try:
        yield
    except BaseException:
        # a database that has given up refuses this too; what is told is what went wrong first
        with suppress(duckdb.Error):
            con.execute("rollback")
        raise
    con.execute("commit")
