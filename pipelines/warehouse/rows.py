"""Rows of one of our own queries as mappings, without a frame: commands show a few of them."""

from collections.abc import Sequence
from typing import Any

import duckdb


def rows_of(
    con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object] = ()
) -> list[dict[str, Any]]:
    """Return the rows of a query of ours, by column name.

    Args:
        con: An open database.
        sql: The query, with ``?`` for values.
        params: The values.
    """
    found = con.execute(sql, list(params))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
