"""Empirical-Bayes shrinkage of unit effects towards their common mean.

For ranking and colouring units; the interval and the verdict use the unshrunken effect.
"""

import numpy as np
from scipy.optimize import brentq

from pipelines.effects.model.panel import Floats

_MIN_UNITS = 2


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
