"""Nothing of fewer than three units can be had from any rows that leave, in one pack or in twelve.

Every subset of the rows is added and subtracted in every way with factors -1, 0 and 1, and whole
units are looked for among all other factors too.
"""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.evidence.withheld import ALL, LEAST_UNITS, Kind, blocks, decide, too_small

UNITS = [f"u{i:02}" for i in range(14)]
KINDS = ("care", "school", "home")
K = 5
NIGHT = st.dictionaries(
    st.sampled_from(UNITS), st.tuples(st.sampled_from(KINDS), st.integers(4, 30)), max_size=14
)
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from(KINDS), st.integers(4, 30))
             , max_size=4),
    min_size=1, max_size=11,
)  # fmt: skip


def kinds_of(units):
    found = [Kind(ALL, {unit: n for unit, (_, n) in units.items()})]
    for kind in KINDS:
        mine = {unit: n for unit, (name, n) in units.items() if name == kind}
        found += [Kind(kind, mine)] if mine else []
    return [kind for kind in found if kind.units]


def exported(units, before):
    """One more pack: the sets that are told, added to what has been told before."""
    kinds = kinds_of(units)
    for kind, fate in zip(kinds, decide(kinds, before, K), strict=True):
        if fate.status == "told" and kind.units not in before.get(kind.name, []):
            before.setdefault(kind.name, []).append(kind.units)
        if fate.status == "suppressed":
            assert kind.name not in before
        if fate.status != "told":
            assert fate.reason is not None


def assert_nothing_small(before):
    rows = [set(units) for told in before.values() for units in told]
    rows = [row for i, row in enumerate(rows) if row not in rows[:i]]
    vectors = np.array([[unit in row for unit in UNITS] for row in rows], dtype=int)
    for factors in product((-1, 0, 1), repeat=min(len(rows), 7)):
        left = np.count_nonzero(np.array(factors) @ vectors[: len(factors)])
        assert left == 0 or left >= LEAST_UNITS, (factors, rows)
    if len(rows):
        # with any factors at all: no vector of one or two units lies in the span of the rows
        rank = np.linalg.matrix_rank(vectors)
        for place in range(len(UNITS)):
            alone = np.zeros((1, len(UNITS)))
            alone[0, place] = 1
            assert np.linalg.matrix_rank(np.vstack([vectors, alone])) > rank


@settings(max_examples=60)
@given(NIGHT, CHANGES)
def test_twelve_packs_tell_of_no_few(units, changes):
    before = {}
    exported(units, before)
    assert_nothing_small(before)
    for change in changes:
        for unit, kind, n in change:
            if unit in units and n % 3 == 0:
                units = {u: v for u, v in units.items() if u != unit}
            else:
                units = units | {unit: (kind, n)}
        exported(units, before)
    assert_nothing_small(before)


def test_all_and_all_but_one_kind_would_give_a_small_kind_away():
    large = dict.fromkeys(UNITS[:6], 10)
    small = {UNITS[6]: 10}
    kinds = [Kind(ALL, large | small), Kind("care", large), Kind("fire", small)]
    assert [(f.status, f.reason) for f in decide(kinds, {}, K)] == [
        ("told", None), ("suppressed", "difference"), ("suppressed", "few_units")
    ]  # fmt: skip


def test_one_unit_more_next_month_repeats_what_was_told():
    first = dict.fromkeys(UNITS[:4], 10)
    later = first | {UNITS[4]: 10}
    assert decide([Kind(ALL, later)], {ALL: [first]}, K)[0].status == "repeated"
    three_more = first | dict.fromkeys(UNITS[4:7], 10)
    assert decide([Kind(ALL, three_more)], {ALL: [first]}, K)[0].status == "told"
    # two steps of three hide one step of one
    again = first | {UNITS[7]: 10}
    assert decide([Kind(ALL, again)], {ALL: [first, three_more]}, K)[0].status == "repeated"
    assert decide([Kind(ALL, first)], {ALL: [first]}, K)[0].status == "told"


def test_a_group_is_too_small_for_a_named_reason():
    assert too_small({"a": 20, "b": 20}, K) == "few_units"
    assert too_small({"a": 20, "b": 20, "c": 4}, K) == "unit_below_k"
    assert too_small({"a": 4, "b": 4, "c": 4}, 3) == "few_persons"
    assert too_small({"a": 80, "b": 10, "c": 10}, K) == "one_unit_dominates"
    assert too_small({"a": 5, "b": 5, "c": 5}, K) is None
    assert blocks([{"a": 1, "b": 2}, {"b": 3}]) == [{"a": 1}, {"b": 2}]
