"""The bump before start: was the unit's last year unusual against its two years before?

A unit that starts Lean after an unusually bad year gets better by itself.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.effects.model.fit import Fit
from pipelines.effects.model.kernel import covariance
from pipelines.effects.model.panel import Floats, Panel

_LAST_YEAR = 12
_HISTORY = 36
FLAG_Z = 1.64


@dataclass(frozen=True)
class Bump:
    """Last year before start less the two years before that, both as deviations from the month.

    Attributes:
        delta: On the panel's scale; NaN without months on either side.
        z: ``delta`` over its standard deviation under the model.
    """

    delta: float
    z: float


def pre_start_bump(panel: Panel, fit: Fit, unit: int) -> Bump:
    """Measure the bump of one unit: months -12..-1 against -36..-13, or what exists of them."""
    weights = _weights(panel, unit)
    months = np.flatnonzero(weights)
    if months.size == 0:
        return Bump(float("nan"), float("nan"))
    chosen = weights[months]
    scale = float(panel.noise_scale[unit])
    variance = float(chosen @ covariance(fit.params, scale, months, months) @ chosen)
    delta = float((panel.values[unit] - fit.mu)[months] @ chosen)
    return Bump(delta, delta / float(np.sqrt(variance)))


def _weights(panel: Panel, unit: int) -> Floats:
    since = np.arange(panel.n_months) - panel.start[unit]
    observed = panel.observed_before[unit]
    late = observed & (since >= -_LAST_YEAR)
    early = observed & (since < -_LAST_YEAR) & (since >= -_HISTORY)
    if not late.any() or not early.any():
        return np.zeros(panel.n_months)
    weights: Floats = late / late.sum() - early / early.sum()
    return weights
