"""Append rows to a table of the warehouse, column by name.

Transactions are opened by the caller: the rows and their delivery's record go in together.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import polars as pl

# as many as a row group of DuckDB's holds; a copy of so many is made at a time
_ROWS_AT_ONCE = 122_880


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
    for part in frame.iter_slices(_ROWS_AT_ONCE):
        con.register("__incoming", part.to_arrow())
        try:
            con.execute(f'insert into "{schema}"."{name}" by name select * from __incoming')
        finally:
            con.unregister("__incoming")


def insert_file(con: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Append the rows of a Parquet file to a table, column by name, a row group at a time.

    Args:
        con: The working warehouse.
        table: ``schema.table``.
        file: The rows; columns the table has and the file does not become null.
    """
    schema, name = table.split(".")
    con.execute(
        f'insert into "{schema}"."{name}" by name'
        " select * from read_parquet(?, hive_partitioning = false)",
        [str(file)],
    )
