"""Put rows into a source table so that they replace the periods they correct.

Transactions are opened by the caller: the rows and their delivery's record go in together.
"""

from collections.abc import Collection

import duckdb
import polars as pl


def replace_periods(
    con: duckdb.DuckDBPyConnection,
    table: str,
    frame: pl.DataFrame,
    feed_id: str,
    periods: Collection[str],
) -> list[str]:
    """Replace a feed's rows of some periods, or of all when ``periods`` holds ``all``.

    Args:
        con: The working warehouse, in a transaction.
        table: ``schema.table``.
        frame: The new rows, technical columns included, in any column order.
        feed_id: The feed whose rows are replaced.
        periods: ``YYYY-MM`` or ``all``.

    Returns:
        The deliveries of the feed that had rows before and have none now.
    """
    schema, name = table.split(".")
    target = f'"{schema}"."{name}"'
    before = _deliveries(con, target, feed_id)
    if "all" in periods:
        con.execute(f"delete from {target} where feed_id = ?", [feed_id])
    elif periods:
        con.execute(
            f"delete from {target} where feed_id = ? and list_contains(?, period_ym)",
            [feed_id, list(periods)],
        )
    left = _deliveries(con, target, feed_id)
    insert_frame(con, table, frame)
    return sorted(before - left)


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame to a table, column by name.

    Args:
        con: The working warehouse.
        table: ``schema.table``.
        frame: The rows; columns the table has and the frame does not become null.
    """
    if frame.is_empty():
        return
    schema, name = table.split(".")
    con.register("__incoming", frame.to_arrow())
    try:
        con.execute(f'insert into "{schema}"."{name}" by name select * from __incoming')
    finally:
        con.unregister("__incoming")


def _deliveries(con: duckdb.DuckDBPyConnection, target: str, feed_id: str) -> set[str]:
    rows = con.execute(f"select distinct delivery_id from {target} where feed_id = ?", [feed_id])
    return {row[0] for row in rows.fetchall()}
