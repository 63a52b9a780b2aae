"""Tables computed in Python, put in place of those that stood there: all of them, or none.

Rows of deliveries are appended, in ``load``; what dbt makes, dbt replaces.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from pipelines.warehouse.transaction import transaction

if TYPE_CHECKING:
    import polars as pl


def replace_tables(
    con: duckdb.DuckDBPyConnection, schema: str, frames: Mapping[str, "pl.DataFrame"]
) -> None:
    """Replace tables of a schema, which is made when missing; all or nothing.

    Args:
        con: The open warehouse, outside a transaction.
        schema: Where they stand.
        frames: Table -> its rows; an empty frame gives an empty table of its columns.
    """
    with transaction(con):
        con.execute(f'create schema if not exists "{schema}"')
        for name, frame in frames.items():
            con.register("__replacing", frame)
            try:
                con.execute(
                    f'create or replace table "{schema}"."{name}" as select * from __replacing'
                )
            finally:
                con.unregister("__replacing")
