"""Quantiles and tails of Student's t, as plain numbers.

The functions themselves and not ``scipy.stats``: that takes half a second to load and most of a
call to find out that it was given one number.
"""

from functools import cache

from scipy.special import stdtr, stdtrit

UPPER = 0.975
"""Where the upper end of a 95 % interval lies."""


@cache
def quantile(share: float, df: float) -> float:
    """The value below which a share of Student's t lies."""
    return float(stdtrit(df, share))


def half_width(df: float) -> float:
    """Standard errors on each side of an estimate in its 95 % interval, Student's t."""
    return quantile(UPPER, df)


def two_sided_p(estimate: float, standard_error: float, df: float) -> float:
    """Two-sided p-value of an estimate under Student's t."""
    return float(2 * stdtr(df, -(abs(estimate) / standard_error)))
