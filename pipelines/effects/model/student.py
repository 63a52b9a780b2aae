"""Quantiles and tails of Student's t, as plain numbers.

The functions themselves and not ``scipy.stats``: that takes half a second to load and most of a
call to find out that it was given one number.
"""

from functools import cache

from scipy.special import stdtr, stdtrit

_UPPER = 0.975


@cache
def half_width(df: float) -> float:
    """Standard errors on each side of an estimate in its 95 % interval, Student's t."""
    return float(stdtrit(df, _UPPER))


def two_sided_p(estimate: float, standard_error: float, df: float) -> float:
    """Two-sided p-value of an estimate under Student's t."""
    return float(2 * stdtr(df, -(abs(estimate) / standard_error)))
