"""What a feed's months usually hold, and between which limits: natural limits on the log of counts.

Counts are compared as ratios, so the limits are those of an XmR chart (Wheeler 1993) on logarithms,
with medians for means: a month that was wrong before must not widen them. What is done with a
month outside is decided in ``half_file``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

MIN_MONTHS = 8
"""Months a feed must have before its own variation can be told from a fault."""

MIN_ROWS = 8
"""Below this a month's number of rows is chance, and a few more say nothing."""

_NEAREST = 12
_LIMIT_PER_MEDIAN_RANGE = 3.145
"""Three sigma in median moving ranges (Wheeler: 3 / 0.954)."""

_COUNTING_SIGMAS = 2
_MONTHS = 12


@dataclass(frozen=True)
class Usual:
    """What a month is held against.

    Attributes:
        centre: Median of the months it is compared with.
        lower: Lower natural limit.
        upper: Upper natural limit.
        n_months: How many months these are.
        same_month: What other years' same month held.
    """

    centre: float
    lower: float
    upper: float
    n_months: int
    same_month: tuple[float, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is enough history for the limits to mean anything."""
        return self.n_months >= MIN_MONTHS

    def is_few(self, found: float, *, share: float) -> bool:
        """Return whether a count is below a share of the usual, and below the limits once known.

        The difference must also be more than counting alone gives, and the same month of other
        years not as low.
        """
        if any(found >= share * other for other in self.same_month):
            return False
        if not self.is_known:
            return is_fraction(found, self.centre, share=share)
        # the limits know how much the feed varies; rows of every unit do not vary as counts do
        return found < self.lower and is_fraction(found, self.centre, share=share, sigmas=1)

    def is_many(self, found: float, *, times: float) -> bool:
        """Return whether a count is above the limits, and so many times the usual."""
        is_season = any(found <= other * math.sqrt(times) for other in self.same_month)
        return (
            self.centre >= MIN_ROWS
            and found > self.upper
            and found >= times * self.centre
            and found - self.centre > _COUNTING_SIGMAS * math.sqrt(self.centre)
            and not is_season
        )


def is_fraction(
    found: float, expected: float, *, share: float, sigmas: int = _COUNTING_SIGMAS
) -> bool:
    """Return whether a count is below a share of another, by more than counting alone gives.

    Args:
        found: The count.
        expected: What it is compared with.
        share: The share.
        sigmas: By how many standard deviations of a count (Poisson) it must be lower.
    """
    is_by_chance = expected - found <= sigmas * math.sqrt(expected)
    return found < share * expected and not is_by_chance


def usual(counts: Mapping[str, float], period: str) -> Usual | None:
    """Return what a month is held against; None when there is nothing to compare it with.

    Args:
        counts: ``YYYY-MM`` -> count or sum above zero, of the other months.
        period: The month that is judged.
    """
    at = month_number(period)
    others = {month_number(p): n for p, n in counts.items() if p != period and n > 0}
    if not others:
        return None
    nearest = sorted(sorted(others, key=lambda m: (abs(m - at), m))[:_NEAREST])
    logs = [math.log(others[m]) for m in nearest]
    ranges = [abs(b - a) for a, b in pairwise(logs)]
    centre = median(logs)
    reach = _LIMIT_PER_MEDIAN_RANGE * median(ranges) if ranges else 0.0
    same = tuple(others[m] for m in sorted(others) if m % _MONTHS == at % _MONTHS)
    return Usual(
        math.exp(centre), math.exp(centre - reach), math.exp(centre + reach), len(nearest), same
    )


def month_number(period: str) -> int:
    """Return the months since year 0 of ``YYYY-MM``."""
    year, month = period.split("-")
    return int(year) * _MONTHS + int(month) - 1


def is_month(period: str) -> bool:
    """Return whether a period is a calendar month, not a whole year, closing entries or all."""
    year, _, month = period.partition("-")
    return year.isdigit() and month.isdigit() and 1 <= int(month) <= _MONTHS
