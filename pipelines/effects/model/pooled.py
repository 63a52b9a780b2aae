"""The mean effect over a group of units, weighted by employees, with an honest interval.

The standard error is the larger of what the model says and what the units' spread says. A group
that started after an unusual year gets a margin on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.effects.model.counterfactual import UnitEffect
from pipelines.effects.model.family import DEGREES_OF_FREEDOM
from pipelines.effects.model.panel import Bools, Floats
from pipelines.effects.model.student import half_width, two_sided_p

_MARGIN_SHARE = 0.02
_CLEAR_BUMP = 2.0


@dataclass(frozen=True)
class PooledEffect:
    """A group's mean effect on the model's scale.

    Attributes:
        estimate: Employee-weighted mean.
        standard_error: Square root of the larger variance plus that of the month effects.
        low: Lower end of the 95 % interval, margin included.
        high: Upper end.
        p_value: Two-sided, of the estimate less the margin.
        n_units: Units in the mean.
        bump: Weighted mean bump before start; NaN if none was given.
        bump_se: Its standard error.
        margin: Added on both sides.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    p_value: float
    n_units: int
    bump: float
    bump_se: float
    margin: float


def pool(
    effects: Sequence[UnitEffect],
    employees: Floats,
    mu_covariance: Floats,
    bumps: Floats | None = None,
    is_drawn: Bools | None = None,
) -> PooledEffect:
    """Average effects of one window over units.

    Args:
        effects: One per unit, at least one.
        employees: One per unit.
        mu_covariance: Of the fit the effects come from.
        bumps: Own bump per unit, NaN where unknown; None = no margin (contrasts).
        is_drawn: Whose start was drawn by lot: those are no selection, and widen nothing.
    """
    weights = employees / employees.sum()
    estimates = np.array([effect.estimate for effect in effects])
    own = np.array([effect.own_variance for effect in effects])
    estimate = float(weights @ estimates)
    mu_weights = weights @ np.array([effect.mu_weights for effect in effects])
    variance = max(float(weights**2 @ own), _spread(weights, estimates))
    variance += float(mu_weights @ mu_covariance @ mu_weights)
    standard_error = float(np.sqrt(variance))
    bump, bump_se = (float("nan"), float("nan")) if bumps is None else _bump(employees, bumps)
    margin = _MARGIN_SHARE * abs(bump) if abs(bump) > _CLEAR_BUMP * bump_se else 0.0
    if is_drawn is not None and is_drawn.any():
        margin *= float(weights @ ~is_drawn)
    df = _degrees_of_freedom(effects)
    half = half_width(df) * standard_error + margin
    return PooledEffect(
        estimate=estimate,
        standard_error=standard_error,
        low=estimate - half,
        high=estimate + half,
        p_value=two_sided_p(max(abs(estimate) - margin, 0.0), standard_error, df),
        n_units=len(effects),
        bump=bump,
        bump_se=bump_se,
        margin=margin,
    )


def _degrees_of_freedom(effects: Sequence[UnitEffect]) -> int:
    """The fewest of the units' in a small family; else 20, or more in large groups."""
    fewest = min(effect.df for effect in effects)
    return fewest if fewest < DEGREES_OF_FREEDOM else max(fewest, len(effects) - 1)


def _spread(weights: Floats, values: Floats) -> float:
    """Robust variance of a weighted mean; 0 for a single unit, where nothing can be seen."""
    if values.size == 1:
        return 0.0
    deviations = values - weights @ values
    return float((weights**2 * deviations**2 / (1 - weights)).sum())


def _bump(employees: Floats, bumps: Floats) -> tuple[float, float]:
    known = ~np.isnan(bumps)
    if not known.any():
        return float("nan"), float("nan")
    weights = employees[known] / employees[known].sum()
    return float(weights @ bumps[known]), float(np.sqrt(_spread(weights, bumps[known])))
