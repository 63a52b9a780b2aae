"""What a tried file's figures come to before and after, and which codes nothing knows.

SumsTold and counts alone: which rows were set aside is told beside it, in ``trial``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.contracts.shapes import Table
from pipelines.desk.trial_told import SumsTold
from pipelines.ingest.columns import resolve_columns
from pipelines.ingest.found import SECRET
from pipelines.ingest.mapping import constant_column
from pipelines.ingest.melting import month_of_years
from pipelines.ingest.shapes import SOURCE_ROW
from pipelines.ingest.value_columns import read_figures, value_columns
from pipelines.ingest.weighing import Content
from pipelines.municipality.feeds import Feed

_CODE_RULES = frozenset({"enum", "kostra_code", "pattern"})


@dataclass(frozen=True)
class UnknownCode:
    """A code that nothing knows.

    Attributes:
        column_name: The contract's column.
        found_nb: What stands in the file; None where it may not be told.
        n_rows: In how many rows.
        first_row: The first of them.
    """

    column_name: str
    found_nb: str | None
    n_rows: int
    first_row: int


def sums_of(content: Content, feed: Feed, table: Table) -> tuple[SumsTold, ...]:
    """Return every column of figures before and after; those about single persons are left out.

    Args:
        content: The file and the fates of its rows.
        feed: Which file columns feed which.
        table: The contract's table.
    """
    sheet = content.sheet
    names = [name for name in sheet.rows.columns if name != SOURCE_ROW]
    columns = {column.header: column for column in value_columns(feed, names, names)}
    figures = read_figures(sheet.rows, list(columns.values()), typed=sheet.typed)
    found = []
    for header, name, constants in _fed(content, feed, table):
        column = columns.get(header)
        if column is None or table.column(name).classification in SECRET:
            continue
        factor = column.mapping.scale if column.mapping.scale is not None else 1.0
        before = float(figures.values[column.cell].sum() or 0) * factor
        after = _loaded(content.split.valid, name, constants, table, feed)
        found.append(
            SumsTold(
                header,
                name,
                before,
                after,
                before - after,
                _left_out(content, header),
                column.is_additive,
            )
        )
    return tuple(found)


def unknown_codes(quarantine: pl.DataFrame, table: Table) -> tuple[UnknownCode, ...]:
    """Return the codes of units, accounts and kinds that nothing knows, the commonest first.

    Args:
        quarantine: The problems with ``found_nb``.
        table: The contract's table.
    """
    rules = ["unknown_unit", *(rule.id for rule in table.rules if rule.kind in _CODE_RULES)]
    counted = (
        quarantine.filter(pl.col("rule_id").is_in(rules))
        .group_by("column_name", "rule_id", "found_nb")
        .agg(
            pl.col(SOURCE_ROW).n_unique().alias("n_rows"),
            pl.col(SOURCE_ROW).min().alias("first_row"),
        )
        .sort("n_rows", "first_row", descending=[True, False])
    )
    return tuple(
        UnknownCode(
            row["column_name"] or row["rule_id"], row["found_nb"], row["n_rows"], row["first_row"]
        )
        for row in counted.iter_rows(named=True)
    )


def _fed(
    content: Content, feed: Feed, table: Table
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Return each file column that feeds a figure, the contract's column, and its constants."""
    resolved = resolve_columns(feed, table, content.sheet)
    for name, headers in resolved.sources.items():
        if len(headers) == 1:
            yield headers[0], name, {}
    for row in resolved.melted:
        for name, header in row.headers.items():
            yield header, name, row.constants


def _loaded(
    valid: pl.DataFrame, name: str, constants: Mapping[str, Any], table: Table, feed: Feed
) -> float:
    mine = valid
    is_of_years = feed.melt is not None and feed.melt.year_column is not None
    for key, value in constants.items():
        if is_of_years and table.column(key).logical_type == "date":
            # every row has the year of its own
            years = pl.col(key).dt.year().cast(pl.String)
            mine = mine.filter(pl.col(key) == month_of_years(value, mine.select(years)[key]))
            continue
        said = constant_column(value, table.column(key), 1)[0]
        if said is not None:
            mine = mine.filter(pl.col(key) == said)
    return float(mine[name].cast(pl.Float64, strict=False).sum() or 0)


def _left_out(content: Content, header: str) -> float:
    dropped = content.sheet.dropped
    return float(dropped.filter(pl.col("column_name") == header)["amount"].sum() or 0)
