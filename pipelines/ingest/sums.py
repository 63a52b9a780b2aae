"""Sums of a file's rows over stretches and groups, to compare what a totals row prints with.

A row that might be a total counts as data or not while it is judged; who judges is ``totals``.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from pipelines.ingest.value_columns import Figures

_ROUNDING = 0.5
_MOST_OF_ROWS = 0.001
_FLOAT_NOISE = 1e-9
_LEAST = 1e-6


class Part(NamedTuple):
    """One column over some rows.

    Attributes:
        total: Sum of the figures.
        size: Sum of their absolute values.
        n: Figures that are not zero.
        n_unreadable: Cells that hold something that is no number.
    """

    total: float = 0.0
    size: float = 0.0
    n: int = 0
    n_unreadable: int = 0

    def plus(self, other: "Part", sign: int = 1) -> "Part":
        """Return the sum of two parts, or their difference with ``sign`` -1."""
        return Part(
            self.total + sign * other.total,
            self.size + sign * other.size,
            self.n + sign * other.n,
            self.n_unreadable + sign * other.n_unreadable,
        )

    def allows(self, printed: float, decimals: int | None, tolerance: float) -> bool:
        """Return whether a printed figure is this sum, give or take the rounding of the rows.

        Args:
            printed: The figure.
            decimals: Decimals in use in the column; None when the figure must agree exactly.
            tolerance: What the feed allows.

        Every row may be rounded by half of the last decimal in use, and such errors grow with the
        square root of the rows; so much is allowed, but never more than one in a thousand of what
        was added up, so small whole numbers must agree exactly.
        """
        noise = _LEAST + _FLOAT_NOISE * self.size
        if decimals is None:
            return abs(self.total - printed) <= max(noise, tolerance)
        unit = math.pow(10, -decimals)
        printed_whole = decimals > 0 and abs(printed - round(printed)) < _LEAST
        coarse = _ROUNDING if printed_whole else 0.0
        rounding = _ROUNDING * unit * math.sqrt(max(self.n, 1)) + coarse
        allowed = max(min(rounding, _MOST_OF_ROWS * self.size), noise, tolerance)
        return abs(self.total - printed) <= allowed


class Sums:
    """Running sums of the plain data rows at the positions that matter, one list per column."""

    def __init__(self, figures: Figures, is_data: pl.Series, positions: Iterable[int]) -> None:
        """Add up the plain rows once.

        Args:
            figures: The figures of every row below the header.
            is_data: Boolean per row: certainly data.
            positions: Where stretches may begin or end; row numbers from 0 to the height.
        """
        self.cells = [column.cell for column in figures.columns]
        self._figures = figures
        self._is_data = is_data
        height = is_data.len()
        self._at = sorted({0, height, *positions})
        self._rank = {position: i for i, position in enumerate(self._at)}
        self._running = {cell: self._run(cell) for cell in self.cells}

    def between(self, cell: str, first: int, end: int) -> Part:
        """Return the plain rows from ``first`` up to, but not with, ``end``."""
        running = self._running[cell]
        return running[self._rank[end]].plus(running[self._rank[first]], -1)

    def by_group(self, keys: pl.Series) -> dict[str, dict[str, Part]]:
        """Return for every value of a key column each column's plain rows with that value."""
        frame = pl.DataFrame({"key": keys}).with_columns(
            column
            for cell in self.cells
            for column in _measures(self._figures, cell, self._is_data)
        )
        grouped = frame.filter(pl.col("key").is_not_null()).group_by("key").agg(pl.all().sum())
        return {
            row["key"]: {
                cell: Part(*(row[f"{cell}:{name}"] for name in Part._fields)) for cell in self.cells
            }
            for row in grouped.iter_rows(named=True)
        }

    def _run(self, cell: str) -> list[Part]:
        before = [position - 1 for position in self._at if position > 0]
        frame = pl.DataFrame(_measures(self._figures, cell, self._is_data)).select(
            pl.all().cum_sum().gather(before)
        )
        return [Part(), *(Part(*row) for row in frame.rows())]


class Doubtful:
    """The rows that may be totals, and what those of them that are data add to a stretch."""

    def __init__(self, rows: Sequence[int], parts: dict[str, list[Part]]) -> None:
        """Begin with no row as data.

        Args:
            rows: Their row numbers, rising.
            parts: Per column their own figures.
        """
        self._rows = rows
        self._parts = parts
        self._running = {cell: [Part()] * (len(rows) + 1) for cell in parts}

    def between(self, cell: str, first: int, end: int) -> Part:
        """Return those that are data from ``first`` up to, but not with, ``end``."""
        running = self._running[cell]
        return running[bisect_left(self._rows, end)].plus(
            running[bisect_left(self._rows, first)], -1
        )

    def settle(self, index: int, *, is_data: bool) -> None:
        """Bring the running sums past one row; called in order of the rows."""
        for cell, running in self._running.items():
            own = self._parts[cell][index] if is_data else Part()
            running[index + 1] = running[index].plus(own)


def _measures(figures: Figures, cell: str, is_data: pl.Series) -> list[pl.Series]:
    value = pl.when(pl.lit(is_data)).then(pl.lit(figures.values[cell])).fill_null(0.0)
    bad = pl.lit(is_data) & pl.lit(figures.unreadable[cell])
    frame = pl.select(
        value.alias(f"{cell}:total"),
        value.abs().alias(f"{cell}:size"),
        (value != 0).cast(pl.Int64).alias(f"{cell}:n"),
        bad.fill_null(value=False).cast(pl.Int64).alias(f"{cell}:n_unreadable"),
    )
    return frame.get_columns()
