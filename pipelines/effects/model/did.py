"""Difference in differences against units not started, shown beside the headline.

It is a check, never the headline: units still waiting are themselves a selection.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from pipelines.effects.model.panel import Floats, Ints, Panel

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


@dataclass(frozen=True)
class _Waiting:
    """The units that wait through the months around one start, and their placebos.

    Attributes:
        changes: Mean after less mean before, of every unit; NaN with too few months.
        controls: Rows of the waiting units.
        change: Their weighted mean change; NaN without two of them.
        squares: Square of each one's placebo.
        variance: The placebos' variance as constant and part by 1 / employees.
    """

    changes: Floats
    controls: Ints
    change: float
    squares: Floats
    variance: tuple[float, float]


class Comparisons:
    """Differences in differences of one panel's units; who starts together is compared once."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._known: dict[tuple[int, int], _Waiting] = {}

    def of(self, unit: int, length: int) -> DifferenceInDifferences:
        """Compare ``length`` months on each side of a unit's start with units not started.

        The others are weighted by employees. The placebo of a waiting unit is its own change less
        that of the other waiting units; its variance is taken as a + b / employees, both >= 0, from
        least squares over the placebos.

        Args:
            unit: Row of the unit; it must have ``length`` months on both sides.
            length: Months on each side.
        """
        around = (int(self._panel.start[unit]), length)
        if around not in self._known:
            self._known[around] = _waiting(self._panel, *around)
        others = self._known[around]
        n_controls = int(others.controls.size)
        change = others.changes[unit]
        if n_controls < _MIN_CONTROLS or np.isnan(change):
            return DifferenceInDifferences(float("nan"), float("nan"), n_controls)
        delta = float(change - others.change)
        constant, by_size = others.variance
        sizes, own = self._panel.employees[others.controls], self._panel.employees[unit]
        scaled = others.squares * (constant + by_size / own)
        larger = int((scaled >= delta**2 * (constant + by_size / sizes)).sum())
        return DifferenceInDifferences(delta, (1 + larger) / (1 + n_controls), n_controls)


def difference_in_differences(panel: Panel, unit: int, length: int) -> DifferenceInDifferences:
    """The same as :meth:`Comparisons.of` for a single unit."""
    return Comparisons(panel).of(unit, length)


def _waiting(panel: Panel, start: int, length: int) -> _Waiting:
    changes = _changes(panel, start, length)
    # a unit that starts here is not among them: its own start is before the window's end
    controls = np.flatnonzero((panel.start >= start + length) & ~np.isnan(changes))
    if controls.size < _MIN_CONTROLS:
        return _Waiting(changes, controls, float("nan"), np.empty(0), (0.0, 0.0))
    sizes = panel.employees[controls]
    change = float(np.average(changes[controls], weights=sizes))
    # a change less the mean of the others is its distance from the mean of all, that much longer
    placebos = (changes[controls] - change) / (1 - sizes / sizes.sum())
    design = np.column_stack([np.ones(sizes.size), 1 / sizes])
    (constant, by_size), _ = nnls(design, placebos**2)
    return _Waiting(changes, controls, change, placebos**2, (float(constant), float(by_size)))


def _changes(panel: Panel, start: int, length: int) -> Floats:
    before = panel.values[:, start - length : start]
    after = panel.values[:, start : start + length]
    changes = np.full(panel.n_units, np.nan)
    enough = np.minimum((~np.isnan(before)).sum(axis=1), (~np.isnan(after)).sum(axis=1)) >= np.ceil(
        MIN_SHARE * length
    )
    changes[enough] = np.nanmean(after[enough], axis=1) - np.nanmean(before[enough], axis=1)
    return changes
