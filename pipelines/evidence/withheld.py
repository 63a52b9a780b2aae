"""Which rows of a pack may leave: nothing told, now or before, may be set together to a few.

Rows about the same figures are told of overlapping sets of units, so what is told of one can be
taken from what is told of another. Units that no row has ever told apart are a *block*: whatever is
added and subtracted, with whatever factors, the answer is about whole blocks. So it is enough that
every block is large enough to be told of by itself. Nothing is rounded; rounding protects nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

LEAST_UNITS, LEAST_PERSONS = 3, 15
MOST_OF_WEIGHT = 0.7
"""One unit with more than this is told of when its group is."""
ALL = "all"
Reason = Literal[
    "few_units", "few_persons", "unit_below_k", "one_unit_dominates", "difference",
    "model_checks", "no_start_year", "level_hidden", "units_unsure",
]  # fmt: skip
Units = Mapping[str, int]
"""Unit -> persons in it."""


@dataclass(frozen=True)
class Kind:
    """One row that could be told: a metric for all units or for one kind of service.

    Attributes:
        name: ``all`` or the kind.
        units: Its units, with persons.
    """

    name: str
    units: Units


@dataclass(frozen=True)
class Fate:
    """What becomes of a row.

    Attributes:
        name: ``all`` or the kind.
        status: Told as it is now, told again as it was last, or kept back.
        reason: Why it is not told as it is now.
    """

    name: str
    status: Literal["told", "repeated", "suppressed"]
    reason: Reason | None = None


def too_small(units: Units, least_per_unit: int) -> Reason | None:
    """Return why a group of units may not be told of, or None when it may.

    Args:
        units: The group, with persons.
        least_per_unit: Persons that every unit must have.
    """
    persons = sum(units.values())
    if len(units) < LEAST_UNITS:
        return "few_units"
    if min(units.values()) < least_per_unit:
        return "unit_below_k"
    if persons < LEAST_PERSONS:
        return "few_persons"
    return "one_unit_dominates" if max(units.values()) > MOST_OF_WEIGHT * persons else None


def blocks(sets: Iterable[Units]) -> list[Units]:
    """Return the groups of units that none of the sets tells apart.

    Args:
        sets: Units of each row, with persons; where a unit stands in several, the fewest count.
    """
    rows = list(sets)
    places: dict[str, tuple[int, ...]] = {}
    persons: dict[str, int] = {}
    for number, row in enumerate(rows):
        for unit, n in row.items():
            places[unit] = (*places.get(unit, ()), number)
            persons[unit] = min(n, persons.get(unit, n))
    found: dict[tuple[int, ...], dict[str, int]] = {}
    for unit, place in sorted(places.items()):
        found.setdefault(place, {})[unit] = persons[unit]
    return list(found.values())


def decide(kinds: Sequence[Kind], before: Mapping[str, Sequence[Units]], k: int) -> list[Fate]:
    """Decide what becomes of each row of one metric.

    ``all`` is decided first and then the kinds, those of most units first, each against all that
    stands already. A row whose units are as in an earlier pack, or changed by enough, is told; one
    that would tell of a few by itself is told as it was last, or not at all.

    Args:
        kinds: The rows that could be told.
        before: Name -> the units of every row of the metric that has ever left the house, and of
            metrics of which it is a part.
        k: Persons that every unit must have.

    Returns:
        One per kind, in the order given.
    """
    standing = [units for told in before.values() for units in told]
    fates: dict[str, Fate] = {}
    for kind in sorted(kinds, key=lambda one: (one.name != ALL, -len(one.units), one.name)):
        reason = too_small(kind.units, k)
        if reason is None and any(too_small(b, k) for b in blocks([*standing, kind.units])):
            reason = "difference"
        if reason is None:
            standing.append(kind.units)
            fates[kind.name] = Fate(kind.name, "told")
        else:
            fates[kind.name] = kept_back(kind.name, before, reason)
    return [fates[kind.name] for kind in kinds]


def kept_back(name: str, before: Mapping[str, Sequence[Units]], reason: Reason) -> Fate:
    """Return what becomes of a row that may not be told as it is now.

    Args:
        name: ``all`` or the kind.
        before: Name -> the units of every row that has left the house.
        reason: Why not.
    """
    return Fate(name, "repeated" if before.get(name) else "suppressed", reason)
