"""Rows to valid, quarantined and duplicate by the contract's rules: every row in exactly one.

Which rows could not be read at all was decided in ``assemble``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from pipelines.contracts.shapes import Rule, Table
from pipelines.contracts.to_polars import rule_expression, schema_for
from pipelines.ingest.assemble import BAD, PROBLEM_SCHEMA, Assembled
from pipelines.ingest.shapes import SOURCE_ROW, Note, Sheet
from pipelines.municipality.feeds import ColumnPeriod, Feed
from pipelines.words.messages import template
from pipelines.words.numbers import counted_nb

_ROW, _PLACE = "row_position", "__place"
_MAX_REPEATS = 4
_MIN_BLOCK = 2


@dataclass(frozen=True)
class Split:
    """The three fates of a file's rows.

    Attributes:
        valid: The table's columns, ``source_row`` and ``period_ym``.
        problems: One row per broken rule and row: ``source_row``, ``column_name``, ``rule_id``,
            ``reason_nb``; a quarantined row can stand here more than once.
        n_in: Rows in; always valid + n_quarantined + n_duplicate.
        n_quarantined: Rows set aside, those with a broken shape included.
        n_duplicate: Rows that say the same as an earlier row.
        notes: Rules that only warn, and how many rows break them.
        aside: The quarantined rows that have the table's shape, with what could be read of them.
        n_untimely: How many of the quarantined were set aside for their time alone.
        duplicate_rows: ``source_row`` of every duplicate, in file order.
    """

    valid: pl.DataFrame
    problems: pl.DataFrame
    n_in: int
    n_quarantined: int
    n_duplicate: int
    notes: tuple[Note, ...]
    aside: pl.DataFrame
    n_untimely: int = 0
    duplicate_rows: pl.Series = field(
        default_factory=lambda: pl.Series(SOURCE_ROW, [], dtype=pl.Int32)
    )


def split(sheet: Sheet, assembled: Assembled, feed: Feed, table: Table) -> Split:
    """Split the rows of a file.

    Args:
        sheet: The file's own rows, in which repeated rows are seen.
        assembled: Its rows in the contract's shape, with ``period_ym``.
        feed: Says whether equal rows are duplicates or real.
        table: The contract's table.
    """
    names = list(table.column_names)
    are_real = keeps_identical(feed, table)
    repeated = repeated_rows(sheet.rows, keep=are_real)
    fresh = assembled.rows.filter(~pl.col(SOURCE_ROW).is_in(repeated.implode()))
    fresh = fresh.with_row_index(_PLACE)
    readable = fresh.filter(~pl.col(BAD))
    distinct = readable
    if not are_real:
        distinct = readable.unique(subset=names, keep="first", maintain_order=True)
    valid, broken = _judge(distinct, table)
    dateless = valid.filter(pl.col("period_ym").is_null())
    valid = valid.filter(pl.col("period_ym").is_not_null())
    shapes = [(row.source_row, None, row.rule_id, row.reason_nb) for row in sheet.broken]
    problems = pl.concat(
        [
            assembled.problems.filter(~pl.col(SOURCE_ROW).is_in(repeated.implode())),
            broken,
            _dateless(dateless, feed),
            pl.DataFrame(shapes, schema=PROBLEM_SCHEMA, orient="row"),
        ]
    )
    n_in = assembled.rows.height + len(sheet.broken)
    n_duplicate = assembled.rows.height - fresh.height + readable.height - distinct.height
    n_quarantined = n_in - n_duplicate - valid.height
    n_told = fresh.height - readable.height + distinct.height - valid.height + len(sheet.broken)
    if n_told != n_quarantined:
        raise AssertionError(f"rows do not reconcile: {n_told} is not {n_quarantined}")
    return Split(
        valid=valid.select(*names, SOURCE_ROW, "period_ym"),
        problems=problems.sort(SOURCE_ROW, maintain_order=True),
        n_in=n_in,
        n_quarantined=n_quarantined,
        n_duplicate=n_duplicate,
        notes=notes_on(warned(valid, table), table),
        aside=pl.concat(
            [fresh.filter(BAD), distinct.filter(~pl.col(_PLACE).is_in(valid[_PLACE].implode()))]
        ).select(names),
        duplicate_rows=_duplicates(assembled.rows, repeated, readable, distinct),
    )


def keeps_identical(feed: Feed, table: Table) -> bool:
    """Return whether equal rows are real: as the feed says, else as the contract does.

    A table without a key has nothing that tells one row from another, so its equal rows may be two.
    """
    if feed.identical_rows is None:
        return not table.primary_key
    return feed.identical_rows == "keep"


def repeated_rows(rows: pl.DataFrame, *, keep: bool) -> pl.Series:
    """Return the ``source_row`` of rows that repeat what the file has already said.

    With ``keep``, equal rows are real, but a file whose rows are its own content two to four
    times over is still a file that was pasted twice.
    """
    content = [name for name in rows.columns if name != SOURCE_ROW]
    if keep:
        block = _block(rows.select(content))
        return rows[SOURCE_ROW].slice(block) if block else rows[SOURCE_ROW].clear()
    is_first = rows.select(pl.struct(content).is_first_distinct()).to_series()
    return rows[SOURCE_ROW].filter(~is_first)


def _duplicates(
    rows: pl.DataFrame, repeated: pl.Series, readable: pl.DataFrame, distinct: pl.DataFrame
) -> pl.Series:
    """Return the row numbers of what repeats the file, and of what repeats its rows once read."""
    of_file = rows.filter(pl.col(SOURCE_ROW).is_in(repeated.implode()))[SOURCE_ROW]
    if readable.height == distinct.height:
        return of_file
    of_rows = readable.filter(~pl.col(_PLACE).is_in(distinct[_PLACE].implode()))[SOURCE_ROW]
    return pl.concat([of_file, of_rows]).sort()


def _block(content: pl.DataFrame) -> int:
    """Return the length of the block the content repeats, 0 if it does not."""
    height = content.height
    for times in range(_MAX_REPEATS, 1, -1):
        block = height // times
        if height % times or block < _MIN_BLOCK:
            continue
        first = content.head(block)
        if all(first.equals(content.slice(i * block, block)) for i in range(1, times)):
            return block
    return 0


def _judge(rows: pl.DataFrame, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that keep every rule, and one problem per broken rule of the others."""
    errors = tuple(rule for rule in table.rules if rule.severity == "error")
    schema = schema_for(replace(table, rules=errors), technical=(_ROW,))
    numbered = rows.with_row_index(_ROW)
    good, failure = schema.filter(numbered.select(*table.column_names, _ROW))
    valid = numbered.filter(pl.col(_ROW).is_in(good[_ROW].implode())).drop(_ROW)
    if not len(failure):
        return valid, pl.DataFrame(schema=PROBLEM_SCHEMA)
    details = failure.details()
    rules = {rule.id: rule for rule in errors}
    numbers = numbered.select(_ROW, SOURCE_ROW)
    parts = [
        details.filter(pl.col(name).cast(pl.String) == "invalid")
        .join(numbers, on=_ROW, how="left")
        .select(
            SOURCE_ROW,
            pl.lit(_column(rule)).alias("column_name"),
            pl.lit(name).alias("rule_id"),
            pl.format(
                template("ingest.split.row_refused"), SOURCE_ROW, pl.lit(rule.description_nb)
            ).alias("reason_nb"),
        )
        .unique(maintain_order=True)
        for name, rule in rules.items()
        if name in details.columns
    ]
    return valid, pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *parts])


def _column(rule: Rule) -> str | None:
    return rule.columns[0] if len(rule.columns) == 1 else None


def _dateless(rows: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    column = feed.period.column if isinstance(feed.period, ColumnPeriod) else None
    return rows.select(
        SOURCE_ROW,
        pl.lit(column, dtype=pl.String).alias("column_name"),
        pl.lit("period").alias("rule_id"),
        pl.format(template("ingest.split.row_without_date"), SOURCE_ROW)
        .alias("reason_nb"),
    )  # fmt: skip


def warned(valid: pl.DataFrame, table: Table) -> dict[str, int]:
    """Return how many rows break each rule that only warns; none that is kept."""
    found = {}
    for rule in table.rules:
        expression = rule_expression(rule, table) if rule.severity == "warning" else None
        if expression is not None:
            found[rule.id] = valid.filter(~expression.fill_null(value=True)).height
    return {name: n for name, n in found.items() if n}


def notes_on(broken: Mapping[str, int], table: Table) -> tuple[Note, ...]:
    """Return what is told of rules that only warn.

    Args:
        broken: What ``warned`` found.
        table: The contract's table.
    """
    return tuple(
        Note(
            f"rule:{rule.id}",
            f"{counted_nb(broken[rule.id], 'rad', 'rader')}: {rule.description_nb}",
        )
        for rule in table.rules
        if rule.id in broken
    )
