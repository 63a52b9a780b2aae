"""Which columns of a file hold figures that can be added up, and those figures as numbers.

What a contract column measures is read from its name, which ends in its unit. Whether a row is a
total is judged in ``totals``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.ingest.columns import HeaderFinder
from pipelines.ingest.mapping import refine
from pipelines.ingest.measured_in import RATIO_HEADER, RATIOS, SUMS
from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers
from pipelines.municipality.feeds import ColumnMapping, Feed

_COUNT, _MONEY = "n", "nok"
_MAX_DECIMALS = 4


@dataclass(frozen=True)
class ValueColumn:
    """One column of the file that holds figures.

    Attributes:
        cell: Its column in the grid.
        header: Its name in the file.
        is_additive: The figures of a total are the sum of the figures above; not so for
            percentages and means, nor for persons, who may stand in several rows.
        mapping: How its figures are written.
        is_money: Amounts, which may have both signs.
        tolerance: What the feed allows a printed total to differ by; 0 when it says nothing.
    """

    cell: str
    header: str
    is_additive: bool
    mapping: ColumnMapping
    is_money: bool = False
    tolerance: float = 0.0


@dataclass(frozen=True)
class Figures:
    """The figures of every row below the header.

    Attributes:
        columns: What they are.
        values: One Float64 column per value column, named by its cell; null where there is none.
        unreadable: The same shape, Boolean: something stands there that is no number, or a mark for
            a figure that is hidden.
        decimals: Decimals in use per cell name.
        height: Rows.
    """

    columns: tuple[ValueColumn, ...]
    values: pl.DataFrame
    unreadable: pl.DataFrame
    decimals: Mapping[str, int]
    height: int

    @property
    def has_figure(self) -> pl.Series:
        """Boolean per row: a figure stands in some value column."""
        if not self.columns:
            return pl.repeat(value=False, n=self.height, dtype=pl.Boolean, eager=True)
        return self.values.select(pl.any_horizontal(pl.all().is_not_null())).to_series()


def is_value(name: str) -> bool:
    """Return whether a contract column of this name holds figures."""
    words = set(name.split("_"))
    return bool(words & (SUMS | RATIOS)) or name.split("_")[0] == _COUNT


def value_columns(feed: Feed, cells: Sequence[str], names: Sequence[str]) -> list[ValueColumn]:
    """Return the file's columns of figures.

    Args:
        feed: Which file columns feed which contract columns.
        cells: The grid's columns.
        names: Their headers, in the same order.
    """
    finder = HeaderFinder(names)
    by_name = dict(zip(names, cells, strict=True))
    allowed = {finder.find(entry.column): entry.tolerance for entry in feed.reconcile}
    found: dict[str, ValueColumn] = {}
    for contract_name, header, is_additive, mapping in _mapped(feed, finder):
        is_sum = is_additive and not re.search(RATIO_HEADER, header.lower())
        found.setdefault(
            by_name[header],
            ValueColumn(
                by_name[header],
                header,
                is_sum,
                mapping,
                is_money=is_sum and _MONEY in contract_name.split("_"),
                tolerance=allowed.get(header, 0.0),
            ),
        )
    for name, tolerance in allowed.items():
        if name and by_name[name] not in found:
            found[by_name[name]] = ValueColumn(
                by_name[name], name, is_additive=True, mapping=ColumnMapping(), tolerance=tolerance
            )
    return list(found.values())


def read_figures(below: pl.DataFrame, columns: Sequence[ValueColumn], *, typed: bool) -> Figures:
    """Return the figures of the rows below the header.

    Args:
        below: The rows, with the grid's columns.
        columns: The columns of figures.
        typed: The file has real number cells.
    """
    values, unreadable = {}, {}
    for column in columns:
        text = refine(below[column.cell], column.mapping)
        try:
            parsed = parse_numbers(text, column.mapping.number, typed=typed)
        except AmbiguousNumberError:  # the file is refused for it, or nobody reads the column
            values[column.cell] = pl.repeat(None, below.height, dtype=pl.Float64, eager=True)
            unreadable[column.cell] = text.is_not_null()
            continue
        values[column.cell] = parsed.values
        unreadable[column.cell] = parsed.bad | (parsed.values.is_null() & text.is_not_null())
    frame = pl.DataFrame(values)
    return Figures(
        tuple(columns),
        frame,
        pl.DataFrame(unreadable),
        {name: _decimals(frame[name]) for name in frame.columns},
        below.height,
    )


def _mapped(feed: Feed, finder: HeaderFinder) -> Iterator[tuple[str, str, bool, ColumnMapping]]:
    measure = feed.columns.get("measure_id", ColumnMapping()).constant
    for name, mapping in feed.columns.items():
        header = next((h for h in map(finder.find, mapping.column or ()) if h), None)
        if header and is_value(name):
            yield name, header, _adds_up(name, {"measure_id": measure}), mapping
    for group in feed.melt.groups if feed.melt else ():
        for name, title in group.columns.items():
            header = finder.find(title)
            if header and is_value(name):
                said = {"measure_id": measure, **group.constants}
                mapping = feed.columns.get(name, ColumnMapping())
                yield name, header, _adds_up(name, said), mapping


def _adds_up(name: str, constants: Mapping[str, Any]) -> bool:
    words = set(name.split("_")) | set(str(constants.get("measure_id")).split("_"))
    return not words & RATIOS and name.split("_")[0] != _COUNT


def _decimals(values: pl.Series) -> int:
    return next(
        (n for n in range(_MAX_DECIMALS) if ((values - values.round(n)).abs() < _EXACT).all()),
        _MAX_DECIMALS,
    )


_EXACT = 1e-7
