"""What units show per year gives nothing away between editions: growth, late units, corrections."""

from dataclasses import replace

import numpy as np
import pytest

from tests.parts_editions import Key, PartsEditions
from tests.parts_town import PARTS, PartsTown, Person

SECTORS = ("s0",) * 7 + ("s1",) * 5
SIZES = (12, 4, 15, 11, 18, 13, 12, 14, 9, 12, 16, 11)
GROUPS = (("sector", "s0"), ("sector", "s1"), ("municipality", "all"))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> PartsEditions:
    return PartsEditions(tmp_path_factory.mktemp("parts"))


@pytest.fixture
def editions(compiled: PartsEditions, request: pytest.FixtureRequest) -> PartsEditions:
    compiled.forget(request.node.name)
    return compiled


def _town(seed: int, n_months: int = 12) -> PartsTown:
    """Two sectors, in which everybody is away now and then; the same of every length."""
    rng = np.random.default_rng(seed)
    people = []
    for unit, size in enumerate(SIZES):
        for _ in range(size):
            away = {
                (month, PARTS[rng.choice(3, p=(0.6, 0.2, 0.2))]): float(rng.integers(1, 9))
                for month in range(12)
                if rng.random() < 0.4
            }
            people.append(Person((unit,), away))
    return PartsTown(SECTORS, tuple(people), n_months=n_months)


def _shown(edition: dict[Key, float | None], part: str) -> set[Key]:
    return {key for key, figure in edition.items() if key[2] == part and figure is not None}


@pytest.mark.parametrize("seed", range(2))
def test_at_no_cut_off_date_is_shown_what_another_hid(editions: PartsEditions, seed: int) -> None:
    hidden: set[Key] = set()
    before: dict[Key, float | None] = {}
    for n_months in (1, 2, 5, 11, 12, 12):
        after = editions.publish(_town(seed, n_months))
        # months of units are never shown, years that are over are judged once and for all
        assert not [key for key in hidden if after[key] is not None]
        for key, figure in before.items():
            if figure is not None and after[key] is not None:
                assert after[key] == pytest.approx(figure, abs=1e-9), key
        hidden |= {
            key
            for key, figure in after.items()
            if figure is None and key[2] in PARTS and (key[3] or n_months == 12)
        }
        before = after
    assert any(key[0] == "unit" and key[3] == 0 for key in _shown(before, "short"))
    assert any(key[0] == "unit" and key[3] == 0 for key in hidden)


def test_the_same_is_shown_night_for_night_also_where_sectors_have_few_units(
    editions: PartsEditions,
) -> None:
    # a sector that may show no month is hidden behind the municipality's, with company
    town = replace(_town(1), sectors=("s0",) * 5 + ("s2",) * 2 + ("s3",) * 5)
    first = editions.publish(town)
    assert any(first["municipality", "all", "short", month] is not None for month in range(1, 13))
    assert all(first["sector", "s2", "short", month] is None for month in range(1, 13))
    for _ in range(2):
        assert editions.publish(town) == first


@pytest.mark.parametrize("late", [2, 4])
def test_a_unit_that_comes_late_moves_no_part_of_its_group_alone(
    editions: PartsEditions, late: int
) -> None:
    town = _town(3)
    first = editions.publish(replace(town, late=frozenset({late})))
    after = editions.publish(town)
    shown = [key for part in PARTS for key in _shown(first, part) if key[:2] in GROUPS]
    assert len(shown) > 20
    for key in shown:
        assert after[key] in (None, pytest.approx(first[key], abs=1e-9)), key
    # the unit's own total is shown, and in its groups'
    key = ("unit", f"u{late:02}", "total", 1)
    assert after[key] is not None
    whole = ("municipality", "all", "total", 1)
    assert after[whole] == pytest.approx(first[whole] + after[key])


def test_units_that_are_late_together_move_their_groups_parts_together(
    editions: PartsEditions,
) -> None:
    town = _town(3)
    first = editions.publish(replace(town, late=frozenset({2, 4})))
    after = editions.publish(town)
    moved = [
        key
        for key in _shown(first, "short")
        if key[:2] == ("sector", "s0") and after[key] is not None and after[key] != first[key]
    ]
    assert moved


def _reclassified(town: PartsTown, unit: int) -> PartsTown:
    """All that a unit's people were away for medium was long."""
    people = tuple(
        replace(person, days={
            (month, "long" if part == "medium" else part): days
            for (month, part), days in person.days.items()
        }) if person.units[0] == unit else person
        for person in town.people
    )  # fmt: skip
    return replace(town, people=people)


def test_a_correction_of_a_part_whose_year_is_hidden_moves_nothing(
    editions: PartsEditions,
) -> None:
    town = _town(5)
    first = editions.publish(town)
    hidden = [
        unit
        for unit, size in enumerate(SIZES)
        if size >= 10 and first["unit", f"u{unit:02}", "medium", 0] is None
    ]
    assert hidden
    for unit in hidden:
        after = editions.publish(_reclassified(town, unit))
        moved = {
            key
            for key in first
            if key[:2] in GROUPS
            if first[key] is not None
            if after[key] not in (None, pytest.approx(first[key], abs=1e-9))
        }
        assert not moved, unit


def _gone_on(town: PartsTown, unit: int, months: range) -> PartsTown:
    """One case of a unit that was short so far is long, in the months it lasted."""
    people = list(town.people)
    place, person = next(
        (place, person)
        for place, person in enumerate(people)
        if person.units[0] == unit and any((month, "short") in person.days for month in months)
    )
    days = {
        (month, "long" if part == "short" and month in months else part): found
        for (month, part), found in person.days.items()
    }
    people[place] = replace(person, days=days)
    return replace(town, people=tuple(people))


def _moved(before: dict[Key, float | None], after: dict[Key, float | None]) -> set[Key]:
    return {
        key
        for key, figure in before.items()
        if figure is not None
        if after[key] not in (None, pytest.approx(figure, abs=1e-9))
    }


def test_a_case_that_goes_on_moves_nothing_that_was_shown(editions: PartsEditions) -> None:
    town, last = _town(3), range(10, 12)
    at_new_year = editions.publish(replace(town, unsettled=2))
    shown = {key for part in PARTS for key in _shown(at_new_year, part)}
    # neither a year nor one of its last two months
    assert len(shown) > 20
    assert all(1 <= key[3] <= 10 for key in shown)
    later = editions.publish(_gone_on(town, 2, last))
    assert not _moved(at_new_year, later)
    # what waited is shown then, judged as if nothing had been hidden before
    editions.forget("another")
    assert later == editions.publish(_gone_on(town, 2, last))
    assert any(key[0] == "unit" and key[3] == 0 for key in _shown(later, "short"))


def test_shown_before_cases_are_over_the_same_case_would_be_seen(editions: PartsEditions) -> None:
    town = _town(3)
    moved = _moved(editions.publish(town), editions.publish(_gone_on(town, 2, range(10, 12))))
    assert any(key[:2] in GROUPS and key[3] >= 11 for key in moved)
