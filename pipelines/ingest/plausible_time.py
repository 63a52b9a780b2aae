"""Rows whose time cannot be right: after their delivery, or long before the municipality's figures.

How far a column may lie from its delivery is stated by its contract (see
``pipelines.contracts.times``); how a text becomes a date is in ``dates``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from pipelines.contracts.shapes import Column, Table
from pipelines.contracts.times import (
    CALENDAR_LAST,
    PERIOD,
    TIME_KINDS,
    YEAR,
    TimeKind,
    months_after,
    tells_time,
)
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.aside import numbered, set_aside
from pipelines.ingest.assemble import PROBLEM_SCHEMA
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.mapping import shown_name
from pipelines.ingest.periods import FilePeriod
from pipelines.ingest.shapes import SOURCE_ROW
from pipelines.ingest.split import Split
from pipelines.municipality.feeds import ColumnMapping, Feed
from pipelines.words.messages import say

_AHEAD_OF_UTC = timedelta(days=1)
"""In Norway the new month has begun an hour or two before it begins in UTC."""

TIME_RULE = "|time"
"""What the rule of a column's time ends in."""

_DAY = "__day"
_MONTHS = 12
_RESTRICTED = "restricted"


@dataclass(frozen=True)
class Clock:
    """What a row's time is held against.

    Attributes:
        received_on: The day the content first came.
        first_month: The municipality's first month.
    """

    received_on: date
    first_month: date

    def latest(self, kind: TimeKind) -> date | None:
        """Return the last day a time of this kind may begin."""
        if kind.months_ahead is None:
            return None
        return months_after(self.received_on + _AHEAD_OF_UTC, kind.months_ahead)

    def earliest(self, kind: TimeKind) -> date | None:
        """Return the first day a time of this kind may begin."""
        if kind.years_before is None:
            return None
        return months_after(self.first_month, -_MONTHS * kind.years_before)


def set_aside_implausible(result: Split, feed: Feed, table: Table, clock: Clock) -> Split:
    """Return the split with the rows in quarantine whose time cannot be right.

    Args:
        result: The rows as the contract's own rules split them.
        feed: The feed, for the columns' names in the file.
        table: The contract's table, which states what kind of time each column holds.
        clock: What the rows are held against.
    """
    valid = numbered(result)
    found = [
        (rows, _problems(rows, column, feed, reason))
        for column in table.columns
        if column.time and tells_time(column)
        for part, kind in _by_kind(valid, column)
        for rows, reason in _outside(part, column, kind, clock)
    ]
    judged = set_aside(result, found)
    return replace(judged, n_untimely=result.valid.height - judged.valid.height)


def judge_time(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about a delivery of which too much cannot be of its time, at most one.

    A person looks at it instead of its being refused: a wrong year is corrected or withdrawn, and
    until then everything else goes on.

    Args:
        delivered: The delivery.
    """
    found, limit = delivered.split, delivered.feed.max_quarantined_pct
    if found.n_untimely * 100 <= limit * found.n_in:
        return ()
    is_time = found.problems["rule_id"].str.ends_with(TIME_RULE)
    first = found.problems.filter(is_time)["reason_nb"][0]
    return (
        Hold(
            "implausible_time",
            say(
                "ingest.plausible_time.rows_could_not_have_happened",
                n_untimely=found.n_untimely,
                n_in=found.n_in,
                first=first,
            ),
            say("ingest.plausible_time.deliver_fixed_file"),
        ),
    )


def check_file_period(period: FilePeriod, table: Table, clock: Clock) -> None:
    """Do nothing when the period in a file's name can be right, or is judged in the rows.

    A register of the month to come is ordinary; one of a later month would hide all that follow.

    Raises:
        DeliveryRejectedError: ``period``.
    """
    if period.year is None or {YEAR, "month"} & set(table.column_names):
        return
    begins = date(period.year, period.month or 1, 1)
    latest = months_after(clock.received_on + _AHEAD_OF_UTC, 1)
    earliest = clock.earliest(TIME_KINDS["measured"]) or begins
    if earliest <= begins <= latest:
        return
    why = (
        say(
            "ingest.plausible_time.name_after_receipt",
            label=period.label,
            received_on=_nb(clock.received_on),
        )
        if begins > latest
        else say(
            "ingest.plausible_time.name_before_first_month",
            label=period.label,
            first_month=clock.first_month,
        )
    )
    raise DeliveryRejectedError(
        "period",
        why,
        where="filnavnet",
        way_out=say("ingest.plausible_time.name_the_month"),
    )


def _by_kind(valid: pl.DataFrame, column: Column) -> Iterator[tuple[pl.DataFrame, TimeKind]]:
    """Return the rows of each kind of time with ``__day``, the first day of what they tell of."""
    day = pl.col(column.name).cast(pl.Date)
    if column.name == YEAR:
        month = pl.lit(1)
        if PERIOD in valid.columns:
            month = pl.col(PERIOD).fill_null(1).clip(1, _MONTHS)
        day = pl.date(pl.col(YEAR), month, 1)
    rows = valid.with_columns(day.alias(_DAY)).filter(pl.col(_DAY).is_not_null())
    is_plan = pl.lit(value=False)
    for name, values in column.planned_when:
        is_plan |= pl.col(name).is_in(list(values)).fill_null(value=False)
    yield rows.filter(~is_plan), TIME_KINDS[column.time]
    if column.planned_when:
        yield rows.filter(is_plan), TIME_KINDS["planned"]


def _outside(
    rows: pl.DataFrame, column: Column, kind: TimeKind, clock: Clock
) -> Iterator[tuple[pl.DataFrame, str]]:
    latest, earliest = clock.latest(kind), clock.earliest(kind)
    received = _nb(clock.received_on)
    if latest is not None:
        later = rows.filter(pl.col(_DAY) > latest)
        how = (
            say("ingest.plausible_time.months_ahead", months_ahead=kind.months_ahead)
            if kind.months_ahead
            else ""
        )
        if later.height:
            yield later, say("ingest.plausible_time.after_delivery", how=how, received=received)
        if kind.months_ahead == 0 and latest > CALENDAR_LAST:
            beyond = rows.filter(pl.col(_DAY).is_between(CALENDAR_LAST, latest, closed="right"))
            if beyond.height:
                yield (
                    beyond,
                    say("ingest.plausible_time.after_calendar", calendar_last=_nb(CALENDAR_LAST)),
                )
    if earliest is not None:
        before = rows.filter(pl.col(_DAY) < earliest)
        if before.height:
            yield (
                before,
                say(
                    "ingest.plausible_time.before_first_month",
                    years_before=kind.years_before,
                    first_month=clock.first_month,
                    business_name=column.business_name.casefold(),
                ),
            )


def _problems(rows: pl.DataFrame, column: Column, feed: Feed, reason: str) -> pl.DataFrame:
    mapping = feed.columns.get(column.name)
    name = shown_name(mapping or ColumnMapping(), column)
    found = _found(rows, column)
    texts = [
        say("ingest.plausible_time.row_refused", row=row, name=name, text=text, reason=reason)
        for row, text in zip(rows[SOURCE_ROW], found, strict=True)
    ]
    return pl.DataFrame(
        {
            SOURCE_ROW: rows[SOURCE_ROW],
            "column_name": [column.name] * rows.height,
            "rule_id": [f"{column.name}{TIME_RULE}"] * rows.height,
            "reason_nb": texts,
        },
        schema=PROBLEM_SCHEMA,
    ).unique(maintain_order=True)


def _found(rows: pl.DataFrame, column: Column) -> list[str]:
    """Return what was found; of a person's own date the year alone."""
    if column.name == YEAR:
        year = pl.col(YEAR).cast(pl.String)
        if PERIOD not in rows.columns:
            return rows.select(year).to_series().to_list()
        label = pl.concat_str(
            year, pl.lit("-") + pl.col(PERIOD).cast(pl.String).str.zfill(2), ignore_nulls=True
        )
        return rows.select(label).to_series().to_list()
    if column.classification == _RESTRICTED:
        return [f"{day.year}" for day in rows[_DAY]]
    return [_nb(day) for day in rows[_DAY]]


def _nb(day: date) -> str:
    return f"{day:%d.%m.%Y}"
