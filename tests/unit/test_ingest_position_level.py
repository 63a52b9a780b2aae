"""Registers of positions in hours for per cent, with everybody twice, or with everybody ended."""

import pytest

from tests.ingest_fixture import position, positions

JANUARY, FEBRUARY, MARCH = (f"stillinger_2012-0{month}.csv" for month in (1, 2, 3))
NUMBERS = [str(n) for n in range(100, 140)]


def register(pct=lambda _: "100,00", numbers=NUMBERS, **given):
    return positions(*(position(n, pct=pct(int(n)), **given) for n in numbers))


def usual(number):
    return "100,00" if number % 3 else "50,00"


def hours(number):
    return "37,50" if number % 3 else "18,75"


def test_hours_a_week_in_the_first_register_are_held_with_both_readings(house):
    done = house.take(JANUARY, register(lambda n: "37,5" if n % 3 else "35,5"))
    assert (done.status, done.reason_code) == ("held", "position_hours")
    for words in ("37,5", "35,5", "40 av 40", "timer i uken, eller prosent"):
        assert words in done.reason_nb


@pytest.mark.parametrize("other", [hours, lambda n: "33,00" if n % 3 else "16,50"])
def test_a_register_in_another_measure_than_the_one_before_is_held(house, other):
    house.take(JANUARY, register(usual))
    done = house.take(FEBRUARY, register(other))
    assert done.status == "held"
    assert done.reason_code in {"position_hours", "position_level"}
    assert "timer i uken" in done.reason_nb


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (usual, lambda n: "40,00" if n % 4 else "100,00"),
        # many have a little more, as after a round of raises
        (lambda _: "75,00", lambda _: "80,00"),
        (lambda _: "20,00", lambda n: "25,00" if n % 2 else "30,00"),
        # a share of one is read as per cent
        (usual, lambda n: "1,00" if n % 3 else "0,50"),
    ],
)
def test_parts_of_a_position_that_are_changed_one_by_one_are_no_doubt(house, before, after):
    assert house.take(JANUARY, register(before)).status == "loaded"
    assert house.take(FEBRUARY, register(after)).status == "loaded"


def test_a_register_with_everybody_twice_is_held_with_how_many(house):
    once = register(usual)
    again = once.partition("\n")[2].replace(";1;3120", ";2;3120")
    done = house.take(JANUARY, once + again)
    assert (done.status, done.reason_code) == ("held", "doubled_positions")
    assert "27 av 40 personer" in done.reason_nb
    assert "31.01.2012" in done.reason_nb


def test_a_changed_position_whose_old_row_is_ended_is_no_doubt(house):
    ended = register(usual, end="31.12.2011")
    now = register(usual, start="01.01.2012").partition("\n")[2].replace(";1;3120", ";2;3120")
    assert house.take(JANUARY, ended + now).status == "loaded"


def test_a_register_in_which_everybody_has_ended_is_held(house):
    house.take(JANUARY, register())
    done = house.take(FEBRUARY, register(end="31.01.2012"))
    assert (done.status, done.reason_code) == ("held", "vanished_positions")
    assert "40 av 40 stillinger uten sluttdato" in done.reason_nb
    assert "er avsluttet (40)" in done.reason_nb


def test_temporary_positions_that_end_as_planned_are_no_doubt(house):
    temporary, others = NUMBERS[:15], NUMBERS[15:]
    summer = (
        register(numbers=others) + register(numbers=temporary, end="15.02.2012").partition("\n")[2]
    )
    assert house.take(JANUARY, summer).status == "loaded"
    assert house.take(MARCH, register(numbers=others)).status == "loaded"
    assert "vanished_positions" not in house.warnings()
