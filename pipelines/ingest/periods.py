"""Which period a delivery, and each of its rows, belongs to; corrections replace by period.

A register, a file of everything that is, also tells of a day.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.columns import yaml_place
from pipelines.ingest.dates import parse_date
from pipelines.municipality.feeds import ColumnPeriod, Feed, FileNamePeriod, WholePeriod, YearPeriod
from pipelines.words.messages import say

ALL = "all"
_TWO_DIGITS = 2
_CENTURY = 2000
_NAMED_DAY = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-_. ]?(?P<month>0[1-9]|1[0-2])(?:[-_. ]?(?P<day>[0-3]\d))?(?!\d)"
)
"""A day or a month in a file's name: 2024-03, 202403, 20240331, 2024_03_31."""


@dataclass(frozen=True)
class FilePeriod:
    """What a file's name says about its period; both null when it says nothing."""

    year: int | None = None
    month: int | None = None

    @property
    def label(self) -> str:
        """``YYYY-MM``, or ``YYYY-00`` for a whole year."""
        return f"{self.year:04d}-{self.month or 0:02d}"

    def value_for(self, column: str) -> int | date | None:
        """Return the value of a column the feed leaves to the file's name."""
        if self.year is None:
            return None
        month = date(self.year, self.month, 1) if self.month else None
        return {"year": self.year, "period": self.month, "month": month}.get(column)


def file_period(feed: Feed, file_name: str) -> FilePeriod:
    """Return the period in a file's name; empty when the feed does not look there.

    Raises:
        DeliveryRejectedError: ``period`` when the name does not match the feed's pattern.
    """
    if not isinstance(feed.period, FileNamePeriod):
        return FilePeriod()
    hit = re.search(feed.period.pattern, file_name)
    groups = hit.groupdict() if hit else {}
    year, month = groups.get("year") or "", groups.get("month")
    number = int(month) if month and month.isdigit() else None
    if month and number is None:
        span = parse_date(f"{month} 2000")
        number = span[0].month if span else -1
    if not year.isdigit() or (number is not None and number not in range(1, 13)):
        raise DeliveryRejectedError(
            "period",
            say("ingest.periods.name_says_no_period"),
            way_out=say("ingest.periods.name_that_fits", feed=yaml_place(feed, "period.pattern")),
        )
    return FilePeriod(int(year) + (_CENTURY if len(year) == _TWO_DIGITS else 0), number)


def register_date(feed: Feed, file_name: str, received_on: date) -> date | None:
    """Return the day a register tells of; None when the feed's files are no registers.

    A file of everything tells of the day or the end of the month in its name, else of the day it
    came; a file of a month tells of the month's end. Never of a day after it came.

    Args:
        feed: The feed.
        file_name: The file's name, without folders.
        received_on: The day the content first came.
    """
    if isinstance(feed.period, FileNamePeriod):
        period = file_period(feed, file_name)
        named = _end_of(period.year, period.month) if period.year else None
    elif isinstance(feed.period, WholePeriod):
        named = _named_day(file_name)
    else:
        return None
    return min(named or received_on, received_on)


def content_id(feed: Feed, file_name: str, sha256: str) -> str:
    """Return what makes two files the same delivery: their bytes, and what their names say of when.

    A month in which nothing happened has the bytes of the month before, and is a month of its own.

    Args:
        feed: The feed.
        file_name: The file's name, without folders.
        sha256: Hash of the bytes.
    """
    said = ""
    if isinstance(feed.period, FileNamePeriod):
        try:
            said = file_period(feed, file_name).label
        except DeliveryRejectedError:
            said = "?"  # a name that is mended makes another delivery
    elif isinstance(feed.period, WholePeriod):
        said = str(_named_day(file_name) or "")
    return f"{sha256}:{said}" if said else sha256


def _named_day(file_name: str) -> date | None:
    hits = [hit.groupdict() for hit in _NAMED_DAY.finditer(file_name)]
    if len(hits) != 1:  # two of them are a span, not a day
        return None
    year, month, day = (int(hits[0][part] or 0) for part in ("year", "month", "day"))
    last = _end_of(year, month)
    return last.replace(day=day) if day in range(1, last.day) else last


def _end_of(year: int, month: int | None) -> date:
    number = month or 12
    return date(year, number, monthrange(year, number)[1])


def with_period(rows: pl.DataFrame, feed: Feed, period: FilePeriod) -> pl.DataFrame:
    """Return the rows with ``period_ym`` (String; null when the row's own date is missing).

    Args:
        rows: Rows with the contract's columns.
        feed: The feed, which says where the period comes from.
        period: What the file's name says.
    """
    source = feed.period
    if isinstance(source, ColumnPeriod):
        label = pl.col(source.column).dt.strftime("%Y-%m")
    elif isinstance(source, YearPeriod):
        year = pl.col("year").cast(pl.String).str.zfill(4)
        month = pl.col("period").fill_null(0).cast(pl.String).str.zfill(2)
        label = pl.concat_str(year, month, separator="-")
    elif isinstance(source, FileNamePeriod):
        label = pl.lit(period.label)
    else:
        label = pl.lit(ALL)
    return rows.with_columns(label.alias("period_ym"))
