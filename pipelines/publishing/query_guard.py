"""Which statements an analyst may run: one SELECT that touches nothing but published tables.

DuckDB's own settings close files and network. This closes what they leave open: several
statements, settings, system tables, and functions that show where files lie or run text as SQL.
It judges the parsed statement, never the text, and what it does not know it refuses. Limits on
time and memory live in ``query_child``; which functions may be called, in ``query_catalogue``.
"""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import duckdb

from pipelines.publishing.query_catalogue import catalogue

_SYSTEM_TABLES = frozenset({("information_schema", "tables"), ("information_schema", "columns")})
_SYSTEM_VIEWS = frozenset({"duckdb_columns", "duckdb_tables"})
_SHOWN = frozenset({'"tables"', "tables", "__show_tables_expanded"})
# what may stand behind FROM; the parser makes all others of things nobody asks for
_SOURCES = frozenset(
    {
        "BASE_TABLE",
        "EMPTY",
        "EXPRESSION_LIST",
        "JOIN",
        "PIVOT",
        "SHOW_REF",
        "SUBQUERY",
        "TABLE_FUNCTION",
    }
)
_SOURCE_KEYS = ("from_table", "left", "right", "source")
_EXPLAIN = re.compile(r"^\s*explain(\s+analyze)?\s+", re.IGNORECASE)
_SYSTEM_NAME = re.compile(r"(duckdb|pragma|pg|sqlite)_")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_CATALOGUE_NAMES = (
    "select lower(table_name) from duckdb_tables() where database_name = current_database()"
    " and schema_name = 'main' and not internal"
)
# found without naming a schema
_SYSTEM_NAMES = (
    "select distinct lower(view_name) from duckdb_views() where internal"
    " and schema_name in ('main', 'pg_catalog')"
)
_LIKE = 0.7


class RefusedError(Exception):
    """The statement is not allowed.

    Args:
        code: Why: a code of ``pipelines.desk.refusals``, where the words are.
        name: The function or table it concerns.
        near: What it may have been meant to be.
    """

    def __init__(self, code: str, name: str = "", near: str = "") -> None:
        self.code = code
        self.name = name
        self.near = near
        super().__init__(f"{code} {name}".strip())


def check(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse anything but one reading statement.

    Args:
        con: A connection to the published file, for its parser and its catalogue.
        sql: What the analyst wrote.

    Raises:
        RefusedError: When the statement is not allowed.
        duckdb.Error: When it cannot be parsed.
    """
    try:
        statements = con.extract_statements(sql)
        kinds = [statement.type for statement in statements]
    except ValueError:  # a kind of statement the library has no name for, never a question
        raise RefusedError("not_reading") from None
    if not kinds:
        raise RefusedError("empty")
    if len(kinds) > 1:
        raise RefusedError("several")
    if kinds[0] == duckdb.StatementType.EXPLAIN and _EXPLAIN.match(sql):
        check(con, _EXPLAIN.sub("", sql, count=1))
        return
    if kinds[0] == duckdb.StatementType.MULTI:
        raise RefusedError("dynamic_pivot")
    if kinds[0] != duckdb.StatementType.SELECT:
        raise RefusedError("not_reading")
    _check_names(con, sql)


def _check_names(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    row = con.execute("select json_serialize_sql(?)", [sql]).fetchall()[0]
    tree = json.loads(row[0])
    if tree["error"]:
        raise RefusedError("unchecked")
    nodes = list(_nodes(tree))
    tables = _Tables(con, nodes)
    for node in nodes:
        kind = node.get("type")
        if kind == "TABLE_FUNCTION":
            _check_table_function(node)
        elif kind == "BASE_TABLE":
            tables.check(_path(node))
        elif kind == "SHOW_REF":
            _check_shown(node, tables)
        elif "function_name" in node and kind not in {"BASE_TABLE", "SHOW_REF"}:
            _check_function(node)
        for key in _SOURCE_KEYS:
            _check_source(node.get(key))


def _check_source(source: object) -> None:
    """Refuse a kind of table reference that is not known; expressions have a class and pass."""
    if isinstance(source, dict) and "class" not in source and "alias" in source:
        kind = source.get("type")
        if isinstance(kind, str) and kind not in _SOURCES:
            raise RefusedError("unchecked")


def _check_table_function(node: dict[str, Any]) -> None:
    name = str(node["function"].get("function_name", "")).lower()
    if name not in catalogue().table_functions:
        raise RefusedError("table_function", name)


def _check_function(node: dict[str, Any]) -> None:
    name = str(node["function_name"])
    known = catalogue()
    if name.lower() in known.functions | known.table_functions:
        return
    near = get_close_matches(name.lower(), sorted(known.functions), n=1, cutoff=_LIKE)
    if near and not known.is_refused(name):
        raise RefusedError("unknown_function", name, near[0])
    raise RefusedError("function", name)


def _check_shown(node: dict[str, Any], tables: "_Tables") -> None:
    path = _path(node)
    if not path:  # what is described is a query of its own, checked where it stands
        return
    if node.get("show_type") == "SHOW_SPECIAL":
        if path[-1].lower() not in _SHOWN:
            raise RefusedError("system_table", path[-1].strip('"'))
        return
    tables.check(path)


class _Tables:
    """The tables a statement may read: those of the file, and its own common table expressions."""

    def __init__(self, con: duckdb.DuckDBPyConnection, nodes: list[dict[str, Any]]) -> None:
        self._published = {name for (name,) in con.execute(_CATALOGUE_NAMES).fetchall()}
        self._system = {name for (name,) in con.execute(_SYSTEM_NAMES).fetchall()}
        self._file = str(con.execute("select current_database()").fetchall()[0][0]).lower()
        con.complete()
        self._named = {name.lower() for node in nodes for name in _named_queries(node)}

    def check(self, path: list[str]) -> None:
        """Refuse a table that is not published; one that does not exist is left to DuckDB."""
        *place, name = [part.lower() for part in path]
        if (*place[-1:], name) in _SYSTEM_TABLES and place[:-1] in ([], [self._file], ["system"]):
            return
        if place not in ([], [self._file], ["main"], [self._file, "main"]):
            raise RefusedError("system_table", ".".join(path))
        if name in self._published or (not place and name in _SYSTEM_VIEWS):
            return
        if name in self._system or _SYSTEM_NAME.match(
            name
        ):  # also where a query of that name is made in another place
            raise RefusedError("system_table", path[-1])
        if name in self._named:
            return
        if not _PLAIN_NAME.fullmatch(name):
            raise RefusedError("file", path[-1])


def _path(node: dict[str, Any]) -> list[str]:
    path = [str(part) for part in (node.get("qualified_name") or {}).get("path", [])]
    name = str(node.get("table_name") or "")
    return path or ([name] if name else [])


def _named_queries(node: dict[str, Any]) -> Iterator[str]:
    entries = (node.get("cte_map") or {}).get("map") or []
    for entry in entries:
        yield str(entry["key"])


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
