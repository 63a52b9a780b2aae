"""The only room that opens DuckDB: rows of the published generation, read-only, within a scope.

The scope is an argument of every read and is enforced in SQL, never by a widget: a restricted
reader gets rows of their own units, and whole tables only if they are listed here as holding no
unit's rows. Generation and scope are in the cache key, so a new generation is seen at the next
rerun and no reader is served another reader's rows. What is kept are tuples of plain values,
which no page can change for another. No figure is computed here.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import streamlit as st

from dashboards.access import Scope
from pipelines.desk.generations import Standing, standing

Value = str | int | float | bool | None | tuple[str, ...]
Where = tuple[tuple[str, Value], ...]

_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "512MB",
    "threads": "1",
}

# Tables without any single unit's rows: the municipality as a whole, catalogues, sums over units.
OPEN_TABLES = frozenset(
    {
        "dim_headline_rules",
        "dim_headlines",
        "dim_labels",
        "dim_metrics",
        "dim_months",
        "mart_adoption",
        "mart_catalogue",
        "mart_coach_load",
        "mart_course_days",
        "mart_data_quality",
        "mart_deliveries",
        "mart_effect_checks",
        "mart_effects_pooled",
        "mart_facts",
        "mart_gain_totals",
        "mart_lineage",
        "mart_municipality",
        "mart_quarantine",
    }
)
# Tables that name the unit otherwise than by unit_id.
_SCOPED_BY = {
    "fct_metric_months": "(level <> 'unit' or group_id in (select unnest(?)))",
    # the municipality's rows are sums and counts over all units
    "mart_economy_totals": "(scope_type = 'municipality' or unit_id in (select unnest(?)))",
    "mart_pitfalls": "(scope_type = 'municipality' or scope_id in (select unnest(?)))",
    # an event without a unit is the whole municipality's
    "mart_events": "(unit_id is null or unit_id in (select unnest(?)))",
    # the whole municipality's counts are not the reader's; a wave or a sector may be one unit
    "mart_overview": "(scope_type = 'unit' and scope_id in (select unnest(?)))",
}
_UNIT_COLUMN = '"unit_id" in (select unnest(?))'


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
    folder = os.environ.get("PUKK_PUBLISHED")
    return standing(Path(folder)) if folder else None


def file_of(now: Standing) -> Path:
    """Return the path of the file that readers are given."""
    return Path(os.environ["PUKK_PUBLISHED"]) / now.generation.file_name


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
    if scope.is_everything or mart in OPEN_TABLES:
        return [], []
    condition = _SCOPED_BY.get(mart)
    if condition is None and "unit_id" in tables(generation).get(mart, frozenset()):
        condition = _UNIT_COLUMN
    if condition is None:
        raise OutsideScopeError(mart)
    return [condition], [list(allowed_units(generation, scope))]
