"""Sums of another size, quarters for months, two definitions of sick leave: held or set aside."""

from typing import Any

import pytest

from tests.ingest_fixture import SOURCES, House

UNITS = [f"F{n}" for n in range(10, 18)]
MONTHS = [f"{year}-{month:02d}" for year in (2012, 2013) for month in range(1, 13)]
FIGURES: dict[str, Any] = {
    "id": "tall",
    "table": "values",
    "files": ["tall*"],
    "period": {"source": "column", "column": "month"},
    "columns": {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Måned"},
        "measure_id": {"constant": "bed_days"},
        "value": {"column": "Verdi", "number": {"decimal": ","}},
    },
}
SICK: dict[str, Any] = {
    "id": "syk",
    "table": "unit_months",
    "files": ["syk*.csv"],
    "period": {"source": "column", "column": "month"},
    "max_quarantined_pct": 60,
    "columns": {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Måned"},
        "definition": {"column": "Definisjon"},
        "sick_days": {"column": "Syk"},
        "agreed_days": {"column": "Avtalt"},
    },
}
SPELLS: dict[str, Any] = {
    "id": "fravar",
    "table": "spells",
    "files": ["fravar*.csv"],
    "period": {"source": "all"},
    "columns": {
        "person_id": {"column": "Ansatt", "pseudonymise": True},
        "unit_id": {"column": "Enhet"},
        "start_date": {"column": "Fra"},
        "absence_type": {"constant": "certified"},
        "grade_pct": {"constant": 100},
    },
}


@pytest.fixture
def house(tmp_path) -> House:
    made = House.build(tmp_path)
    made.configure(SOURCES | {"unit_metrics": [FIGURES], "sick_leave": [SICK, SPELLS]})
    rows = "".join(f"{unit};Enhet {unit};Omsorg;nursing_home\n" for unit in UNITS)
    made.drop("enheter2.csv", f"Enhetsnr;Enhetsnavn;Område;Type\n{rows}")
    made.ingest()
    return made


def figures(months: list[str], times: float = 1) -> str:
    lines = [
        f"{unit};{month};{(100 + 17 * i + 3 * (n % 4)) * times:.3f}".replace(".", ",")
        for n, month in enumerate(months)
        for i, unit in enumerate(UNITS)
    ]
    return "Enhet;Måned;Verdi\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (0.001, " av det vanlige; kan tusen kroner og kroner være blandet?"),
        (100, " ganger det vanlige; kan prosent og andel"),
        (3, " ganger det vanlige; kan kvartal og måned"),
        (7.5, "timer og dagsverk"),
    ],
)
def test_a_month_of_another_size_is_held_with_the_two_readings(house, times, words):
    assert house.take("tall_1.csv", figures(MONTHS[:12])).status == "loaded"
    taken = house.take("tall_2.csv", figures(MONTHS[12:13], times))
    assert (taken.status, taken.reason_code) == ("held", "other_level")
    assert words in taken.reason_nb
    assert "2013-01: Verdi (bed_days)" in taken.reason_nb


def test_an_ordinary_variation_and_one_units_change_are_no_doubt(house):
    assert house.take("tall_1.csv", figures(MONTHS[:12])).status == "loaded"
    assert house.take("tall_2.csv", figures(MONTHS[12:13], 1.6)).status == "loaded"
    one = figures(MONTHS[13:14]).replace(f"{UNITS[0]};2013-02;100", f"{UNITS[0]};2013-02;100000")
    assert house.take("tall_3.csv", one).status == "loaded"


def test_before_there_is_history_a_thousand_times_is_held(house):
    assert house.take("tall_1.csv", figures(MONTHS[:1])).status == "loaded"
    taken = house.take("tall_2.csv", figures(MONTHS[1:2], 1000))
    assert (taken.status, taken.reason_code) == ("held", "other_level")


def test_quarters_in_a_monthly_feed_are_held_and_a_quarterly_feed_is_asked_about_once(house):
    assert house.take("tall_1.csv", figures(MONTHS[:9])).status == "loaded"
    taken = house.take("tall_2.csv", figures(["2012-10", "2013-01"]))
    assert (taken.status, taken.reason_code) == ("held", "quarters")


def test_a_first_delivery_of_every_third_month_is_asked_about(house):
    taken = house.take("tall.csv", figures(MONTHS[::3]))
    assert (taken.status, taken.reason_code) == ("held", "quarters")
    assert "kvartalstall, som er summen av tre måneder" in taken.reason_nb


def test_two_definitions_in_one_file_are_both_set_aside(house):
    text = (
        "Enhet;Måned;Definisjon;Syk;Avtalt\nE1;2012-01;KS_PAI;20;400\nE1;2012-01;SSB_NAV;14;400\n"
        "E1;2012-02;KS_PAI;21;400\nE2;2012-01;SSB_NAV;9;300\n"
    )
    taken = house.take("syk.csv", text)
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 2)
    found = house.quarantine()
    assert [(row, rule) for row, rule, _ in found] == [
        (2, "two_definitions"),
        (3, "two_definitions"),
    ]
    assert "E1 har sykefravær for 2012-01 etter to definisjoner (KS_PAI, SSB_NAV)" in found[0][2]


def test_sums_beside_own_spells_are_held_in_either_order(house):
    sums = "Enhet;Måned;Definisjon;Syk;Avtalt\nE1;2012-01;KS_PAI;20;400\n"
    spells = "Ansatt;Enhet;Fra\n1;E1;09.01.2012\n"
    assert house.take("fravar.csv", spells).status == "loaded"
    taken = house.take("syk.csv", sums)
    assert (taken.status, taken.reason_code) == ("held", "two_definitions")
    assert "E1 2012-01: KS_PAI og HR_INTERN (egne fraværsperioder)" in taken.reason_nb
    other = "Enhet;Måned;Definisjon;Syk;Avtalt\nE2;2012-01;KS_PAI;20;400\n"
    assert house.take("syk_2.csv", other).status == "loaded"
    taken = house.take("fravar_2.csv", spells + "2;E2;10.01.2012\n")
    assert (taken.status, taken.reason_code) == ("held", "two_definitions")


def test_another_definition_in_a_later_month_is_not_two_for_one(house):
    first = "Enhet;Måned;Definisjon;Syk;Avtalt\nE1;2012-01;KS_PAI;20;400\n"
    later = "Enhet;Måned;Definisjon;Syk;Avtalt\nE1;2012-02;SSB_NAV;20;400\n"
    assert house.take("syk_1.csv", first).status == "loaded"
    assert house.take("syk_2.csv", later).status == "loaded"


def sick_sums(figure) -> str:
    """Return a first month of ready sums; ``figure`` is (unit's number, agreed days) -> sick."""
    lines = [
        f"{unit};2012-01;HR_INTERN;{figure(i, 120 * 1.6**i):.1f};{120 * 1.6**i:.0f}"
        for i, unit in enumerate(UNITS)
    ]
    return "Enhet;Måned;Definisjon;Syk;Avtalt\n" + "\n".join(lines).replace(".", ",") + "\n"


def test_per_cent_for_days_in_the_very_first_month_is_held_with_both_readings(house):
    done = house.take("syk_1.csv", sick_sums(lambda i, _: 4 + (7 * i) % 5))
    assert (done.status, done.reason_code) == ("held", "percent_for_days")
    for words in ("prosent", "dagsverk", "4,0 til 8,0"):
        assert words in (done.reason_nb or "")


@pytest.mark.parametrize("rate", [0.005, 0.01])
def test_days_that_follow_the_units_size_are_no_doubt(house, rate):
    done = house.take("syk_1.csv", sick_sums(lambda i, agreed: agreed * rate * (1 + i % 3)))
    assert done.status == "loaded"
