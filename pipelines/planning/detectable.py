"""The smallest change that a waiting list would show, by the order in which its units start.

No figure of the future is needed: how sure an estimate will be follows from who is measured before
whom starts, and from how the metric has moved until now.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.stats import t as student

from pipelines.effects.model.counterfactual import UnitEffect, unit_effects, window_weights
from pipelines.effects.model.family import DEGREES_OF_FREEDOM
from pipelines.effects.model.fit import Fit, month_effects
from pipelines.effects.model.kernel import KernelParams
from pipelines.effects.model.panel import Floats, Ints, Panel

_NO_MONTH = date(1900, 1, 1)
_QUANTILES = (0.975, 0.80)


@dataclass(frozen=True)
class Plan:
    """A start order, and what it is planned for.

    Attributes:
        employees: Mean number of employees per unit, > 0.
        start: Month number of each unit's first full month with Lean; ``n_months`` or more = not
            within them.
        n_months: Months measured in all, from the first delivered to the end of the horizon.
        window: Months after the start that are judged.
        min_unstarted: Units that must not have started when a window ends for it to be judged.
    """

    employees: Floats
    start: Ints
    n_months: int
    window: int
    min_unstarted: int


@dataclass(frozen=True)
class Detectable:
    """What an order can find.

    Attributes:
        judged: Places of the units that can be judged.
        pooled_se: Standard error of their employee-weighted mean effect, in the metric's unit (on
            its model scale); NaN when none can be judged.
        mde80: Smallest mean change that would be found in 80 of 100; NaN likewise.
        unit_mde80: The same for each judged unit alone.
        first_verdict: Month number in which the first window has ended; None when none does.
    """

    judged: tuple[int, ...]
    pooled_se: float
    mde80: float
    unit_mde80: tuple[float, ...]
    first_verdict: int | None


def detectable(plan: Plan, params: KernelParams, waiting: Collection[int]) -> Detectable:
    """Work out what a waiting list can find under one start order.

    ``SE = sqrt(w'^2 V + (w'M) C (w'M)')`` with weights w by employees, own variance V, weights M on
    the month effects and their covariance C as in the effects; ``MDE80 = (t.975 + t.80) SE`` with
    max(20, n - 1) degrees of freedom, n judged. Spread of the true effects between units comes on
    top.

    Args:
        plan: The order.
        params: The metric's covariance parameters, from its last fit.
        waiting: Places of the units whose starts are planned.

    Returns:
        What can be found; nothing judged is no error.
    """
    panel = _panel(plan)
    judged = tuple(unit for unit in sorted(waiting) if _is_judged(plan, unit))
    if not judged:
        return Detectable((), float("nan"), float("nan"), (), None)
    mu, mu_covariance = month_effects(panel, params)
    fit = Fit(params, mu, mu_covariance, 0.0, 1.0)
    effects = [
        unit_effects(panel, fit, unit, [window_weights(panel, unit, 0, plan.window)])[0]
        for unit in judged
    ]
    se = _pooled_se(effects, plan.employees[list(judged)], mu_covariance)
    return Detectable(
        judged=judged,
        pooled_se=se,
        mde80=_mde80(se, max(DEGREES_OF_FREEDOM, len(judged) - 1)),
        unit_mde80=tuple(_mde80(e.standard_error, DEGREES_OF_FREEDOM) for e in effects),
        first_verdict=min(int(plan.start[unit]) for unit in judged) + plan.window,
    )


def _panel(plan: Plan) -> Panel:
    # only where something is measured counts; no month is missing in what is planned
    return Panel(
        unit_ids=tuple(str(place) for place in range(plan.employees.size)),
        first_month=_NO_MONTH,
        values=np.zeros((plan.employees.size, plan.n_months)),
        employees=np.asarray(plan.employees, dtype=np.float64),
        start=np.minimum(plan.start, plan.n_months).astype(np.int64),
    )


def _is_judged(plan: Plan, unit: int) -> bool:
    end = int(plan.start[unit]) + plan.window
    if end > plan.n_months or plan.start[unit] <= 0:
        return False
    return int((plan.start >= end).sum()) >= plan.min_unstarted


def _pooled_se(effects: list[UnitEffect], employees: Floats, mu_covariance: Floats) -> float:
    weights = employees / employees.sum()
    own = np.array([effect.own_variance for effect in effects])
    months = weights @ np.array([effect.mu_weights for effect in effects])
    return float(np.sqrt(weights**2 @ own + months @ mu_covariance @ months))


def _mde80(se: float, df: int) -> float:
    return float(sum(student.ppf(quantile, df) for quantile in _QUANTILES) * se)
