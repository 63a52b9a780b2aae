"""Which groups' rows a reader of some units may see, so that none gives another unit away.

Pure: sets in, sets out. Whoever knows a group's figure and those of their own units knows what is
left of it; with several groups, whatever adding and subtracting them gives. None of that may be a
single other unit or fewer persons than the limit. Source: the handbook's differencing attack
(Hundepool et al. 2010, on tables with common cells). Reading the groups is in ``marts``.
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from dashboards.row_scope import group_name

Group = tuple[str, str]
"""What kind of group and which: ``("sector", "Omsorg")``."""
ENOUGH_HALVES = 2
"""Two halves of the limit of persons, as ``dim_group_members`` has them."""
_NOTHING = 1e-9
_Row = NDArray[np.float64]


def shown_groups(
    groups: Mapping[Group, Collection[str]], halves: Mapping[str, int | None], own: Collection[str]
) -> frozenset[Group]:
    """Return the groups of one cell whose rows may be shown together.

    The largest are taken first, and those that hold units of the reader's before others; a group
    that would give something away beside those already taken is left out.

    Args:
        groups: The ids of the units behind each group.
        halves: For each unit how many halves of the limit of persons it is sure to hold; None for
            one that has no figure of its own, and so hides no other.
        own: The reader's units.
    """
    rest = {group: frozenset(units) - frozenset(own) for group, units in groups.items()}
    order = sorted(
        groups, key=lambda g: (rest[g] == frozenset(groups[g]), -len(rest[g]), g[0], g[1])
    )
    known = _Known(frozenset().union(*rest.values()), halves)
    return frozenset(group for group in order if known.takes(rest[group]))


def shown_keys(
    members: Iterable[tuple[str, str, str, str, int | None]], own: Collection[str]
) -> tuple[str, ...]:
    """Return the names of all groups of all cells whose rows a reader may see.

    Args:
        members: Rows of ``dim_group_members``: key, level, group, unit, halves of the limit.
        own: The reader's units.
    """
    cells: dict[str, dict[Group, list[str]]] = {}
    halves: dict[str, dict[str, int | None]] = {}
    for key, level, group, unit, n_halves in members:
        cells.setdefault(key, {}).setdefault((level, group), []).append(unit)
        known = halves.setdefault(key, {})
        known[unit] = n_halves if unit not in known else _fewer(known[unit], n_halves)
    return tuple(
        group_name(key, level, group)
        for key, groups in cells.items()
        for level, group in sorted(shown_groups(groups, halves[key], own))
    )


def _fewer(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


class _Known:
    """The sums a reader knows, in reduced row echelon form: what adding and subtracting gives.

    The columns are units: first those that hold at least half the limit of persons, then the
    smaller, last those without a figure. So a row whose first column is among the last two is a
    sum of too few persons, and a row with one column of the first kind tells that unit.
    """

    def __init__(self, units: Collection[str], halves: Mapping[str, int | None]) -> None:
        def kind(unit: str) -> int:
            n = halves.get(unit)
            return 2 if n is None else int(n == 0)

        self._units = sorted(units, key=lambda unit: (kind(unit), unit))
        self._halves = [halves.get(unit) or 0 for unit in self._units]
        self._n_large = sum(kind(unit) == 0 for unit in units)
        self._n_counted = sum(halves.get(unit) is not None for unit in units)
        self._rows = np.zeros((0, len(self._units)))

    def takes(self, units: Collection[str]) -> bool:
        """Take in the sum of some units, unless that would give something away."""
        row = np.array([float(unit in units) for unit in self._units])
        row -= row[self._pivots()] @ self._rows
        found = np.flatnonzero(np.abs(row) > _NOTHING)
        if not found.size:
            # it follows from what is known already
            return True
        pivot = found[0]
        row /= row[pivot]
        rows = np.vstack([self._rows - np.outer(self._rows[:, pivot], row), row])
        rows[np.abs(rows) <= _NOTHING] = 0.0
        if any(self._tells(one) for one in rows):
            return False
        self._rows = rows
        return True

    def _pivots(self) -> list[int]:
        return [int(np.flatnonzero(row)[0]) for row in self._rows]

    def _tells(self, row: _Row) -> bool:
        n_large = np.count_nonzero(row[: self._n_large])
        if n_large != 1:
            return bool(n_large == 0)
        n_small = np.count_nonzero(row[self._n_large : self._n_counted])
        return n_small == 0 or self._halves[int(np.flatnonzero(row)[0])] < ENOUGH_HALVES
