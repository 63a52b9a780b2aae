"""Which groups' rows a reader of some units may see, so that none gives another unit away.

Pure: sets in, sets out. Whoever knows a group's figure and those of their own units knows what is
left of it; with several groups, or the same group in several editions, whatever adding and
subtracting them gives. None of that may be a single other unit or fewer persons than the limit.
Source: the handbook's differencing attack (Hundepool et al. 2010, on tables with common cells).
Reading the groups is in ``marts``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboards.row_scope import group_name

Group = tuple[str, str]
"""What kind of group and which: ``("sector", "Omsorg")``."""
Member = tuple[str, str, str, str, int | None]
"""A unit of a group: the cell's key, kind of group, which, the unit, halves of the limit."""
ToldMember = tuple[int, str, str, str, str, int | None]
"""The same in an earlier edition, after the number of the composition."""
ENOUGH_HALVES = 2
"""Two halves of the limit of persons, as ``dim_group_members`` has them."""
_WITHOUT = "/without"
_NOTHING = 1e-9
_Row = NDArray[np.float64]
_Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """The groups of one cell as one edition had them.

    Attributes:
        groups: The ids of the units behind each group.
        halves: For each unit how many halves of the limit of persons it is sure to hold; None for
            one that has no figure of its own, and so hides no other.
    """

    groups: Mapping[Group, Collection[str]]
    halves: Mapping[str, int | None]


def shown_groups(
    groups: Mapping[Group, Collection[str]],
    halves: Mapping[str, int | None],
    own: Collection[str],
    before: Sequence[Told] = (),
) -> frozenset[Group]:
    """Return the groups of one cell whose rows may be shown together.

    The largest are taken first, and those that hold units of the reader's before others; a group
    that would give something away beside those already taken is left out. So is one that would
    beside what the reader was given in earlier editions: a sector with a unit that has come since,
    less the same sector without it, is that unit.

    Args:
        groups: The ids of the units behind each group.
        halves: For each unit how many halves of the limit of persons it is sure to hold; None for
            one that has no figure of its own, and so hides no other.
        own: The reader's units.
        before: The cell as earlier editions had it, the oldest first.
    """
    given: list[frozenset[str]] = []
    sizes: dict[str, int | None] = {}
    shown: frozenset[Group] = frozenset()
    for told in (*before, Told(groups, halves)):
        sizes |= {_apart(unit, told.halves): told.halves.get(unit) for unit in _units(told)}
        rest = {
            group: frozenset(_apart(unit, told.halves) for unit in units if unit not in own)
            for group, units in told.groups.items()
        }
        shown = _taken(rest, told.groups, sizes, given)
        given += [rest[group] for group in sorted(shown)]
    return shown


def _units(told: Told) -> frozenset[str]:
    return frozenset().union(*told.groups.values())


def _apart(unit: str, halves: Mapping[str, int | None]) -> str:
    # with a figure that it had not, a unit is as one that has come
    return unit if halves.get(unit) is not None else f"{unit}{_WITHOUT}"


def _taken(
    rest: Mapping[Group, frozenset[str]],
    groups: Mapping[Group, Collection[str]],
    halves: Mapping[str, int | None],
    given: Iterable[frozenset[str]],
) -> frozenset[Group]:
    order = sorted(
        groups, key=lambda g: (len(rest[g]) == len(groups[g]), -len(rest[g]), g[0], g[1])
    )
    known = _Known(frozenset().union(*rest.values(), *given), halves)
    for units in given:
        known.has(units)
    return frozenset(group for group in order if known.takes(rest[group]))


def shown_keys(
    members: Iterable[Member], own: Collection[str], before: Iterable[ToldMember] = ()
) -> tuple[str, ...]:
    """Return the names of all groups of all cells whose rows a reader may see.

    Args:
        members: Rows of ``dim_group_members``: key, level, group, unit, halves of the limit.
        own: The reader's units.
        before: Rows of ``dim_group_members_told``: the same after the number of the composition.
    """
    cells: dict[str, list[Member]] = {}
    for row in members:
        cells.setdefault(row[0], []).append(row)
    earlier: dict[str, dict[int, list[Member]]] = {}
    for told in before:
        earlier.setdefault(told[1], {}).setdefault(told[0], []).append(told[1:])
    found = []
    for key, rows in cells.items():
        now = _told(rows)
        history = [_told(each) for _, each in sorted(earlier.get(key, {}).items())]
        shown = shown_groups(now.groups, now.halves, own, history)
        found += [group_name(key, level, group) for level, group in sorted(shown)]
    return tuple(found)


def _told(rows: Iterable[Member]) -> Told:
    groups: dict[Group, list[str]] = {}
    halves: dict[str, int | None] = {}
    for _, level, group, unit, n_halves in rows:
        groups.setdefault((level, group), []).append(unit)
        halves[unit] = n_halves if unit not in halves else _fewer(halves[unit], n_halves)
    return Told(groups, halves)


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

    def has(self, units: Collection[str]) -> None:
        """Take in the sum of some units that was given before, whatever it tells by now."""
        rows = self._with(units)
        self._rows = self._rows if rows is None else rows

    def takes(self, units: Collection[str]) -> bool:
        """Take in the sum of some units, unless that would give something more away."""
        rows = self._with(units)
        if rows is None:
            # it follows from what is known already
            return True
        if any(self._tells(one) and not self._is_known(one) for one in rows):
            return False
        self._rows = rows
        return True

    def _with(self, units: Collection[str]) -> _Rows | None:
        row = np.array([float(unit in units) for unit in self._units])
        row -= row[self._pivots()] @ self._rows
        found = np.flatnonzero(np.abs(row) > _NOTHING)
        if not found.size:
            return None
        pivot = found[0]
        row /= row[pivot]
        rows = np.vstack([self._rows - np.outer(self._rows[:, pivot], row), row])
        rows[np.abs(rows) <= _NOTHING] = 0.0
        return rows

    def _is_known(self, row: _Row) -> bool:
        return any(np.allclose(row, one, rtol=0, atol=_NOTHING) for one in self._rows)

    def _pivots(self) -> list[int]:
        return [int(np.flatnonzero(row)[0]) for row in self._rows]

    def _tells(self, row: _Row) -> bool:
        n_large = np.count_nonzero(row[: self._n_large])
        if n_large != 1:
            return bool(n_large == 0)
        n_small = np.count_nonzero(row[self._n_large : self._n_counted])
        return n_small == 0 or self._halves[int(np.flatnonzero(row)[0])] < ENOUGH_HALVES
