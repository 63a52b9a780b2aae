"""Empirical-Bayes shrinkage of unit effects towards their common mean, and how likely each is good.

For ranking and colouring units; the interval and the verdict use the unshrunken effect.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from pipelines.effects.model.panel import Floats

_MIN_UNITS = 2
_GRID, _REACH = 200, 3.0


def paule_mandel_variance(estimates: Floats, variances: Floats) -> float:
    """Between-unit variance tau2 at which the weighted squares equal their degrees of freedom.

    Paule and Mandel (1982): sum (e - mean)^2 / (V + tau2) = G - 1, or 0 if they are smaller
    already.

    Args:
        estimates: Unit effects, length G >= 2.
        variances: Their sampling variances, > 0.
    """

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        mean = (weights @ estimates) / weights.sum()
        return float(weights @ (estimates - mean) ** 2) - (estimates.size - 1)

    if excess(0.0) <= 0:
        return 0.0
    high = float(estimates.var()) + float(variances.max())
    while excess(high) > 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=1e-12 * high, rtol=1e-12))


def shrink(estimates: Floats, variances: Floats) -> Floats:
    """Shrink unit effects towards their precision-weighted mean.

    Args:
        estimates: Unit effects, length G.
        variances: Their sampling variances, > 0.

    Returns:
        Shrunken effects, length G; a single unit is returned as it is.
    """
    if estimates.size < _MIN_UNITS:
        return estimates.copy()
    tau2 = paule_mandel_variance(estimates, variances)
    weights = 1 / (variances + tau2)
    mean = float((weights @ estimates) / weights.sum())
    return np.asarray(mean + tau2 / (tau2 + variances) * (estimates - mean), dtype=np.float64)


def probability_above(estimates: Floats, variances: Floats) -> Floats:
    """Probability that each unit's true effect is above zero, seen together with the others.

    The units' effects are normal around a common mean. The spread between them is integrated over,
    flat on the standard deviation, weighted by the restricted likelihood (Röver 2020,
    J. Stat. Software 93:6): to take it as known would make every unit too sure of the mean.

    Args:
        estimates: Unit effects, length G.
        variances: Their sampling variances, > 0.

    Returns:
        Between 0 and 1, length G; a single unit is judged by itself.
    """
    if estimates.size < _MIN_UNITS:
        return np.asarray(ndtr(estimates / np.sqrt(variances)), dtype=np.float64)
    reach = _REACH * float(np.sqrt(max(estimates.var(ddof=1), variances.min())))
    tau2 = (np.arange(_GRID + 1) * reach / _GRID)[:, None] ** 2
    weights = 1 / (variances + tau2)
    whole = weights.sum(axis=1, keepdims=True)
    means = (weights * estimates).sum(axis=1, keepdims=True) / whole
    off = (weights * (estimates - means) ** 2).sum(axis=1)
    likelihood = 0.5 * (np.log(weights).sum(axis=1) - np.log(whole[:, 0]) - off)
    share = np.exp(likelihood - likelihood.max())
    own = tau2 / (tau2 + variances)
    centre = means + own * (estimates - means)
    spread = np.sqrt(own * variances + (1 - own) ** 2 / whole)
    found: Floats = (share / share.sum()) @ ndtr(centre / spread)
    return found
