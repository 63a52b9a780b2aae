"""The smallest change that a waiting list would show, by the order in which its units start.

No figure of the future is needed: how sure an estimate will be follows from who is measured before
whom starts, and from how the metric has moved until now.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.effects.judge.detectable import detectable as smallest
from pipelines.effects.model.counterfactual import UnitEffect, unit_effects, window_weights
from pipelines.effects.model.family import DEGREES_OF_FREEDOM
from pipelines.effects.model.fit import Fit
from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.kernel import KernelParams
from pipelines.effects.model.panel import Floats, Ints, Panel
from pipelines.planning.order_months import covariances_of_months

_NO_MONTH = date(1900, 1, 1)
# a target that is agreed beforehand is a test by itself, and the rules are those of the verdicts
_RULES = Rules()


@dataclass(frozen=True)
class Judging:
    """What it takes for a unit to be judged.

    Attributes:
        window: Months after the start that are judged.
        min_unstarted: Units that must not have started when the window ends.
        rules: Limits that their mean is held to; those of one look where nothing else is said.
    """

    window: int
    min_unstarted: int
    rules: Rules = _RULES


@dataclass(frozen=True)
class Detectable:
    """What an order can find.

    Attributes:
        judged: Places of the units that can be judged.
        pooled_se: Standard error of their employee-weighted mean effect, on the metric's model
            scale; NaN when none can be judged.
        mde80: Smallest mean change that would be found in 80 of 100; NaN likewise.
        unit_mde80: The same for each judged unit alone.
        first_verdict: Month number in which the first window has ended; None when none does.
    """

    judged: tuple[int, ...]
    pooled_se: float
    mde80: float
    unit_mde80: tuple[float, ...]
    first_verdict: int | None


def planned_panel(employees: Floats, start: Ints, values: Floats, n_future: int) -> Panel:
    """Return the panel that a start order will give, with no gaps in the months to come.

    Args:
        employees: Mean number of employees per unit, > 0.
        start: Month number of each unit's first full month with Lean; one that is not reached =
            not within the months.
        values: Units x months until now; only which cells are NaN (not measured) counts.
        n_future: Months that come after them.
    """
    known = np.where(np.isnan(values), np.nan, 0.0)
    n_months = values.shape[1] + n_future
    return Panel(
        unit_ids=tuple(str(place) for place in range(employees.size)),
        first_month=_NO_MONTH,
        values=np.hstack([known, np.zeros((employees.size, n_future))]),
        employees=np.asarray(employees, dtype=np.float64),
        start=np.minimum(start, n_months).astype(np.int64),
    )


def detectable(
    panel: Panel, params: KernelParams, waiting: Collection[int], judging: Sequence[Judging]
) -> list[Detectable]:
    """Work out what a waiting list can find under one start order.

    ``SE = sqrt(w'^2 V + (w'M) C (w'M)')`` with weights w by employees, own variance V, weights M on
    the month effects and their covariance C as in the effects; ``MDE80 = (t.975 + t.80) SE`` with
    max(20, n - 1) degrees of freedom, n judged. Spread of the true effects between units comes on
    top.

    Args:
        panel: From :func:`planned_panel`.
        params: The metric's covariance parameters, from its last fit.
        waiting: Places of the units whose starts are planned.
        judging: What to judge by, one per answer.

    Returns:
        What can be found, one per ``judging``; nothing judged is no error.
    """
    return detectable_by_order([panel], params, waiting, judging)[0]


def detectable_by_order(
    panels: Sequence[Panel],
    params: KernelParams,
    waiting: Collection[int],
    judging: Sequence[Judging],
) -> list[list[Detectable]]:
    """Work out what a waiting list can find under several start orders, see :func:`detectable`.

    Args:
        panels: One per order: the same units and months, different only in who starts when.
        params: The metric's covariance parameters, from its last fit.
        waiting: Places of the units whose starts are planned.
        judging: What to judge by, one per answer.

    Returns:
        Per order, what can be found by each of ``judging``.
    """
    judged = [
        [tuple(u for u in sorted(waiting) if _is_judged(panel, u, by)) for by in judging]
        for panel in panels
    ]
    if not any(any(units) for units in judged):
        return [[_NOTHING for _ in judging] for _ in panels]
    covariances = covariances_of_months(panels, params)
    return [
        _found(panel, _known(params, covariance), units, judging)
        for panel, covariance, units in zip(panels, covariances, judged, strict=True)
    ]


def _known(params: KernelParams, covariance: Floats) -> Fit:
    """A fit of months that have not come: nothing was measured, and none are known of nobody."""
    mu = np.where(covariance.diagonal() > 0, 0.0, np.nan)
    return Fit(params, mu, covariance, 0.0, 1.0)


def _found(
    panel: Panel, fit: Fit, judged: Sequence[tuple[int, ...]], judging: Sequence[Judging]
) -> list[Detectable]:
    effects = {
        unit: unit_effects(
            panel, fit, unit, [window_weights(panel, unit, 0, by.window) for by in judging]
        )
        for unit in sorted(set().union(*judged))
    }
    return [
        _told(panel, fit, units, [effects[unit][place] for unit in units], by)
        for place, (units, by) in enumerate(zip(judged, judging, strict=True))
    ]


def _told(
    panel: Panel, fit: Fit, units: tuple[int, ...], effects: list[UnitEffect], by: Judging
) -> Detectable:
    if not units:
        return _NOTHING
    se = _pooled_se(effects, panel.employees[list(units)], fit.mu_covariance)
    return Detectable(
        judged=units,
        pooled_se=se,
        mde80=smallest(se, max(DEGREES_OF_FREEDOM, len(units) - 1), by.rules),
        unit_mde80=tuple(smallest(e.standard_error, DEGREES_OF_FREEDOM, _RULES) for e in effects),
        first_verdict=min(int(panel.start[unit]) for unit in units) + by.window,
    )


def _is_judged(panel: Panel, unit: int, by: Judging) -> bool:
    end = int(panel.start[unit]) + by.window
    if end > panel.n_months or not panel.observed_before[unit].any():
        return False
    return int((panel.start >= end).sum()) >= by.min_unstarted


def _pooled_se(effects: list[UnitEffect], employees: Floats, mu_covariance: Floats) -> float:
    weights = employees / employees.sum()
    own = np.array([effect.own_variance for effect in effects])
    months = weights @ np.array([effect.mu_weights for effect in effects])
    return float(np.sqrt(weights**2 @ own + months @ mu_covariance @ months))


_NOTHING = Detectable((), float("nan"), float("nan"), (), None)
