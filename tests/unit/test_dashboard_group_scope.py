"""No reader can work out another unit, or too few persons, from the groups they are shown."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.group_scope import Told, shown_groups, shown_keys

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


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        # b has come, or gone, since: the difference is b
        (["acd"], "abcd", set()),
        (["abcd"], "acd", set()),
        # two have come, and are a group
        (["acd"], "abcde", {"all"}),
        # of the night between nothing was shown, so the first is what is subtracted
        (["acd", "abcd"], "abcde", {"all"}),
        (["acd", "abcd"], "abcd", set()),
        # what was told is known, and shown again
        (["acd", "abcd"], "acd", {"all"}),
        # one's own unit gives nobody away
        (["bcd"], "abcd", {"all"}),
        # nothing was shown then, so nothing can be subtracted
        (["ab"], "abc", {"all"}),
    ],
)
def test_no_unit_is_told_by_two_editions(before: list[str], now: str, shown: set[str]) -> None:
    history = [Told({ALL: units}, HALVES) for units in before]
    assert {name for _, name in shown_groups({ALL: now}, HALVES, "a", history)} == shown


def test_a_unit_that_gets_a_figure_is_as_one_that_has_come() -> None:
    without = [Told({ALL: "abcd"}, HALVES | {"b": None})]
    assert shown_groups({ALL: "abcd"}, HALVES, "a", without) == frozenset()
    assert shown_groups({ALL: "abcd"}, HALVES | {"b": None}, "a", without) == {ALL}
    # of a size that is no longer known it is the same unit
    assert shown_groups({ALL: "abcd"}, HALVES | {"b": 0}, "a", [Told({ALL: "abcd"}, HALVES)])


def test_what_was_shown_by_the_sizes_of_then_is_known_and_holds_back_no_other() -> None:
    # b and c were a group when it was told; that they are too few now makes nothing of the rest
    groups = sectors(Helse="abc", Skole="defg")
    small = HALVES | {"b": 0, "c": 0}
    shown = shown_groups(groups, small, "a", [Told(groups, HALVES)])
    assert {name for _, name in shown} == {"all", "Helse", "Skole"}


def test_rows_of_earlier_editions_are_read_by_key_and_number() -> None:
    rows = [(key, *ALL, unit, 2) for key in ("k1", "k2") for unit in "abcd"]
    told = [(2, "k1", *ALL, unit, 2) for unit in "acd"]
    told += [(1, "k1", *ALL, unit, 2) for unit in "ab"]
    assert shown_keys(rows, "a", told) == ("k2/municipality/all",)


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


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Told], set[str]]:
    """A cell in three editions: units come, go and change sector and size."""
    told = []
    for _ in range(3):
        units = draw(st.lists(st.sampled_from(UNITS[:6]), min_size=1, unique=True))
        groups = {ALL: list(units)}
        for unit in units:
            groups.setdefault(("sector", draw(st.sampled_from("xy"))), []).append(unit)
        told.append(Told(groups, HALVES))
    return told, draw(st.sets(st.sampled_from(UNITS[:6]), max_size=2))


@settings(max_examples=120)
@given(case=histories())
def test_adding_and_subtracting_over_editions_leads_to_no_unit(
    case: tuple[list[Told], set[str]],
) -> None:
    told, own = case
    others = [unit for unit in UNITS[:6] if unit not in own]
    known: list[set[str]] = []
    for place, edition in enumerate(told):
        shown = shown_groups(edition.groups, edition.halves, own, told[:place])
        known += [set(edition.groups[group]) - own for group in shown]
        assert not gives_away(known, others, HALVES)
        for group in edition.groups.keys() - shown:
            rest = set(edition.groups[group]) - own
            assert gives_away([*known, rest], others, HALVES)
