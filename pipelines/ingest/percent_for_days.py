"""Sick days that are per cent from the very first month: they do not follow the units' size.

Later on the feed's own history tells (``value_level``), and a sign or a header tells at once
(``measured_in``). Lost days grow with the agreed days; a percentage does not.
"""

import math
from collections.abc import Sequence
from statistics import linear_regression, stdev, variance

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

CODE = "percent_for_days"
_JUDGED = ("sick_leave", "unit_months")
_LEAST_UNITS = 8
_LEAST_SPREAD = 0.5
"""Standard deviation of the logarithm of agreed days: the largest unit is some four times the
smallest."""

_PER_CENT = (0.5, 40.0)
_FLAT = 0.3
_CERTAIN = 0.7
"""Twice the standard error above the slope must be less: lost days have a slope near one."""


def percent_for_days(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about sick days of one size in units of every size, at most one.

    Args:
        delivered: A delivery of any table; only ready sums of sick leave are judged.
    """
    if (delivered.contract.id, delivered.table.name) != _JUDGED:
        return ()
    units = delivered.taken(
        delivered.rows.group_by("unit_id").agg(
            pl.col("sick_days").mean(), pl.col("agreed_days").mean()
        )
    ).filter((pl.col("sick_days") > 0) & (pl.col("agreed_days") > 0))
    if units.height < _LEAST_UNITS or not units["sick_days"].is_between(*_PER_CENT).all():
        return ()
    agreed, lost = units["agreed_days"].to_list(), units["sick_days"].to_list()
    slope, error = _slope(agreed, lost)
    if not (slope < _FLAT and slope + 2 * error < _CERTAIN):
        return ()
    return (
        Hold(
            CODE,
            say(
                "ingest.percent_for_days.days_do_not_follow_size",
                lost=_span(lost),
                agreed=_span(agreed),
            ),
            say("ingest.percent_for_days.deliver_days"),
        ),
    )


def _slope(agreed: Sequence[float], lost: Sequence[float]) -> tuple[float, float]:
    """Return the least-squares slope of the logarithms, and its standard error.

    Both are infinite where the units are of one size.
    """
    x, y = [math.log(v) for v in agreed], [math.log(v) for v in lost]
    if stdev(x) < _LEAST_SPREAD:
        return math.inf, math.inf
    slope, intercept = linear_regression(x, y)
    left = math.fsum((b - intercept - slope * a) ** 2 for a, b in zip(x, y, strict=True))
    return slope, math.sqrt(left / (len(x) - 2) / (variance(x) * (len(x) - 1)))


def _span(values: Sequence[float]) -> str:
    return f"{number_nb(min(values), 1)} til {number_nb(max(values), 1)}"
