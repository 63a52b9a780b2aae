"""Start orders compared for a waiting list: what each could find, for each metric.

Figures only; the words are the command's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.effects.judge.group_looks import largest_p
from pipelines.effects.model.family import LEAST, LEAST_WAITING, SMALL
from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.panel import Panel
from pipelines.planning.detectable import (
    Detectable,
    Judging,
    detectable_by_order,
    planned_panel,
)
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
    panel = metric.panel
    # a group is looked at every month, and when all its months are in it is held to this
    rules = replace(Rules(), max_p=largest_p(1.0, Rules()))
    least = Rules().min_untreated if panel.n_units >= SMALL else LEAST_WAITING
    by = [Judging(window, least, rules) for window in WINDOWS]
    places = {unit_id: place for place, unit_id in enumerate(panel.unit_ids)}
    waiting = [places[unit_id] for unit_id in sequence if unit_id in places]
    able = waiting if metric.is_judged and panel.n_units >= LEAST else []
    planned = [_planned(panel, places, sequence, order, horizon) for order in orders]
    found = detectable_by_order(planned, metric.params, able, by)
    return [
        _as_told(metric, order, window, one)
        for order, of_order in zip(orders, found, strict=True)
        for window, one in zip(WINDOWS, of_order, strict=True)
    ]


def _planned(
    panel: Panel, places: Mapping[str, int], sequence: Sequence[str], order: Order, horizon: int
) -> Panel:
    """The months until now and those to come, with the starts that an order gives."""
    start = np.where(panel.start < panel.n_months, panel.start, panel.n_months + horizon)
    for unit_id, month in zip(sequence, order.months(len(sequence)), strict=True):
        if unit_id in places:
            start[places[unit_id]] = panel.n_months + month
    future = planned_panel(panel.employees, start, panel.values, horizon)
    return replace(future, noise=panel.noise)


def _as_told(metric: PlannedMetric, order: Order, window: int, found: Detectable) -> Found:
    if not found.judged or found.first_verdict is None:
        return Found(order, window, 0, None, None)
    mde80 = metric.telling.size(found.mde80, metric.sign)
    months = found.first_verdict - metric.panel.n_months
    return Found(order, window, len(found.judged), mde80, months)
