"""When each feed is expected again, by its own rhythm and the calendar; one that is late is missed.

A feed is held against itself alone, so that it is missed also when every feed stops, and no limit
has to be set for it. A feed whose rhythm is not known yet is missed by nobody.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Literal

import duckdb

from pipelines.settings import DBT_DIR

State = Literal["on_time", "missing", "unknown"]
_ENOUGH = 3
"""So many arrivals, or months, before there is a rhythm."""
_LEAST_SLACK_DAYS = 3
_SLACK_SHARE = 0.25
_LONGEST_LAG_DAYS = 92
"""A file later than this after its month tells of history that was loaded, not of a rhythm."""
_YEAR_DAYS = 365
_SATURDAY = 5
_MONTHS = 12
_ARRIVED = ("loaded", "held", "superseded")


@dataclass(frozen=True)
class Arrival:
    """A day on which a feed brought something, and the last month it told of.

    Attributes:
        day: The day it came.
        last_month: The first day of that month; None for a register.
    """

    day: date
    last_month: date | None


@dataclass(frozen=True)
class FeedState:
    """A feed held against its own rhythm.

    Attributes:
        feed_id: The feed.
        source: ``contract.table``.
        last: The day it last brought something; None when it never did.
        step_days: Days from one arrival to the next, as it has been.
        due: The day by which the next is expected; None while the rhythm is not known.
        state: Whether it is on time today.
    """

    feed_id: str
    source: str
    last: date | None
    step_days: int | None
    due: date | None
    state: State


def feed_states(
    con: duckdb.DuckDBPyConnection, feeds: Sequence[tuple[str, str]], today: date, calendar: str
) -> list[FeedState]:
    """Return every feed with when it is expected again.

    Args:
        con: The working warehouse.
        feeds: Feed and ``contract.table``, as the municipality's set-up has them.
        today: The day it is asked.
        calendar: The municipality's working calendar; ``norway`` waits for the next working day.
    """
    free = holidays() if calendar == "norway" else None
    return [_state(feed, source, _arrivals(con, feed), today, free) for feed, source in feeds]


@cache
def holidays() -> frozenset[date]:
    """Return the public holidays, from the same list the figures are computed with."""
    with (DBT_DIR / "seeds" / "holidays_no.csv").open(encoding="utf-8") as file:
        return frozenset(date.fromisoformat(row["date_day"]) for row in csv.DictReader(file))


def expected(
    arrivals: Sequence[Arrival], free: Collection[date] | None
) -> tuple[int, date] | tuple[None, None]:
    """Return the rhythm in days and the day the next is due; none while it is not known.

    Args:
        arrivals: Days in order, each once.
        free: Holidays on which nobody delivers; None when every day is a working day.
    """
    found = _by_days(arrivals) or _by_months(arrivals)
    if found is None:
        return None, None
    step, due = found
    return step, _working_day(_past_quiet_months(due, [each.day for each in arrivals]), free)


def _state(
    feed: str,
    source: str,
    arrivals: Sequence[Arrival],
    today: date,
    free: Collection[date] | None,
) -> FeedState:
    step, due = expected(arrivals, free)
    last = arrivals[-1].day if arrivals else None
    state: State = "unknown" if due is None else "missing" if today > due else "on_time"
    return FeedState(feed, source, last, step, due, state)


def _arrivals(con: duckdb.DuckDBPyConnection, feed: str) -> list[Arrival]:
    rows = con.execute(
        "select cast(received_at as date) as day,"
        " max(list_max(string_split(periods, ','))) as last_period from ops.deliveries"
        " where feed_id = ? and status in (select unnest(?)) group by day order by day",
        [feed, list(_ARRIVED)],
    ).fetchall()
    return [Arrival(day, _month(last)) for day, last in rows]


def _month(period: str | None) -> date | None:
    year, _, month = (period or "").partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        return None
    # accounts have a period before January (opening balance) and one after December (closing)
    return date(int(year), min(max(int(month), 1), _MONTHS), 1)


def _by_days(arrivals: Sequence[Arrival]) -> tuple[int, date] | None:
    """By the days it came on: the usual gap, and as much more as it has been late before."""
    days = [each.day for each in arrivals]
    if len(days) < _ENOUGH:
        return None
    gaps = sorted((later - sooner).days for sooner, later in pairwise(days))
    step = round(median(gaps))
    seldom = gaps[min(len(gaps) - 1, int(0.9 * len(gaps)))]
    slack = max(_LEAST_SLACK_DAYS, round(step * _SLACK_SHARE), min(seldom - step, step))
    return step, days[-1] + timedelta(days=step + slack)


def _by_months(arrivals: Sequence[Arrival]) -> tuple[int, date] | None:
    """By the months it told of, while it has come on few days: as long after its month as last."""
    last = arrivals[-1] if arrivals else None
    if last is None or last.last_month is None:
        return None
    lag = (last.day - _next_month(last.last_month)).days
    if not 0 <= lag <= _LONGEST_LAG_DAYS:
        return None
    due = _next_month(_next_month(last.last_month)) + timedelta(days=lag)
    return 30, due + timedelta(days=max(_LEAST_SLACK_DAYS, round(30 * _SLACK_SHARE)))


def _next_month(month: date) -> date:
    return date(month.year + month.month // _MONTHS, month.month % _MONTHS + 1, 1)


def _past_quiet_months(due: date, days: Sequence[date]) -> date:
    """Move a day out of the calendar months in which the feed has never come, year after year."""
    if (days[-1] - days[0]).days < _YEAR_DAYS:
        return due
    busy = {day.month for day in days}
    while due.month not in busy:
        due = _next_month(due) + timedelta(days=min(due.day, 28) - 1)
    return due


def _working_day(day: date, free: Collection[date] | None) -> date:
    while free is not None and (day.weekday() >= _SATURDAY or day in free):
        day += timedelta(days=1)
    return day


def missing(states: Sequence[FeedState]) -> Iterator[FeedState]:
    """Yield those that are late, the latest first."""
    late = [each for each in states if each.state == "missing" and each.due is not None]
    yield from sorted(late, key=lambda each: (str(each.due), each.feed_id))
