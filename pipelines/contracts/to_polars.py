"""A contract's table as a dataframely schema, for splitting rows on the way in.

Each rule of the contract becomes one rule of the same id. Types are demanded, not cast: text is
parsed by ``pipelines.ingest`` first. Rules about the whole table (row counts) are not judged here.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

import dataframely as dy
import polars as pl

from pipelines.contracts.kostra import Validity, kostra_validity
from pipelines.contracts.shapes import FILLED, TECHNICAL_COLUMNS, Column, Rule, RuleKind, Table

_TYPES: dict[str, Callable[[], dy.Column]] = {
    "varchar": lambda: dy.String(nullable=True),
    "integer": lambda: dy.Int32(nullable=True),
    "bigint": lambda: dy.Int64(nullable=True),
    # dataframely's own check of NaN would have an id of its own; our range and not_null refuse it
    "double": lambda: dy.Float64(nullable=True, allow_inf=True, allow_nan=True),
    "date": lambda: dy.Date(nullable=True),
    "timestamp": lambda: dy.Datetime(nullable=True),
    "boolean": lambda: dy.Bool(nullable=True),
}
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")


def schema_for(
    table: Table, technical: Iterable[str] = tuple(TECHNICAL_COLUMNS)
) -> type[dy.Schema]:
    """Return the schema class of a table.

    Args:
        table: The table of a source contract.
        technical: Names of columns that must be there and pass through unread; dataframely drops
            every column its schema does not name.

    Returns:
        A ``dataframely.Schema`` whose rule names are the contract's rule ids. A duplicate key
        fails every row that has it.
    """
    parts: dict[str, Any] = {column.name: dataframely_column(column) for column in table.columns}
    for name in technical:
        parts[name] = dy.Any()
    for rule in table.rules:
        expression = rule_expression(rule, table)
        if expression is not None:
            parts[rule.id] = dy.rule()(_returning(expression))
    return type(table.name, (dy.Schema,), parts)


def dataframely_column(column: Column) -> dy.Column:
    """Return the nullable dataframely column of a contract column."""
    decimal = _DECIMAL.fullmatch(column.physical_type)
    if decimal:
        return dy.Decimal(int(decimal[1]), int(decimal[2]), nullable=True)
    return _TYPES[column.physical_type]()


def polars_dtypes(table: Table) -> dict[str, pl.DataType]:
    """Return the Polars type of each of the table's own columns."""
    return {column.name: dataframely_column(column).dtype for column in table.columns}


def rule_expression(rule: Rule, table: Table) -> pl.Expr | None:
    """Return the expression that is true, or null, for rows that keep the rule.

    None for a rule that is not about rows.
    """
    return None if rule.kind == "row_count_min" else _EXPRESSIONS[rule.kind](rule, table)


def _not_null(rule: Rule, table: Table) -> pl.Expr:
    present = pl.col(rule.columns[0]).is_not_null()
    return present & _finite(rule) if _is_double(rule, table) else present


def _enum(rule: Rule, _table: Table) -> pl.Expr:
    return pl.col(rule.columns[0]).is_in(list(rule.params["values"]))


def _range(rule: Rule, table: Table) -> pl.Expr:
    column = pl.col(rule.columns[0])
    kept = _finite(rule) if _is_double(rule, table) else pl.lit(value=True)
    if rule.params["minimum"] is not None:
        kept &= column >= rule.params["minimum"]
    if rule.params["maximum"] is not None:
        kept &= column <= rule.params["maximum"]
    return kept


def _pattern(rule: Rule, _table: Table) -> pl.Expr:
    return pl.col(rule.columns[0]).str.contains(f"^(?:{rule.params['pattern']})$")


def _unique_key(rule: Rule, _table: Table) -> pl.Expr:
    return pl.struct(rule.columns).is_duplicated().not_()


def _order(rule: Rule, _table: Table) -> pl.Expr:
    lower, upper = rule.columns
    return pl.col(lower) <= pl.col(upper)


def _sum_equals(rule: Rule, _table: Table) -> pl.Expr:
    # one after the other, as SQL adds: sum_horizontal would take a missing part for zero
    total = pl.lit(0.0)
    for name in rule.columns:
        total = total + pl.col(name).cast(pl.Float64)
    wanted, tolerance = rule.params["total"], float(rule.params["tolerance"])
    target = pl.col(wanted) if isinstance(wanted, str) else pl.lit(wanted)
    return (total - target.cast(pl.Float64)).abs() <= tolerance


def _first_of_month(rule: Rule, _table: Table) -> pl.Expr:
    return pl.col(rule.columns[0]).dt.day() == 1


def _empty_when_hidden(rule: Rule, _table: Table) -> pl.Expr:
    marker, values = pl.col(rule.params["marker"]), rule.params["values"]
    hidden = marker.is_not_null() if values == (FILLED,) else marker.is_in(list(values))
    return ~hidden | pl.all_horizontal(pl.col(name).is_null() for name in rule.columns)


def _kostra_code(rule: Rule, _table: Table) -> pl.Expr:
    code, year = (pl.col(name) for name in rule.columns)
    known_invalid = pl.lit(value=False)
    for group in kostra_validity(rule.params["code_type"]):
        known_invalid |= code.is_in(list(group.codes)) & ~_within(group, year)
    for name, value in rule.params.get("except_for", {}).items():
        known_invalid &= pl.col(name) != value
    return ~known_invalid


def _within(group: Validity, year: pl.Expr) -> pl.Expr:
    within = pl.lit(value=False)
    for first, last in group.years:
        span = pl.lit(value=True)
        if first is not None:
            span &= year >= first
        if last is not None:
            span &= year <= last
        within |= span
    return within


def _is_double(rule: Rule, table: Table) -> bool:
    return table.column(rule.columns[0]).physical_type == "double"


def _finite(rule: Rule) -> pl.Expr:
    return pl.col(rule.columns[0]).is_finite().fill_null(value=True)


def _returning(expression: pl.Expr) -> Callable[[type[dy.Schema]], pl.Expr]:
    return lambda _schema: expression


_EXPRESSIONS: dict[RuleKind, Callable[[Rule, Table], pl.Expr]] = {
    "not_null": _not_null,
    "enum": _enum,
    "range": _range,
    "pattern": _pattern,
    "unique_key": _unique_key,
    "order": _order,
    "sum_equals": _sum_equals,
    "first_of_month": _first_of_month,
    "kostra_code": _kostra_code,
    "empty_when_hidden": _empty_when_hidden,
}
