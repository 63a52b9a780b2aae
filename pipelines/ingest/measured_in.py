"""What a column's figures are measured in, and cells that are measured in something else.

A contract column's name ends in its unit. Per cent and share of one are told apart by the whole
column, never by the cell; a cell that can be read in two ways is set aside with both readings.
"""

import re

import polars as pl

from pipelines.contracts.shapes import Column
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.columns import yaml_place
from pipelines.municipality.feeds import ColumnMapping, Feed
from pipelines.words.messages import say

SUMS = frozenset({"nok", "days", "fte", "hours", "value"})
RATIOS = frozenset({"pct", "share", "mean", "rate", "grade", "target", "median", "index"})
RATIO_HEADER = r"%|\b(?:prosent|pst|pct|andel|snitt|gj\.? ?snitt|gjennomsnitt|rate|indeks)"
"""A header that tells of a ratio, in small letters."""

_WORDS = {
    "nok": "kroner",
    "days": "dagsverk",
    "fte": say("ingest.measured_in.full_time_equivalents"),
    "hours": "timer",
    "value": say("ingest.measured_in.sum_or_count"),
}
_PERCENT_HEADER = r"%|\b(?:prosent|pst|pct|andel)"
_SIGN = "%"
_HUNDRED = 100.0
_LEAST_SHARE = 0.05
"""Less than this is next to nothing in either reading, as the hourly paid are often entered."""

_MOST = 0.2
"""When more than this share of a column's cells are of the lesser kind, the column is refused."""


def percent_factor(text: pl.Series, values: pl.Series, column: Column) -> float:
    """Return 100 when a percentage column holds shares throughout (0,8 for 80 per cent).

    Args:
        text: The cells.
        values: The same as Float64.
        column: The contract's column.
    """
    top = values.max()
    is_share = isinstance(top, float) and 0 < top <= 1 and not _is_signed(text).any()
    return _HUNDRED if is_percentage(column) and is_share else 1.0


def other_unit(
    text: pl.Series, values: pl.Series, mapping: ColumnMapping, column: Column, feed: Feed
) -> pl.Series | None:
    """Return, for each cell, why it is measured in something else than its column; null if not.

    Args:
        text: The cells, named as their column in the file.
        values: The same as Float64, before any scale.
        mapping: How the column is read; a given ``scale`` says what its figures are.
        column: The contract's column.
        feed: The feed, for messages.

    Raises:
        DeliveryRejectedError: ``mixed_units`` when the column holds about as much of one kind as
            of the other, or when its header says that all of it is per cent.
    """
    if mapping.scale is not None:
        return None
    if is_percentage(column):
        return _share_among_percents(text, values, column, feed)
    unit = unit_of(column)
    if unit is None or (mapping.number is not None and mapping.number.percent):
        return None
    _refuse_percent_header(text.name, column, feed, unit)
    why = say("ingest.measured_in.percent_where_other_unit", unit=unit)
    return _told(_is_signed(text), why)


def is_percentage(column: Column) -> bool:
    """Return whether a column holds per cent of a whole."""
    return column.name.endswith("_pct") and column.maximum == _HUNDRED


def unit_of(column: Column) -> str | None:
    """Return what a column of sums is measured in, in bokmål; None for other columns."""
    words = column.name.split("_")
    found = SUMS & set(words)
    return None if not found or RATIOS & set(words) else _WORDS[min(found)]


def _share_among_percents(
    text: pl.Series, values: pl.Series, column: Column, feed: Feed
) -> pl.Series | None:
    is_signed = _is_signed(text)
    is_small = ((values >= _LEAST_SHARE) & (values <= 1) & ~is_signed).fill_null(value=False)
    if not ((values < 1) & is_small).any():
        return None  # 1 alone is how the hourly paid are entered
    n_small, n_percent = int(is_small.sum()), int(((values > 1) | is_signed).sum())
    if not n_small or not n_percent:
        return None
    place = yaml_place(feed, f"columns.{column.name}.scale")
    readings = say("ingest.measured_in.percent_or_share")
    if n_small > _MOST * (n_small + n_percent):
        raise DeliveryRejectedError(
            "mixed_units",
            say(
                "ingest.measured_in.percents_and_shares",
                business_name=column.business_name,
                n_small=n_small,
                n_percent=n_percent,
                readings=readings,
            ),
            where=say("ingest.measured_in.whole_column"),
            way_out=say("ingest.measured_in.export_percent_or_set_scale", place=place),
        )
    return _told(
        is_small, say("ingest.measured_in.fix_or_set_scale", readings=readings, place=place)
    )


def _refuse_percent_header(header: str, column: Column, feed: Feed, unit: str) -> None:
    if re.search(_PERCENT_HEADER, header.lower()):
        raise DeliveryRejectedError(
            "mixed_units",
            say("ingest.measured_in.header_is_percent", header=header, name=column.name, unit=unit),
            where="overskriften",
            way_out=say(
                "ingest.measured_in.map_other_column",
                unit=unit,
                feed=yaml_place(feed, f"columns.{column.name}"),
            ),
        )


def _is_signed(text: pl.Series) -> pl.Series:
    return text.str.contains(_SIGN, literal=True).fill_null(value=False)


def _told(is_other: pl.Series, why: str) -> pl.Series | None:
    if not is_other.any():
        return None
    return pl.select(
        pl.when(is_other).then(pl.lit(why)).otherwise(None).cast(pl.String)
    ).to_series()
