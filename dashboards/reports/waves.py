"""The waves of a roll-out in time: who has begun, from when to when, and what is planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.context import Context

Row = dict[str, Any]
_COLUMNS = ("unit_id", "wave", "planned_date", "start_date", "introduction_end_date")


@dataclass(frozen=True)
class Span:
    """From a date to a date."""

    first: date
    last: date


@dataclass(frozen=True)
class Wave:
    """One wave.

    Attributes:
        number: Its number; ``None`` for rounds that are in none.
        n_units: How many units.
        n_begun: How many of them have begun.
        held: From the first start to the last course day; ``None`` before anybody began.
        planned: The planned dates of those that have not begun; ``None`` without a date.
    """

    number: int | None
    n_units: int
    n_begun: int
    held: Span | None
    planned: Span | None


def waves(context: Context) -> tuple[Wave, ...]:
    """Return the waves in the order they begin, those without a date last."""
    rows = context.rows("mart_cycles", _COLUMNS, order_by=("wave", "unit_id"))
    found = [
        _wave(number, [row for row in rows if row["wave"] == number])
        for number in dict.fromkeys(row["wave"] for row in rows)
    ]
    return tuple(sorted(found, key=lambda wave: (_begins(wave), wave.number or 0)))


def years(found: Sequence[Wave]) -> range:
    """Return the years the timeline spans; none without a date."""
    spans = [span for wave in found for span in (wave.held, wave.planned) if span]
    if not spans:
        return range(0)
    return range(min(span.first for span in spans).year, max(span.last for span in spans).year + 1)


def _wave(number: int | None, rows: Sequence[Row]) -> Wave:
    begun = [row for row in rows if row["start_date"]]
    ends = [
        day for row in begun for day in (row["start_date"], row["introduction_end_date"]) if day
    ]
    ahead = [row["planned_date"] for row in rows if not row["start_date"] and row["planned_date"]]
    return Wave(
        number,
        len({row["unit_id"] for row in rows}),
        len({row["unit_id"] for row in begun}),
        _span(ends),
        _span(ahead),
    )


def _span(days: Iterable[date]) -> Span | None:
    known = sorted(days)
    return Span(known[0], known[-1]) if known else None


def _begins(wave: Wave) -> date:
    first = wave.held or wave.planned
    return first.first if first else date.max
