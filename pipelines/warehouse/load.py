"""Append rows to a table of the warehouse, column by name.

Transactions are opened by the caller: the rows and their delivery's record go in together.
"""

from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import polars as pl


def insert_frame(con: duckdb.DuckDBPyConnection, table: str, frame: "pl.DataFrame") -> None:
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
