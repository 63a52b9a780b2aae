"""Deliveries that do not meet what is there: absences without positions, registers half empty."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.periods import register_date
from tests.ingest_fixture import SOURCES, House, feed, position, positions

SPELLS: dict[str, Any] = {
    "id": "spells",
    "table": "spells",
    "files": ["fravar*.csv"],
    "period": {"source": "column", "column": "start_date"},
    "columns": {
        "person_id": {"column": "Ansattnr", "pseudonymise": True},
        "unit_id": {"column": "Ansvar", "unit_code": "cost_centre"},
        "start_date": {"column": "Fra"},
        "end_date": {"column": "Til"},
        "absence_type": {"column": "Type", "values": {"Egenmelding": "self_certified"}},
        "grade_pct": {"constant": "100"},
    },
}
STAFF = [str(number) for number in range(5000, 5010)]


def _absences(*numbers: str, day: str = "03.01.2012") -> str:
    lines = [f"{number};3120;{day};{day};Egenmelding\n" for number in numbers]
    return "Ansattnr;Ansvar;Fra;Til;Type\n" + "".join(lines)


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House.build(tmp_path)
    sources = deepcopy(SOURCES) | {"sick_leave": [SPELLS]}
    sources["hr"][0]["columns"]["employment_type"]["values"]["Timelønn"] = "hourly"
    house.configure(sources)
    return house


def _register(*numbers: str, **more: str) -> str:
    return positions(*(position(number, end="", **more) for number in numbers))


def test_absences_under_other_employee_numbers_are_held_and_the_share_is_said(
    house: House,
) -> None:
    assert house.take("stillinger_2012-01.csv", _register(*STAFF)).status == "loaded"
    taken = house.take("fravar_1.csv", _absences(*(f"A-{number}" for number in STAFF[:6])))
    assert (taken.status, taken.reason_code) == ("held", "unmatched_absences")
    assert taken.reason_nb is not None
    assert "6 av 6 fravær (100 %) treffer ingen stilling" in taken.reason_nb
    assert "6 gjelder ansattnummer som ikke står i stillingsregisteret" in taken.reason_nb
    assert house.table("sick_leave.spells").is_empty()


@pytest.mark.parametrize("form", ["0{}", "000{}", " {} "])
def test_leading_zeros_and_spaces_do_not_make_another_person(house: House, form: str) -> None:
    house.take("stillinger_2012-01.csv", _register(*STAFF))
    assert house.take("fravar_1.csv", _absences(*map(form.format, STAFF))).status == "loaded"
    spells, staff = house.table("sick_leave.spells"), house.table("hr.positions")
    assert set(spells["person_id"]) == set(staff["person_id"])


def test_a_few_absences_of_hourly_paid_hold_nothing(house: House) -> None:
    hourly = "".join(position(f"60{n}", form="Timelønn", end="") for n in range(6))
    house.take("stillinger_2012-01.csv", _register(*STAFF) + hourly)
    good = [_absences(*STAFF, day=f"{day:02}.01.2012") for day in range(2, 6)]
    rows = "".join([good[0], *(part.split("\n", 1)[1] for part in good[1:])])
    bad = _absences(*(f"60{n}" for n in range(6))).split("\n", 1)[1]
    assert house.take("fravar_1.csv", rows + bad).status == "loaded"


def test_all_hourly_paid_is_held_and_says_so(house: House) -> None:
    hourly = "".join(position(f"60{n}", form="Timelønn", end="") for n in range(6))
    house.take("stillinger_2012-01.csv", _register(*STAFF) + hourly)
    taken = house.take("fravar_1.csv", _absences(*(f"60{n}" for n in range(6))))
    assert taken.status == "held"
    assert taken.reason_nb is not None
    assert "6 timelønnede uten avtalt tid" in taken.reason_nb


def test_absences_before_any_register_are_not_judged(house: House) -> None:
    assert house.take("fravar_1.csv", _absences(*STAFF)).status == "loaded"


def test_the_share_is_a_setting_of_the_feed(house: House) -> None:
    house.configure(
        deepcopy(SOURCES) | {"sick_leave": [SPELLS | {"max_unmatched_pct": 100}]},
    )
    house.take("stillinger_2012-01.csv", _register(*STAFF))
    taken = house.take("fravar_1.csv", _absences(*(f"A-{number}" for number in STAFF)))
    assert taken.status == "loaded"


def test_positions_that_are_gone_from_a_register_are_said(house: House) -> None:
    house.take("stillinger_2012-01.csv", _register(*STAFF))
    assert house.take("stillinger_2012-02.csv", _register(*STAFF[2:])).status == "loaded"
    assert house.warnings()["vanished_positions"] == (
        "2 stillinger uten sluttdato finnes ikke i det nye registeret; de regnes som avsluttet per "
        "31.01.2012, det siste registeret som hadde dem. Lever sluttdatoen for å rette det."
    )


def test_a_register_that_most_have_left_is_held(house: House) -> None:
    house.take("stillinger_2012-01.csv", _register(*STAFF))
    taken = house.take("stillinger_2012-02.csv", _register(*STAFF[:3]))
    assert (taken.status, taken.reason_code) == ("held", "vanished_positions")
    assert taken.reason_nb is not None
    assert "7 av 10 stillinger uten sluttdato (70 %) i registeret per 31.01.2012" in taken.reason_nb
    assert "vanished_positions" not in house.warnings()


def test_those_who_have_left_with_an_end_have_not_vanished(house: House) -> None:
    ended = "".join(position(number, end="15.01.2012") for number in STAFF[:8])
    house.take("stillinger_2012-01.csv", _register(*STAFF[8:]) + ended)
    assert house.take("stillinger_2012-02.csv", _register(*STAFF[8:])).status == "loaded"
    assert "vanished_positions" not in house.warnings()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("stillinger_20181231.csv", date(2018, 12, 31)),
        ("stillinger_2024-03.csv", date(2024, 3, 31)),
        ("stillinger 2024.02.15 kl 06.csv", date(2024, 2, 15)),
        ("stillinger.csv", date(2024, 5, 7)),
        ("stillinger_2009-01_2018-12.csv", date(2024, 5, 7)),
        ("stillinger_2024-09.csv", date(2024, 5, 7)),
        ("stillinger_4711.csv", date(2024, 5, 7)),
    ],
)
def test_a_register_of_everything_tells_of_the_day_in_its_name(name: str, day: date) -> None:
    whole = feed("hr", period={"source": "all"})
    assert register_date(whole, name, date(2024, 5, 7)) == day


def test_a_file_of_its_rows_own_months_is_no_register() -> None:
    by_row = feed("hr", period={"source": "column", "column": "start_date"})
    assert register_date(by_row, "stillinger_2024-03.csv", date(2024, 5, 7)) is None


def test_a_whole_register_stands_beside_the_one_before(house: House) -> None:
    house.change_feed("hr", 0, period={"source": "all"}, files=["stillinger*"])
    house.take("stillinger_2012-01.csv", _register(*STAFF))
    house.take("stillinger_2012-02.csv", _register(*STAFF[2:]))
    assert house.table("hr.positions").height == 10 + 8
    assert "per 31.01.2012" in house.warnings()["vanished_positions"]
    found = house.table("ops.deliveries").filter(table_name="positions")
    assert found["register_date"].to_list() == [date(2012, 1, 31), date(2012, 2, 29)]
    assert set(found["status"]) == {"loaded"}
