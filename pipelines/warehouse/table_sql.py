"""The SQL that makes a table with its comments, and that widens one made before.

Which tables there are is said in ``schema``.
"""

from collections.abc import Mapping
from typing import NamedTuple

import duckdb

Columns = Mapping[str, tuple[str, str]]
"""Column -> its type, and what it holds."""


class OpsTable(NamedTuple):
    """A table of ``ops`` as it is made.

    Attributes:
        description: What a row of it is.
        columns: Its columns in order.
    """

    description: str
    columns: Columns


def columns_by_table(
    con: duckdb.DuckDBPyConnection, catalog: str | None = None
) -> dict[tuple[str, str], dict[str, str]]:
    """Return schema and table -> column -> type, in order, asked of the database once.

    Args:
        con: An open database.
        catalog: The name another is attached by; the open one by default.
    """
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = coalesce(?, current_database()) and not internal"
        " order by schema_name, table_name, column_index",
        [catalog],
    ).fetchall()
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), {})[column] = kind
    return found


def create(schema: str, name: str, description: str, columns: Columns) -> list[str]:
    """Return the statements that make a table, each column with its type and its comment."""
    target = f'"{schema}"."{name}"'
    listed = ", ".join(f'"{column}" {kind}' for column, (kind, _) in columns.items())
    comments = [
        f'comment on column {target}."{column}" is {quoted(text)}'
        for column, (_, text) in columns.items()
    ]
    table_comment = f"comment on table {target} is {quoted(description)}"
    return [f"create table {target} ({listed})", table_comment, *comments]


def widen(schema: str, name: str, columns: Columns, present: set[str]) -> list[str]:
    """Return the statements that give a table the columns it does not have yet."""
    target = f'"{schema}"."{name}"'
    statements = []
    for column, (kind, text) in columns.items():
        if column not in present:
            # rows that are there already have nothing to put in it
            nullable = kind.removesuffix(" not null")
            statements += [
                f'alter table {target} add column "{column}" {nullable}',
                f'comment on column {target}."{column}" is {quoted(text)}',
            ]
    return statements


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
