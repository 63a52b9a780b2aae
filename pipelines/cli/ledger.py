"""The ledger in the restricted warehouse, as commands that change nothing read it."""

from typing import Any

import duckdb

from pipelines.defs.context import RunContext
from pipelines.warehouse.connection import open_to_read
from pipelines.warehouse.deliveries import list_held
from pipelines.warehouse.rows import rows_of


def ledger(ctx: RunContext) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading alone; it must be there.

    Raises:
        BusyError: A run holds the warehouse.
        DamagedError: The file is damaged.
    """
    return open_to_read(ctx.paths.warehouse)


def read_warehouse(ctx: RunContext, sql: str, *params: object) -> list[dict[str, Any]]:
    """Return rows of the restricted warehouse's ledger; empty when there is no warehouse yet.

    Raises:
        BusyError: A run holds the warehouse.
    """
    if not ctx.paths.warehouse.exists():
        return []
    with ledger(ctx) as con:
        return rows_of(con, sql, params)


def held_in(con: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Return what waits for a person: number, file and reason.

    Args:
        con: The open warehouse.
    """
    return [
        {"delivery_id": number, "file_name": name, "reason_nb": reason}
        for number, name, reason in list_held(con)
    ]
