"""Months, slow swings and planted factors: the arithmetic the other modules share.

Months are counted from January of the first year (0). Days are proleptic ordinals (``date``'s).
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from pipelines.example.spec import ExampleSpec

FloatArray = npt.NDArray[np.float64]
MONTHS_IN_YEAR = 12


def month_start(spec: ExampleSpec, index: int) -> date:
    """Return the first day of month ``index``; one past the last is allowed."""
    return date(spec.first_year + index // MONTHS_IN_YEAR, index % MONTHS_IN_YEAR + 1, 1)


def month_index(spec: ExampleSpec, day: date) -> int:
    """Return the month a day lies in; negative before the first year."""
    return (day.year - spec.first_year) * MONTHS_IN_YEAR + day.month - 1


def month_edges(spec: ExampleSpec) -> npt.NDArray[np.int64]:
    """Return the ordinals of every month's first day, and of the day after the last month."""
    return np.array([month_start(spec, i).toordinal() for i in range(spec.n_months + 1)])


def winter(n_months: int) -> FloatArray:
    """Return a wave with mean 0 over a year: 1 in late January, -1 in late July."""
    months = np.arange(n_months) % MONTHS_IN_YEAR
    return np.cos(2 * np.pi * (months - 0.8) / MONTHS_IN_YEAR)


def slow_swing(
    rng: np.random.Generator, shape: tuple[int, int], sd: float, memory: float = 0.6
) -> FloatArray:
    """Return first-order autoregressive noise.

    Args:
        rng: Where chance comes from.
        shape: Rows (units) and months.
        sd: Standard deviation of each value.
        memory: Correlation between neighbouring months.
    """
    shocks = rng.normal(0.0, sd * np.sqrt(1 - memory**2), shape)
    out = np.empty(shape)
    out[:, 0] = rng.normal(0.0, sd, shape[0])
    for month in range(1, shape[1]):
        out[:, month] = memory * out[:, month - 1] + shocks[:, month]
    return out


def effect_shape(spec: ExampleSpec, start: date, end: date | None, ramp_months: int) -> FloatArray:
    """Return how much of an effect is there in each month: 0 before, 1 during, 0 after.

    Args:
        spec: The example.
        start: First month of the effect.
        end: First month it is fading; none means it lasts.
        ramp_months: Months from full strength to nothing after ``end``.
    """
    months = np.arange(spec.n_months)
    shape = (months >= month_index(spec, start)).astype(float)
    if end is not None:
        into_fade = months - month_index(spec, end) + 1
        shape *= np.clip(1 - into_fade / (ramp_months + 1), 0, 1)
    return shape


def planted_change(spec: ExampleSpec, unit_id: str, target: str) -> FloatArray:
    """Return the change planted in one target of one unit, month by month (0 = none)."""
    total = np.zeros(spec.n_months)
    for effect in spec.effects:
        if effect.unit == unit_id and effect.target == target:
            shape = effect_shape(spec, effect.start, effect.end, effect.ramp_months)
            total += effect.change * shape
    return total


def planted_factors(spec: ExampleSpec, unit_ids: Sequence[str], target: str) -> FloatArray:
    """Return 1 + the planted change, one row per unit and one column per month."""
    return np.vstack([1.0 + planted_change(spec, unit_id, target) for unit_id in unit_ids])
