"""Group-time effects and their means (Callaway and Sant'Anna 2021), without covariates.

In closed form for units x months: the same numbers as diff-diff's ``CallawaySantAnna`` with one
base month for all months, which a test holds, in a hundredth of its time. What is estimated on and
what is said of it live in diagnostics and diagnostic_rows.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.effects.beside.estimates import HORIZON
from pipelines.effects.model.panel import Bools, Floats, Ints


@dataclass(frozen=True)
class Averaged:
    """Means of group-time effects, weighted by the units behind each.

    Attributes:
        months: Months since start, within the horizon, that have any effect; ascending.
        effects: Mean effect in each of them.
        errors: Their standard errors.
        overall: Mean over all months from the start (and its anticipation) on, and its error.
    """

    months: Ints
    effects: Floats
    errors: Floats
    overall: tuple[float, float]


def averaged(values: Floats, start: Ints, anticipation: int, *, is_never: bool) -> Averaged | None:
    """Change since the month before the start, less that of units that wait, in mean.

    The variance is that of the units' influence on a mean, on its weights included.

    Args:
        values: Units x months, NaN where nothing counts.
        start: Column of each unit's start; the number of columns = not within them.
        anticipation: Months just before a start that count as treated.
        is_never: Compare with units that do not start, else with all that have not started yet.

    Returns:
        None where the months are not one unbroken row, somebody starts in the first of them, one
        of the sides is empty, or nothing can be told.
    """
    kept = ~np.isnan(values).all(axis=1)
    cells = _Cells(values[kept], start[kept], anticipation, is_never=is_never)
    if not cells.are_usable:
        return None
    n_units, n_means = cells.start.size, 2 * HORIZON + 1
    weight, shares, leaning = np.zeros((3, n_means))
    moved, by_weights = np.zeros((2, n_units, n_means))
    total = np.zeros(n_means)
    told: list[tuple[Bools, Floats, Floats]] = []
    for first in np.unique(cells.start[cells.is_treated]):
        of_group = cells.of(int(first))
        if of_group is None:
            continue
        mine, count, effect, influence = of_group
        means = _means_of(int(first), count.size, anticipation) * (count > 0)[:, None]
        share = mine.mean()
        n_cells, summed = means.sum(axis=0), effect @ means
        weight += count @ means
        total += (count * effect) @ means
        moved += (influence * count) @ means
        shares += share * n_cells
        leaning += share * summed
        told.append((mine, n_cells, summed))
    known = weight > 0
    if not known.any():
        return None
    divisor, share = np.where(known, weight, 1.0), np.where(known, shares, 1.0)
    for mine, n_cells, summed in told:
        by_weights[mine] = summed / share - n_cells * leaning / share**2
    effects = np.where(known, total / divisor, np.nan)
    psi = moved / divisor + by_weights / n_units
    errors = np.where(known, np.sqrt((psi**2).sum(axis=0)), np.nan)
    months = np.flatnonzero(known[:-1])
    overall = (float(effects[-1]), float(errors[-1]))
    return Averaged(months - HORIZON, effects[months], errors[months], overall)


def _means_of(first: int, n_months: int, anticipation: int) -> Floats:
    """Which means a month of a group is part of: months x (months since start, and overall)."""
    since = np.arange(n_months) - first
    means = np.zeros((n_months, 2 * HORIZON + 1))
    inside = np.flatnonzero((since >= -HORIZON) & (since < HORIZON))
    means[inside, since[inside] + HORIZON] = 1.0
    means[since >= -anticipation, -1] = 1.0
    return means


class _Cells:
    """Groups that start together, month by month, against those that wait."""

    def __init__(self, values: Floats, start: Ints, anticipation: int, *, is_never: bool) -> None:
        self._values, self.start = values, start
        self._anticipation, self._is_never = anticipation, is_never
        self._months = np.arange(values.shape[1])
        self.is_treated: Bools = start < values.shape[1]
        self._seen = np.flatnonzero(~np.isnan(values).all(axis=0))

    @property
    def are_usable(self) -> bool:
        treated, seen = self.is_treated, self._seen
        if not treated.any() or treated.all() or not seen.size:
            return False
        is_unbroken = seen[-1] + 1 == self._months.size and seen.size == seen[-1] + 1 - seen[0]
        return bool(is_unbroken and self.start[treated].min() > 0)

    def of(self, first: int) -> tuple[Bools, Ints, Floats, Floats] | None:
        """Who starts in a month; how many of them, their effect and all units' influence on it.

        Returns:
            None where there is no month before to compare with; else per month, with 0 units and
            effect 0 where one side has no value.
        """
        base = first - 1 - self._anticipation
        if base < self._seen[0]:
            return None
        mine = self.start == first
        change = self._values - self._values[:, [base]]
        known = ~np.isnan(change)
        change = np.where(known, change, 0.0)
        waits = ~self.is_treated[:, None]
        if not self._is_never:
            # at whichever is later: else what they are compared by is touched itself
            through = np.maximum(self._months, base) + self._anticipation
            waits = waits | ((self.start[:, None] > through) & ~mine[:, None])
        treated, waiting = known & mine[:, None], known & waits
        count, n_waiting = treated.sum(axis=0), waiting.sum(axis=0)
        is_told = (count > 0) & (n_waiting > 0) & (self._months != base)
        of_mine = _mean(change, treated, count)
        of_waiting = _mean(change, waiting, n_waiting)
        influence = np.where(treated, (change - of_mine) / np.maximum(count, 1), 0.0)
        influence -= np.where(waiting, (change - of_waiting) / np.maximum(n_waiting, 1), 0.0)
        effect = np.where(is_told, of_mine - of_waiting, 0.0)
        return mine, np.where(is_told, count, 0), effect, influence


def _mean(change: Floats, cells: Bools, count: Ints) -> Floats:
    mean: Floats = np.where(cells, change, 0.0).sum(axis=0) / np.maximum(count, 1)
    return mean
