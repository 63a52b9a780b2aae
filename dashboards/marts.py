"""The only room that opens DuckDB: rows of the published generation, read-only, within a scope.

The scope is an argument of every read and is enforced in SQL, never by a widget. Whose rows a table
holds is what its contract states, and the generation carries it (``row_scope``): a restricted
reader gets rows of their own units, rows of groups that give no other unit away, and nothing of a
table that does not say. Generation and scope are in the cache key, so a new generation is seen at
the next rerun and no reader is served another reader's rows. What is kept are tuples of plain
values, which no page can change for another. No figure is computed here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import streamlit as st

from dashboards.access import EVERYTHING, Scope
from dashboards.group_scope import shown_keys
from dashboards.row_scope import SHOWN, RowScope, own_groups, row_scopes
from dashboards.settings import published_folder
from pipelines.desk.generations import Standing, standing
from pipelines.words.catalogue import DEFAULT_LANGUAGE, language_or_default

Value = str | int | float | bool | None | tuple[str, ...]
Where = tuple[tuple[str, Value], ...]

_KINDS_OF_GROUP = frozenset({"sector", "service_type", "wave"})
"""Columns of ``dim_units`` that a group's kind names."""

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "512MB",
    "threads": "1",
}


@dataclass(frozen=True)
class Question:
    """Which rows of which mart.

    Attributes:
        mart: The table's name.
        columns: The columns wanted.
        where: Pairs of column and value; a tuple means any of them, ``None`` means missing.
        order_by: Columns to sort by, missing last; without it the mart's own order.
    """

    mart: str
    columns: tuple[str, ...]
    where: Where = ()
    order_by: tuple[str, ...] = ()


class OutsideScopeError(PermissionError):
    """A restricted reader asked for a table that cannot be cut by unit."""


def current_standing() -> Standing | None:
    """Return which generation readers are given now, and whether it is an older one.

    ``None`` when nothing whole is published.
    """
    folder = published_folder()
    return standing(folder) if folder else None


def file_of(now: Standing) -> Path:
    """Return the path of the file that readers are given."""
    return (published_folder() or Path()) / now.generation.file_name


def description(generation: str) -> dict[str, Any]:
    """Return what the generation says about itself (number, published_at, run_id …).

    Empty when the description is gone or damaged: the figures are shown all the same.
    """
    try:
        told = json.loads(Path(generation).with_suffix(".json").read_text(encoding="utf-8"))
        datetime.fromisoformat(told["published_at"])
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return dict(told)


def _open(path: str) -> duckdb.DuckDBPyConnection:
    # DuckDB gives the old file back for as long as it is open, also when another has its name
    inode = Path(path).stat().st_ino
    if _inodes.get(path, inode) != inode:
        _opened.clear()
    _inodes[path] = inode
    return _opened(path)


_inodes: dict[str, int] = {}


@st.cache_resource(max_entries=2, show_spinner=False, on_release=lambda con: con.close())
def _opened(path: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(path, read_only=True, config=_LOCKED)


@lru_cache(maxsize=8)
def tables(generation: str) -> Mapping[str, frozenset[str]]:
    """Return the tables of the generation with their columns."""
    found: dict[str, set[str]] = {}
    rows = (
        _open(generation)
        .cursor()
        .execute("select table_name, column_name from information_schema.columns")
    )
    for table, column in rows.fetchall():
        found.setdefault(table, set()).add(column)
    return MappingProxyType({table: frozenset(columns) for table, columns in found.items()})


def data_language(generation: str, language: str) -> str:
    """Return the language the edition's own texts are read in: the reader's, if it has them.

    An edition from before a language was added is read with the words of the default language.
    """
    labels = tables(generation).get("dim_labels", frozenset())
    return language if f"label_{language}" in labels else DEFAULT_LANGUAGE


def first_language() -> str:
    """Return the language a page is shown in before anybody has chosen: the municipality's."""
    now = current_standing()
    file = str(file_of(now)) if now else ""
    if "mart_municipality" not in (tables(file) if file else {}):
        return DEFAULT_LANGUAGE
    (profile,) = read(file, EVERYTHING, Question("mart_municipality", ("language",)))
    return language_or_default(profile["language"])


@lru_cache(maxsize=256)
def allowed_units(generation: str, scope: Scope) -> tuple[str, ...]:
    """Return the ids of the units in a restricted scope, the units below them included."""
    rows = (
        _open(generation)
        .cursor()
        .execute(
            """
        with recursive reach as (
            select unit_id from dim_units
            where unit_id in (select unnest(?)) or sector in (select unnest(?))
            union
            select below.unit_id
            from dim_units as below
            inner join reach on below.parent_unit_id = reach.unit_id
        )
        select unit_id from reach order by unit_id
        """,
            [list(scope.units), list(scope.sectors)],
        )
    )
    return tuple(unit for (unit,) in rows.fetchall())


def read(generation: str, scope: Scope, question: Question) -> list[dict[str, Any]]:
    """Return rows of one mart that the scope may see.

    Args:
        generation: The generation file's path; part of the cache key.
        scope: The reader's scope; part of the cache key.
        question: What is wanted.

    Raises:
        OutsideScopeError: The scope is restricted and the table cannot be cut by unit.
    """
    columns = question.columns
    return [dict(zip(columns, row, strict=True)) for row in _fetch(generation, scope, question)]


# Streamlit's own cache would pickle every answer and hash every question at every rerun
@lru_cache(maxsize=1024)
def _fetch(generation: str, scope: Scope, question: Question) -> tuple[tuple[Any, ...], ...]:
    mart, columns = question.mart, question.columns
    conditions, values = _scope_condition(generation, scope, mart)
    for column, value in question.where:
        if value is None:
            conditions.append(f'"{column}" is null')
        elif isinstance(value, tuple):
            conditions.append(f'"{column}" in (select unnest(?))')
            values.append(list(value))
        else:
            conditions.append(f'"{column}" = ?')
            values.append(value)
    names = ", ".join(f'"{column}"' for column in columns)
    sql = f'select {names} from "{mart}"'
    if conditions:
        sql += " where " + " and ".join(conditions)
    if question.order_by:
        sql += " order by " + ", ".join(f'"{column}" nulls last' for column in question.order_by)
    return tuple(_open(generation).cursor().execute(sql, values).fetchall())


def _scope_condition(generation: str, scope: Scope, mart: str) -> tuple[list[str], list[Any]]:
    if scope.is_everything:
        return [], []
    stated = _stated(generation).get(mart)
    if stated is None or stated.kind == "whole":
        raise OutsideScopeError(mart)
    if stated.kind == "open":
        return [], []
    condition, groups = stated.condition()
    own = list(allowed_units(generation, scope))
    if groups == SHOWN:
        return [condition], [own, list(_allowed_groups(generation, scope))]
    return [condition], [own, list(_own_groups(generation, scope))] if groups else [own]


def states_scope(generation: str) -> bool:
    """Return whether the generation says whose rows its tables hold: an older one does not."""
    return bool(_stated(generation))


@lru_cache(maxsize=8)
def _stated(generation: str) -> Mapping[str, RowScope]:
    """What the generation's tables say about whose rows they hold; silent ones are not here."""
    columns = ("table_name", "row_scope", "scope_part", "column_name")
    # an edition from before tables said it gives nothing to a restricted reader
    if not set(columns) <= tables(generation).get("mart_catalogue", frozenset()):
        return {}
    rows = _open(generation).cursor().execute(f"select {', '.join(columns)} from mart_catalogue")
    return row_scopes(rows.fetchall())


@lru_cache(maxsize=256)
def _own_groups(generation: str, scope: Scope) -> tuple[str, ...]:
    """The groups that hold no unit but the reader's, named as ``RowScope.condition`` does."""
    levels = tuple(sorted(tables(generation)["dim_units"] & _KINDS_OF_GROUP))
    rows = _fetch(generation, EVERYTHING, Question("dim_units", ("unit_id", *levels)))
    members = [
        (level, str(group), unit)
        for unit, *groups in rows
        for level, group in zip(levels, groups, strict=True)
        if group is not None
    ]
    return own_groups(members, allowed_units(generation, scope))


@lru_cache(maxsize=256)
def _allowed_groups(generation: str, scope: Scope) -> tuple[str, ...]:
    """The groups whose rows a restricted reader may see, named as ``RowScope.condition`` does."""
    if "dim_group_members" not in tables(generation):
        return ()
    columns = "members_key, level, group_id, unit_id, limit_halves"
    con = _open(generation).cursor()
    rows = con.execute(f"select {columns} from dim_group_members").fetchall()
    before: list[tuple[Any, ...]] = []
    # an edition from before it was kept knows of none
    if "dim_group_members_told" in tables(generation):
        told = con.execute(f"select told_no, {columns} from dim_group_members_told")
        before = told.fetchall()
    return shown_keys(rows, allowed_units(generation, scope), before)
