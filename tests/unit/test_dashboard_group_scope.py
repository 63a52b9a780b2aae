"""No reader can work out another unit, or too few persons, from the groups they are shown."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.group_scope import shown_groups, shown_keys

UNITS = "abcdefg"
ALL = ("municipality", "all")
HALVES: dict[str, int | None] = dict.fromkeys(UNITS, 2)


def sectors(**units: str) -> dict[tuple[str, str], str]:
    return {ALL: "".join(units.values())} | {("sector", name): u for name, u in units.items()}


@pytest.mark.parametrize(
    ("groups", "own", "shown"),
    [
        # the sector of two less one's own unit is the other, and so are all less the second sector
        (sectors(Helse="ab", Skole="cdefg"), "a", {"all"}),
        (sectors(Helse="abc", Skole="defg"), "a", {"all", "Helse", "Skole"}),
        (sectors(Helse="a", Skole="bcd"), "b", {"all"}),
        # all less the sectors that are left would be the one unit of the last sector
        (sectors(Brann="a", Helse="bc", Skole="defg"), "b", {"all", "Skole"}),
        (sectors(Brann="a", Helse="bcd", Skole="efg"), "b", {"all", "Helse"}),
        # one's own sector alone gives nobody away
        (sectors(Helse="ab", Skole="cdefg"), "ab", {"all", "Helse", "Skole"}),
        ({ALL: "ab"}, "a", set()),
        ({ALL: "ab"}, "ab", {"all"}),
        ({ALL: "abc"}, "a", {"all"}),
        ({ALL: "a"}, "", set()),
    ],
)
def test_a_group_is_shown_where_what_is_left_is_a_group(
    groups: dict[tuple[str, str], str], own: str, shown: set[str]
) -> None:
    assert {name for _, name in shown_groups(groups, HALVES, own)} == shown


def test_what_is_left_must_hold_the_limit_of_persons() -> None:
    small: dict[str, int | None] = {"a": 2, "b": 0, "c": 0}
    assert shown_groups({ALL: "abc"}, small, "a") == frozenset()
    assert shown_groups({ALL: "abc"}, small | {"b": 1}, "a") == frozenset()
    # two halves are one limit
    assert shown_groups({ALL: "abc"}, small | {"b": 1, "c": 1}, "a") == {ALL}
    assert shown_groups({ALL: "abc"}, {}, "a") == frozenset()


def test_a_unit_without_a_figure_of_its_own_hides_no_other() -> None:
    halves = HALVES | {"b": None}
    assert shown_groups({ALL: "abc"}, halves, "a") == frozenset()
    assert shown_groups({ALL: "abcd"}, halves, "a") == {ALL}


def test_what_is_left_of_two_groups_less_each_other_is_looked_at() -> None:
    # the whole less the wave is one unit
    groups = {ALL: "abcd", ("wave", "1"): "abc"}
    assert shown_groups(groups, HALVES, "a") == {ALL}


def test_each_cell_is_judged_for_itself() -> None:
    rows = [("k1", *ALL, unit, 2) for unit in "ab"] + [("k2", *ALL, unit, 2) for unit in "abc"]
    assert shown_keys(rows, "a") == ("k2/municipality/all",)


def test_a_unit_that_is_in_two_sectors_counts_as_where_it_is_fewest() -> None:
    rows: list[tuple[str, str, str, str, int | None]] = [
        *(("k", *ALL, unit, 2) for unit in "abc"),
        ("k", "sector", "x", "c", None),
    ]
    assert shown_keys(rows, "a") == ()
    assert shown_keys(rows[:3], "a") == ("k/municipality/all",)


@st.composite
def cells(
    draw: st.DrawFn,
) -> tuple[dict[tuple[str, str], list[str]], dict[str, int | None], set[str]]:
    """Groups that lie across each other, sizes of the units, and a reader's units."""
    units = UNITS[: draw(st.integers(2, 6))]
    groups = {ALL: list(units)}
    for kind in ("sector", "wave"):
        for unit in units:
            name = draw(st.sampled_from(["x", "y", "z"]))
            groups.setdefault((kind, name), []).append(unit)
    halves = {unit: draw(st.sampled_from([None, 0, 1, 2, 2])) for unit in units}
    return groups, halves, draw(st.sets(st.sampled_from(units), max_size=3))


def gives_away(known: list[set[str]], units: list[str], halves: dict[str, int | None]) -> bool:
    """Ask of every set of units too small to be shown whether the known sums lead to it."""
    table = np.array([[float(unit in group) for unit in units] for group in known])
    if not table.size:
        return False
    whole = np.linalg.matrix_rank(table)
    for chosen in chain.from_iterable(combinations(units, n) for n in range(1, len(units) + 1)):
        counted = [halves[unit] for unit in chosen if halves[unit] is not None]
        is_group = len(counted) >= 2 and sum(counted) >= 2
        others = [index for index, unit in enumerate(units) if unit not in chosen]
        left = np.linalg.matrix_rank(table[:, others]) if others else 0
        if not is_group and left < whole:
            return True
    return False


@settings(max_examples=80)
@given(cell=cells())
def test_no_adding_and_subtracting_leads_to_a_unit_or_to_too_few(
    cell: tuple[dict[tuple[str, str], list[str]], dict[str, int | None], set[str]],
) -> None:
    groups, halves, own = cell
    others = [unit for unit in groups[ALL] if unit not in own]
    rest = {group: set(units) - own for group, units in groups.items()}
    shown = shown_groups(groups, halves, own)
    assert not gives_away([rest[group] for group in shown], others, halves)
    # nothing is held back without need
    for group in groups.keys() - shown:
        assert gives_away([rest[one] for one in (*shown, group)], others, halves)
