"""Difference in differences against units not started, shown beside the headline.

It is a check, never the headline: units still waiting are themselves a selection.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from pipelines.effects.panel import Floats, Ints, Panel

MIN_SHARE = 0.75
_MIN_CONTROLS = 2


@dataclass(frozen=True)
class DifferenceInDifferences:
    """The unit's change less that of the others.

    Attributes:
        delta: On the panel's scale; NaN with fewer than two comparable units.
        p_value: Rank among placebo differences, each scaled by the size of its unit.
        n_untreated: Comparable units: not started before the window ends, enough months.
    """

    delta: float
    p_value: float
    n_untreated: int


def difference_in_differences(panel: Panel, unit: int, length: int) -> DifferenceInDifferences:
    """Compare ``length`` months on each side of a unit's start with units not started.

    The others are weighted by employees. The placebo of a waiting unit is its own change less
    that of the other waiting units; its variance is taken as a + b / employees, both >= 0, from
    least squares over the placebos.

    Args:
        panel: Units x months.
        unit: Row of the unit; it must have ``length`` months on both sides.
        length: Months on each side.
    """
    start = int(panel.start[unit])
    changes = _changes(panel, start, length)
    waiting = (panel.start >= start + length) & ~np.isnan(changes)
    waiting[unit] = False
    controls = np.flatnonzero(waiting)
    if controls.size < _MIN_CONTROLS or np.isnan(changes[unit]):
        return DifferenceInDifferences(float("nan"), float("nan"), int(controls.size))
    delta = float(changes[unit] - _weighted(changes, panel.employees, controls))
    placebos = np.array(
        [
            changes[control] - _weighted(changes, panel.employees, controls[controls != control])
            for control in controls
        ]
    )
    sizes = panel.employees[controls]
    (constant, by_size), _ = nnls(np.column_stack([np.ones(sizes.size), 1 / sizes]), placebos**2)
    scaled = placebos**2 * (constant + by_size / panel.employees[unit])
    larger = int((scaled >= delta**2 * (constant + by_size / sizes)).sum())
    return DifferenceInDifferences(delta, (1 + larger) / (1 + controls.size), int(controls.size))


def _changes(panel: Panel, start: int, length: int) -> Floats:
    before = panel.values[:, start - length : start]
    after = panel.values[:, start : start + length]
    changes = np.full(panel.n_units, np.nan)
    enough = np.minimum((~np.isnan(before)).sum(axis=1), (~np.isnan(after)).sum(axis=1)) >= np.ceil(
        MIN_SHARE * length
    )
    changes[enough] = np.nanmean(after[enough], axis=1) - np.nanmean(before[enough], axis=1)
    return changes


def _weighted(changes: Floats, employees: Floats, units: Ints) -> float:
    return float(np.average(changes[units], weights=employees[units]))
