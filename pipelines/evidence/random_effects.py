"""Random effects over municipalities: the mean, how much they differ, and what tau leaves open.

Restricted maximum likelihood for tau squared (Viechtbauer 2005, J. Educ. Behav. Stat. 30:261),
the variance of the mean by Hartung and Knapp 2001 (Stat. Med. 20:3875) never below the usual one
(Röver, Knapp, Friede 2015, BMC Med. Res. Methodol. 15:99), and expectations integrated over tau
with a flat prior (Röver 2020, J. Stat. Softw. 93(6)). Margins, verdicts and words are not here.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from pipelines.effects.model.panel import Floats

_GRID = 200
_TOP = 3.0


@dataclass(frozen=True)
class Mean:
    """The pooled mean.

    Attributes:
        tau2: Variance of the true effects between municipalities.
        weights: Share of each municipality, sum 1.
        mean: Weighted mean.
        hk_q: Weighted spread around it over its degrees of freedom.
        se: Standard error, with max(1, ``hk_q``).
        q_statistic: Cochran's Q at tau 0.
    """

    tau2: float
    weights: Floats
    mean: float
    hk_q: float
    se: float
    q_statistic: float


@dataclass(frozen=True)
class Expected:
    """What is integrated over tau.

    Attributes:
        grid_top: Largest tau of the grid.
        new_mean: Where a new municipality is expected.
        new_sd: Standard deviation around it.
        own: Shrunken value of each municipality.
        own_sd: Standard deviation of each.
    """

    grid_top: float
    new_mean: float
    new_sd: float
    own: Floats
    own_sd: Floats


def pooled_mean(y: Floats, v: Floats) -> Mean:
    """Pool estimates by random effects.

    Args:
        y: Estimates, at least two.
        v: Their variances, > 0.
    """
    tau2 = reml(y, v)
    w = 1 / (v + tau2)
    weights = w / w.sum()
    mean = float(weights @ y)
    hk_q = float(w @ (y - mean) ** 2 / (y.size - 1))
    precision = 1 / v
    centre = float(precision @ y / precision.sum())
    return Mean(
        tau2=tau2,
        weights=weights,
        mean=mean,
        hk_q=hk_q,
        se=float(np.sqrt(max(1.0, hk_q) / w.sum())),
        q_statistic=float(precision @ (y - centre) ** 2),
    )


def reml(y: Floats, v: Floats) -> float:
    """Tau squared at the maximum of the restricted likelihood, 0 or more.

    Args:
        y: Estimates, at least two.
        v: Their variances, > 0.
    """
    # the likelihood may have two tops: the best of a grid first, then its own top
    grid = (np.arange(_GRID + 1) * _largest_tau(y, v) / _GRID) ** 2
    heights = np.array([_log_likelihood(y, v, t) for t in grid])
    best = int(heights.argmax())
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID)]
    found = minimize_scalar(
        lambda t: -_log_likelihood(y, v, t),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-3 * (high - low)},
    )
    return _by_fixed_point(y, v, float(found.x)) if -found.fun > heights[0] else 0.0


def _by_fixed_point(y: Floats, v: Floats, tau2: float) -> float:
    # a likelihood is flat at its top, and its slope is not: the last digits come from the slope
    for _ in range(1000):
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        step = float((w**2 @ ((y - mean) ** 2 - v)) / (w**2).sum() + 1 / w.sum())
        after = max(0.0, step)
        if abs(after - tau2) <= 1e-13 * max(1.0, tau2):
            return after
        tau2 = after
    return tau2


def _log_likelihood(y: Floats, v: Floats, tau2: float) -> float:
    w = 1 / (v + tau2)
    total = w.sum()
    mean = w @ y / total
    return float(0.5 * (np.log(w).sum() - np.log(total) - w @ (y - mean) ** 2))


def _largest_tau(y: Floats, v: Floats) -> float:
    return float(_TOP * np.sqrt(max(y.var(ddof=1), v.min())))


def expected(y: Floats, v: Floats) -> Expected:
    """Integrate a new municipality's and each own effect over tau, flat on tau.

    Args:
        y: Estimates, at least two.
        v: Their variances, > 0.
    """
    top = _largest_tau(y, v)
    t = (np.arange(_GRID + 1) * top / _GRID) ** 2
    heights = np.array([_log_likelihood(y, v, each) for each in t])
    p = np.exp(heights - heights.max())
    p /= p.sum()
    w = 1 / (v[None, :] + t[:, None])
    spread = 1 / w.sum(axis=1)
    mean = (w @ y) * spread
    new_mean = float(p @ mean)
    new_variance = float(p @ (spread + t + (mean - new_mean) ** 2))
    share = t[:, None] / (t[:, None] + v[None, :])
    each = mean[:, None] + share * (y[None, :] - mean[:, None])
    own = p @ each
    within = share * v[None, :] + (1 - share) ** 2 * spread[:, None]
    own_variance = p @ (within + (each - own[None, :]) ** 2)
    return Expected(top, new_mean, float(np.sqrt(new_variance)), own, np.sqrt(own_variance))


def leave_one_out(y: Floats, v: Floats) -> Floats:
    """How far each estimate lies from what the others say, in standard deviations.

    Args:
        y: Estimates, at least three.
        v: Their variances, > 0.
    """
    distances = np.empty(y.size)
    for place in range(y.size):
        others = np.arange(y.size) != place
        rest = pooled_mean(y[others], v[others])
        distances[place] = (y[place] - rest.mean) / np.sqrt(v[place] + rest.tau2 + rest.se**2)
    return distances
