"""What the other published tables say, in words: every sentence in every language, as a table.

The sentences are made of the finished rows alone, once for all, so a sentence can say no more than
its row; each is closed to whom its row is closed to. No word is written here.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.model import Contract, Table
from pipelines.warehouse.replaced import replace_tables
from pipelines.words.catalogue import codes
from pipelines.words.sentences import SENTENCES, Sentence
from pipelines.words.told_rows import METRIC_COLUMNS, Metric

TABLE = "mart_sentences"
_METRICS = "dim_metrics"
_SEPARATOR = "/"
_UNIT = "unit"
_COLUMNS = (
    "table_name", "sentence", "row_key", "language", "scope_type", "scope_id", "unit_id",
    "metric_id", "members_key", "text",
)  # fmt: skip

Row = Mapping[str, Any]


def write_sentences(con: duckdb.DuckDBPyConnection, products: Mapping[str, Contract]) -> int:
    """Replace the table of sentences among the marts and return its number of rows.

    Args:
        con: The open warehouse, outside a transaction.
        products: Product contracts by id.
    """
    there = _tables_there(con)
    promised = {t.name: t for c in products.values() for t in c.tables.values() if t.name in there}
    metrics = {row["metric_id"]: Metric.of(row) for row in _metric_rows(con, there)}
    told = [
        row
        for name, sentences in groupby(SENTENCES.values(), key=lambda one: one.table)
        if name in promised
        for row in _told(con, promised[name], list(sentences), metrics)
    ]
    schema = dict.fromkeys(_COLUMNS, pl.String())
    frame = pl.DataFrame(told, schema=schema, orient="row").sort(_COLUMNS[:4])
    replace_tables(con, "marts", {TABLE: frame})
    return frame.height


def _tables_there(con: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return {table: frozenset(columns) for table, columns in found.items()}


def _metric_rows(
    con: duckdb.DuckDBPyConnection, there: Mapping[str, frozenset[str]]
) -> Iterator[Row]:
    columns = there.get(_METRICS)
    if columns is None:
        return iter(())
    labels = {f"label_{code}" for code in codes()}
    return _rows(con, _METRICS, sorted((labels & columns).union(METRIC_COLUMNS)))


def _rows(con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> Iterator[Row]:
    names = list(columns)
    listed = ", ".join(f'"{name}"' for name in names)
    found = con.execute(f"select {listed} from marts.{table}").fetchall()
    return (dict(zip(names, row, strict=True)) for row in found)


def _told(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    sentences: list[Sentence],
    metrics: Mapping[str, Metric],
) -> Iterator[tuple[str | None, ...]]:
    columns = {
        *_scope_columns(table), *table.primary_key,
        *(name for one in sentences for name in (*one.columns, *one.where)),
        *(name for name in ("metric_id",) if name in table.column_names),
    }  # fmt: skip
    for row in _rows(con, table.name, sorted(columns)):
        whose = _whose(table, row)
        key = _SEPARATOR.join(_text(row[name]) for name in table.primary_key)
        for one in sentences:
            if any(row[name] != value for name, value in one.where.items()):
                continue
            typed = one.typed(row, metrics)
            for language in codes():
                if text := one.compose(typed, language):
                    yield (table.name, one.name, key, language, *whose, text)


def _scope_columns(table: Table) -> tuple[str, ...]:
    scope = table.scope
    if scope is None:
        return ()
    return tuple(name for name in (scope.unit, scope.level, scope.group, scope.members) if name)


def _whose(table: Table, row: Row) -> tuple[str | None, ...]:
    """Scope's type and id, unit, metric and members: a row of no unit and no group is closed."""
    scope, metric = table.scope, row.get("metric_id")
    level = row[scope.level] if scope and scope.level else None
    group = row[scope.group] if scope and scope.group else None
    unit = row[scope.unit] if scope and scope.unit else None
    if unit is None and level == _UNIT and not (scope and scope.unit):
        unit = group
    members = row[scope.members] if scope and scope.members else None
    if level is None:
        level, group = (_UNIT, unit) if unit is not None else (table.name, metric)
    return _text(level), None if group is None else _text(group), unit, metric, members


def _text(value: object) -> str:
    return "" if value is None else str(value)
