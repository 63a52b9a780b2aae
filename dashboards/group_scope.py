"""Which groups' rows a reader of some units may see, so that none gives another unit away.

Pure: sets in, sets out. Whoever knows a group's figure and those of their own units knows what is
left of it; with several groups, whatever adding and subtracting them gives. None of that may be a
single other unit or fewer persons than the limit. Source: the handbook's differencing attack
(Hundepool et al. 2010, on tables with common cells). Reading the groups is in ``marts``.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

from dashboards.row_scope import group_name

Group = tuple[str, str]
"""What kind of group and which: ``("sector", "Omsorg")``."""
ENOUGH_UNITS = 2
ENOUGH_HALVES = 2
"""Two halves of the limit of persons, as ``dim_group_members`` has them."""


def shown_groups(
    groups: Mapping[Group, Collection[str]], halves: Mapping[str, int], own: Collection[str]
) -> frozenset[Group]:
    """Return the groups of one cell whose rows may be shown together.

    The largest are taken first, and those that hold units of the reader's before others; a group
    that would give something away beside those already taken is left out.

    Args:
        groups: The ids of the units behind each group.
        halves: For each unit how many halves of the limit of persons it is sure to hold.
        own: The reader's units.
    """
    mine = frozenset(own)
    rest = {group: frozenset(units) - mine for group, units in groups.items()}
    taken: list[Group] = []
    order = sorted(
        groups, key=lambda g: (rest[g] == frozenset(groups[g]), -len(rest[g]), g[0], g[1])
    )
    for group in order:
        if not _gives_away([rest[one] for one in (*taken, group)], halves):
            taken.append(group)
    return frozenset(taken)


def shown_keys(
    members: Iterable[tuple[str, str, str, str, int]], own: Collection[str]
) -> tuple[str, ...]:
    """Return the names of all groups of all cells whose rows a reader may see.

    Args:
        members: Rows of ``dim_group_members``: key, level, group, unit, halves of the limit.
        own: The reader's units.
    """
    cells: dict[str, dict[Group, list[str]]] = {}
    halves: dict[str, dict[str, int]] = {}
    for key, level, group, unit, n_halves in members:
        cells.setdefault(key, {}).setdefault((level, group), []).append(unit)
        halves.setdefault(key, {})[unit] = n_halves
    return tuple(
        group_name(key, level, group)
        for key, groups in cells.items()
        for level, group in sorted(shown_groups(groups, halves[key], own))
    )


def _gives_away(sums: Iterable[frozenset[str]], halves: Mapping[str, int]) -> bool:
    """Whether adding and subtracting the sums can give one unit alone, or too few persons."""
    known = list(dict.fromkeys(units for units in sums if units))
    parts: dict[tuple[int, ...], list[str]] = {}
    for unit in frozenset().union(*known):
        parts.setdefault(tuple(int(unit in units) for units in known), []).append(unit)
    columns = [(pattern, len(units), _persons(units, halves)) for pattern, units in parts.items()]
    single = [index for index, (_, n, _) in enumerate(columns) if n < ENOUGH_UNITS]
    without = {i for i, (_, _, persons) in enumerate(columns) if persons == 0}
    few = [without] + [
        without | {i} for i, (_, _, persons) in enumerate(columns) if persons < ENOUGH_HALVES
    ]
    patterns = [pattern for pattern, _, _ in columns]
    whole = _rank(patterns)
    return any(
        _rank([p for i, p in enumerate(patterns) if i not in closed]) < whole
        for closed in (*({i} for i in single), *few)
        if closed
    )


def _persons(units: Iterable[str], halves: Mapping[str, int]) -> int:
    return sum(halves.get(unit, 0) for unit in units)


def _rank(columns: Iterable[tuple[int, ...]]) -> int:
    """The number of independent columns, exactly."""
    basis: dict[int, list[Fraction]] = {}
    for column in columns:
        left = [Fraction(value) for value in column]
        for place in range(len(left)):
            if left[place] and place in basis:
                factor = left[place]
                left = [a - factor * b for a, b in zip(left, basis[place], strict=True)]
            elif left[place]:
                basis[place] = [item / left[place] for item in left]
                break
    return len(basis)
