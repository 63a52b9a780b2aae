"""What is decided from a whole column, gathered part by part: how numbers and dates are written.

A part is read as if it were the file. That is right as long as the whole column would have been
read in the same way, and that is seen here. How a column is read is in ``numbers`` and ``dates``.
"""

import polars as pl

from pipelines.contracts.shapes import Column
from pipelines.ingest.clock import seems_utc
from pipelines.ingest.dates import DateColumn, doubts
from pipelines.ingest.large.parts import NotPlainError
from pipelines.ingest.mapping import ReadContext, date_column
from pipelines.ingest.measured_in import is_percentage, percent_factor
from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers, usual_marks
from pipelines.municipality.feeds import ColumnMapping

_MOST_TEXTS = 200_000
"""More different times than this are not kept in memory."""


class ColumnWatch:
    """What the columns of a file have said in the parts that are read."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._marks: dict[str, frozenset[str]] = {}
        self._factors: dict[str, float] = {}
        self._texts: dict[str, set[str]] = {}
        self._dates: dict[str, DateColumn] = {}

    def see(
        self, text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext
    ) -> None:
        """Note a column's texts (String) before they are read.

        Raises:
            NotPlainError: how it is written can only be told from all of it at once.
        """
        if column.logical_type in {"number", "integer"}:
            self._see_marks(text, mapping, column)
            self._see_factor(text, mapping, column)
        elif column.logical_type in {"date", "timestamp"}:
            self._dates[column.name] = date_column(mapping, column, ctx)
            texts = self._texts.setdefault(column.name, set())
            texts.update(text.drop_nulls().unique().to_list())
            if len(texts) > _MOST_TEXTS:
                raise NotPlainError

    def check(self) -> None:
        """Do nothing when every column says the same in all parts as it would have said at once.

        Raises:
            NotPlainError: one does not.
        """
        for name, texts in self._texts.items():
            if doubts(texts, self._dates[name]) or seems_utc(list(texts)):
                raise NotPlainError

    def _see_marks(self, text: pl.Series, mapping: ColumnMapping, column: Column) -> None:
        marks = usual_marks(text, mapping.number)
        if marks is None:
            return
        self._marks[column.name] = self._marks.get(column.name, marks) & marks
        if not self._marks[column.name]:
            raise NotPlainError

    def _see_factor(self, text: pl.Series, mapping: ColumnMapping, column: Column) -> None:
        """Per cent or share of one is seen from the largest figure, which is in one part alone."""
        if mapping.scale is not None or not is_percentage(column) or not text.count():
            return
        try:
            values = parse_numbers(text, mapping.number).values
        except AmbiguousNumberError:
            raise NotPlainError from None
        factor = percent_factor(text, values, column)
        if self._factors.setdefault(column.name, factor) != factor:
            raise NotPlainError
