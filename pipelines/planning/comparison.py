"""Start orders compared for a waiting list: what each could find, for each metric.

Figures only; the words are the command's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.effects.judge.group_looks import largest_p
from pipelines.effects.model.family import LEAST, LEAST_WAITING, SMALL
from pipelines.effects.model.inputs import Rules
from pipelines.planning.detectable import Detectable, Judging, detectable, planned_panel
from pipelines.planning.orders import WINDOWS, Order
from pipelines.planning.waiting import PlannedMetric


@dataclass(frozen=True)
class Found:
    """What one order finds for one metric in one window.

    Attributes:
        order: The order.
        window: Months after the start.
        n_judged: Units that can be judged.
        mde80: Smallest mean change found in 80 of 100, in the metric's unit or, on the log scale,
            in per cent; None when none can be judged.
        months_to_verdict: From the first wave's start to the first verdict; None likewise.
    """

    order: Order
    window: int
    n_judged: int
    mde80: float | None
    months_to_verdict: int | None


def compare(
    metric: PlannedMetric, sequence: Sequence[str], orders: Sequence[Order], horizon: int
) -> list[Found]:
    """Compare start orders for one metric.

    Args:
        metric: The metric and its months until now.
        sequence: The waiting units in the sequence they start in.
        orders: The orders.
        horizon: Months to look ahead, at least 1; the first wave starts in the first of them.

    Returns:
        One per order and window; all without units where fewer than six units have the metric, or
        where its model does not hold.
    """
    return [
        _as_told(metric, order, by.window, found)
        for order in orders
        for by, found in _of_order(metric, sequence, order, horizon)
    ]


def _of_order(
    metric: PlannedMetric, sequence: Sequence[str], order: Order, horizon: int
) -> list[tuple[Judging, Detectable]]:
    panel = metric.panel
    places = {unit_id: place for place, unit_id in enumerate(panel.unit_ids)}
    start = np.where(panel.start < panel.n_months, panel.start, panel.n_months + horizon)
    waiting = []
    for unit_id, month in zip(sequence, order.months(len(sequence)), strict=True):
        place = places.get(unit_id)
        if place is not None:
            waiting.append(place)
            start[place] = panel.n_months + month
    planned = replace(
        planned_panel(panel.employees, start, panel.values, horizon), noise=panel.noise
    )
    least = Rules().min_untreated if panel.n_units >= SMALL else LEAST_WAITING
    # a group is looked at every month, and when all its months are in it is held to this
    rules = replace(Rules(), max_p=largest_p(1.0, Rules()))
    by = [Judging(window, least, rules) for window in WINDOWS]
    able = waiting if metric.is_judged and panel.n_units >= LEAST else []
    return list(zip(by, detectable(planned, metric.params, able, by), strict=True))


def _as_told(metric: PlannedMetric, order: Order, window: int, found: Detectable) -> Found:
    if not found.judged or found.first_verdict is None:
        return Found(order, window, 0, None, None)
    mde80 = metric.telling.size(found.mde80, metric.sign)
    months = found.first_verdict - metric.panel.n_months
    return Found(order, window, len(found.judged), mde80, months)
