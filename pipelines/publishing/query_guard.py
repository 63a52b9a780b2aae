"""Which statements an analyst may run: one SELECT that touches nothing but published tables.

DuckDB's own settings close files and network. This closes what they leave open: several
statements, settings, and functions that show where files lie or run text as SQL. It judges the
parsed statement, never the text. Limits on time and memory live in ``query_child``.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb

_TABLE_FUNCTIONS = frozenset(
    {
        "duckdb_columns",
        "duckdb_tables",
        "generate_series",
        "json_each",
        "json_tree",
        "range",
        "repeat",
        "repeat_row",
        "unnest",
    }
)
_REFUSED_FUNCTIONS = frozenset(
    {
        "current_setting",
        "currval",
        "getenv",
        "getvariable",
        "json_execute_serialized_sql",
        "json_serialize_plan",
        "nextval",
        "query",
        "query_table",
        "setval",
        "write_log",
    }
)
_SYSTEM_TABLE = re.compile(r"^(duckdb|pragma)_")
_EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\s+", re.IGNORECASE)


class RefusedError(Exception):
    """The statement is not allowed.

    Args:
        code: Why: a code of ``pipelines.desk.refusals``, where the words are.
        name: The function or table it concerns.
    """

    def __init__(self, code: str, name: str = "") -> None:
        self.code = code
        self.name = name
        super().__init__(f"{code} {name}".strip())


def check(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse anything but one reading statement.

    Args:
        con: Any connection; used for its parser only.
        sql: What the analyst wrote.

    Raises:
        RefusedError: When the statement is not allowed.
        duckdb.Error: When it cannot be parsed.
    """
    statements = con.extract_statements(sql)
    if not statements:
        raise RefusedError("empty")
    if len(statements) > 1:
        raise RefusedError("several")
    kind = statements[0].type
    if kind == duckdb.StatementType.EXPLAIN and _EXPLAIN.match(sql):
        check(con, _EXPLAIN.sub("", sql, count=1))
        return
    if kind == duckdb.StatementType.MULTI:
        raise RefusedError("dynamic_pivot")
    if kind != duckdb.StatementType.SELECT:
        raise RefusedError("not_reading")
    _check_names(con, sql)


def _check_names(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    row = con.execute("select json_serialize_sql(?)", [sql]).fetchall()[0]
    tree = json.loads(row[0])
    if tree["error"]:
        raise RefusedError("unchecked")
    for node in _nodes(tree):
        if node.get("type") == "TABLE_FUNCTION":
            name = str(node["function"]["function_name"]).lower()
            if name not in _TABLE_FUNCTIONS:
                raise RefusedError("table_function", name)
        if str(node.get("function_name", "")).lower() in _REFUSED_FUNCTIONS:
            raise RefusedError("function", str(node["function_name"]))
        if node.get("type") == "BASE_TABLE":
            name = str(node["table_name"] or node["qualified_name"]["path"][-1]).lower()
            if _SYSTEM_TABLE.match(name) and name not in _TABLE_FUNCTIONS:
                raise RefusedError("system_table", name)


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every object in the parsed statement, without recursion: queries can be nested deeply."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
