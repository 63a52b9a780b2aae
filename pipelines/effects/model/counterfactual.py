"""What a unit would have shown without Lean, and how far it is from that.

The prediction conditions on the unit's own months before start and on the month effects of all
units not yet started. Single units only; averaging over units lives in pooled.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from pipelines.effects.model.family import (
    DEGREES_OF_FREEDOM,
    degrees_of_freedom,
    family_size,
    is_answerable,
    waiting_through,
)
from pipelines.effects.model.fit import Fit
from pipelines.effects.model.kernel import covariance
from pipelines.effects.model.panel import Floats, Panel
from pipelines.effects.model.student import half_width, two_sided_p


@dataclass(frozen=True)
class UnitEffect:
    """One unit's mean effect over one window of months.

    Attributes:
        estimate: Observed less predicted, in the panel's unit; NaN if it cannot be predicted.
        own_variance: Variance from the unit itself, month effects taken as known.
        mu_weights: Weights of the month effects in the estimate, one per month of the panel.
        variance: Own variance plus that of the month effects.
        n_months: Months with a value in the window.
        df: Degrees of freedom of its t.
        is_answerable: The family is large enough for what the window asks.
    """

    estimate: float
    own_variance: float
    mu_weights: Floats
    variance: float
    n_months: int
    df: int = DEGREES_OF_FREEDOM
    is_answerable: bool = True

    @property
    def standard_error(self) -> float:
        """Square root of the variance."""
        return float(np.sqrt(self.variance))

    @property
    def p_value(self) -> float:
        """Two-sided p of no effect under Student's t."""
        return two_sided_p(self.estimate, self.standard_error, self.df)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval under Student's t."""
        half = half_width(self.df) * self.standard_error
        return self.estimate - half, self.estimate + half


def window_weights(panel: Panel, unit: int, low: int, high: int) -> Floats:
    """Equal weights on a unit's observed months ``low`` to ``high - 1`` after start, sum 1.

    Returns:
        One weight per month of the panel; all zero if nothing was observed there.
    """
    months = np.arange(panel.n_months)
    since = months - panel.start[unit]
    inside = (since >= low) & (since < high) & ~np.isnan(panel.values[unit])
    weights: Floats = inside / max(int(inside.sum()), 1)
    return weights


def contrast_weights(
    panel: Panel, unit: int, late: tuple[int, int], early: tuple[int, int]
) -> Floats:
    """Weights of the mean effect in a late window less that in an early one."""
    return window_weights(panel, unit, *late) - window_weights(panel, unit, *early)


def unit_effects(panel: Panel, fit: Fit, unit: int, weights: list[Floats]) -> list[UnitEffect]:
    """Estimate several linear combinations of one unit's monthly effects.

    Args:
        panel: The panel the model was fitted on.
        fit: The fitted model.
        unit: Row of the panel.
        weights: One vector per wanted effect, nonzero only on observed months after start.

    Returns:
        One effect per vector.
    """
    before = np.flatnonzero(panel.observed_before[unit])
    # months in which no unit waited have no month effect: what touches them cannot be told
    told = [bool(w.any()) and not np.isnan(fit.mu[w != 0]).any() for w in weights]
    if before.size == 0 or not any(told):
        return [_nothing(panel) for _ in weights]
    usable = [w if ok else np.zeros(panel.n_months) for w, ok in zip(weights, told, strict=True)]
    after = np.flatnonzero(np.any([w != 0 for w in usable], axis=0))
    scale = float(panel.noise_scale[unit])
    combine = np.array([w[after] for w in usable]).T
    cross = covariance(fit.params, scale, before, after) @ combine
    factor = cho_factor(covariance(fit.params, scale, before, before), lower=True)
    carry = cho_solve(factor, cross)
    own = combine.T @ covariance(fit.params, scale, after, after) @ combine - cross.T @ carry
    deviations = panel.values[unit] - fit.mu
    estimates = deviations[after] @ combine - deviations[before] @ carry
    effects = []
    n_family = family_size(panel)
    for column, vector in enumerate(usable):
        if not told[column]:
            effects.append(_nothing(panel))
            continue
        mu_weights = -vector.copy()
        mu_weights[before] += carry[:, column]
        spread = float(mu_weights @ fit.mu_covariance @ mu_weights)
        variance = float(own[column, column])
        n_waiting = waiting_through(panel, vector)
        effects.append(
            UnitEffect(
                estimate=float(estimates[column]),
                own_variance=variance,
                mu_weights=mu_weights,
                variance=variance + spread,
                n_months=int(np.count_nonzero(vector)),
                df=degrees_of_freedom(n_family, n_waiting),
                is_answerable=is_answerable(n_family, n_waiting),
            )
        )
    return effects


def _nothing(panel: Panel) -> UnitEffect:
    return UnitEffect(np.nan, np.nan, np.zeros(panel.n_months), np.nan, 0)
