"""Wide rows made long: each group of file columns gives the row once more, with its constants.

How a cell is read is in ``mapping``; faulty cells are found in ``cell_faults``.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from pipelines.contracts.shapes import Column, Table
from pipelines.ingest.cell_faults import faults_of
from pipelines.ingest.columns import MeltedRow
from pipelines.ingest.dates import parse_dates
from pipelines.ingest.mapping import ReadContext, constant_column, read_column, refine
from pipelines.ingest.numbers import Parsed
from pipelines.ingest.shapes import Sheet
from pipelines.municipality.feeds import ColumnMapping

_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\.0+)?\s*")


class Melted(NamedTuple):
    """A contract column of the long rows, with the file column each of its cells came from."""

    column: Column
    parsed: Parsed
    headers: pl.Series


@dataclass(frozen=True)
class Melting:
    """What wide rows are made long with.

    Attributes:
        sheet: The file's rows.
        table: The contract's table.
        groups: The file columns of each long row and its constants.
        year_header: The file column with the year of its months, where they do not say it.
        ctx: What reading a column needs to know.
    """

    sheet: Sheet
    table: Table
    groups: tuple[MeltedRow, ...]
    year_header: str | None
    ctx: ReadContext

    def rows(self, base: pl.DataFrame) -> pl.DataFrame:
        """Return ``base`` once per group with the group's constants."""
        return pl.concat(
            base.with_columns(
                self._constant(value, self.table.column(name), base.height)
                for name, value in group.constants.items()
            )
            for group in self.groups
        )

    def _constant(self, value: object, column: Column, height: int) -> pl.Series:
        if self.year_header is None or column.logical_type != "date":
            return constant_column(value, column, height, self.ctx.year).alias(column.name)
        return month_of_years(value, self.sheet.rows[self.year_header]).alias(column.name)

    def columns(self) -> list[Melted]:
        """Return the melted columns of the long rows, in the order of ``rows``."""
        names = dict.fromkeys(name for group in self.groups for name in group.headers)
        return [self._column(name) for name in names]

    def _column(self, name: str) -> Melted:
        column = self.table.column(name)
        mapping = self.ctx.feed.columns.get(name, ColumnMapping())
        headers = [group.headers.get(name) for group in self.groups]
        faults = pl.concat(self._faults(header, mapping) for header in headers)
        text = without(pl.concat(self._cells(header) for header in headers), faults)
        parsed = read_column(refine(text, mapping), mapping, column, self.ctx)
        height = self.sheet.rows.height
        shown = pl.concat(
            pl.repeat(header or name, height, dtype=pl.String, eager=True) for header in headers
        )
        return Melted(column, with_faults(parsed, faults), shown)

    def _cells(self, header: str | None) -> pl.Series:
        return self._nothing() if header is None else self.sheet.rows[header].alias("")

    def _faults(self, header: str | None, mapping: ColumnMapping) -> pl.Series:
        faults = faults_of(self.sheet, (header,), mapping) if header else None
        return self._nothing() if faults is None else faults.alias("")

    def _nothing(self) -> pl.Series:
        return pl.repeat(None, self.sheet.rows.height, dtype=pl.String, eager=True).alias("")


def month_of_years(month: object, years: pl.Series) -> pl.Series:
    """Return a month in the year of each row (Date), null where the row's year is none.

    Args:
        month: The month as it is configured, ``januar`` or ``1``.
        years: What stands in the column of years (String); a spreadsheet's 2024.0 is 2024.
    """
    text = pl.Series([str(month)], dtype=pl.String)
    told = {
        year: parse_dates(text, year=int(found[1])).values[0]
        for year in years.unique().drop_nulls()
        if (found := _YEAR.fullmatch(year))
    }
    return years.replace_strict(told, default=None, return_dtype=pl.Date)


def without(text: pl.Series, faults: pl.Series | None) -> pl.Series:
    """Return a column's text with faulty cells empty, so that they say nothing about the others."""
    if faults is None:
        return text
    return pl.select(pl.when(faults.is_null()).then(text)).to_series()


def with_faults(parsed: Parsed, faults: pl.Series | None) -> Parsed:
    """Return a column in which cells that a spreadsheet calls faulty are bad and have no value."""
    if faults is None:
        return parsed
    is_faulty = faults.is_not_null()
    values = pl.select(pl.when(~is_faulty).then(parsed.values)).to_series()
    why = faults if parsed.why is None else pl.select(pl.coalesce(faults, parsed.why)).to_series()
    return Parsed(values, parsed.bad | is_faulty, why)


def has_value(melted: list[Melted]) -> pl.Series:
    """Return which long rows hold anything in a melted column; the others were never there."""
    held = [part.parsed.values.is_not_null() | part.parsed.bad for part in melted]
    return pl.select(pl.any_horizontal(held)).to_series()
