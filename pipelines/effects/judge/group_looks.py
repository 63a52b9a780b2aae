"""How small p must be for a group's mean, which is looked at every month while its units come in.

A unit is looked at once. A group's mean is there from the first year on, and is renewed as its
units come on and as more start, so p at most .05 each month would find something by chance in one
of three groups in the end. While some of the group's months are still to come the limit is strict:
the same limit on the sum all the way (O'Brien and Fleming 1979), so high that a sum that moves
without a stop crosses it with two thirds of the error that may be spent. What crosses on the way
mostly ends beyond as well, so that when all months are in, nearly the whole of it is left for that
one look (reflection principle). How often groups are wrong over all their looks is in
docs/methods/calibration.md.
"""

from functools import cache
from math import sqrt
from statistics import NormalDist

from pipelines.effects.model.inputs import Rules

_NORMAL = NormalDist()
_ON_THE_WAY = 2 / 3
"""Share of the error that the looks before the last would spend by themselves."""
_HALVINGS = 60


def months_in(months_after: int, window: tuple[int, int]) -> int:
    """Return how many months of a window have come, for a unit so many months after its start."""
    low, high = window
    return min(max(months_after - low, 0), high - low)


def largest_p(share_in: float, rules: Rules) -> float:
    """Return the largest p that is a finding at this look.

    Args:
        share_in: Months of the window that have come, of those of all units that have started.
        rules: Limits; ``max_p`` is what all looks together may spend.
    """
    if share_in <= 0:
        return 0.0
    early, last = _limits(rules.max_p)
    return last if share_in >= 1 else 2 * _NORMAL.cdf(-early / sqrt(share_in))


@cache
def _limits(max_p: float) -> tuple[float, float]:
    """The limit on the sum before all months are in, and the largest p when they are.

    A path of length 1 reaches b on either side in less than 4 (1 - cdf(b)), and reaches b and yet
    ends between -z and z in less than 2 (1 - cdf(2 b - z)): with what ends outside, max_p is spent.
    scipy is not loaded by a night without news.
    """
    early = _NORMAL.inv_cdf(1 - _ON_THE_WAY * max_p / 4)
    low, high = _NORMAL.inv_cdf(1 - max_p / 2), early
    for _ in range(_HALVINGS):
        last = (low + high) / 2
        spent = 2 * (_NORMAL.cdf(-last) + _NORMAL.cdf(last - 2 * early))
        low, high = (last, high) if spent > max_p else (low, last)
    return early, 2 * _NORMAL.cdf(-high)
