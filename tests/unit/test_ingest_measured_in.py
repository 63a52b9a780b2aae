"""Per cent, share of one and days in one column: set aside or refused with both readings."""

from typing import Any

import pytest

from tests.ingest_fixture import SOURCES, House, position, positions

SICK: dict[str, Any] = {
    "id": "sykefravar",
    "table": "unit_months",
    "files": ["syk*.csv"],
    "period": {"source": "column", "column": "month"},
    "max_quarantined_pct": 40,
    "columns": {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Måned"},
        "definition": {"constant": "KS_PAI"},
        "sick_days": {"column": ["Fravær", "Sykefravær %"]},
        "agreed_days": {"column": "Avtalt"},
    },
}


@pytest.fixture
def house(tmp_path) -> House:
    made = House.build(tmp_path)
    made.configure(SOURCES | {"sick_leave": [SICK]})
    return made


def register(*shares: str) -> str:
    return positions(*(position(str(1000 + n), pct=pct) for n, pct in enumerate(shares)))


def percents(house: House) -> list[float]:
    return sorted(float(value) for value in house.table("hr.positions")["position_pct"])


def test_a_share_among_percentages_is_set_aside_with_both_readings(house):
    taken = house.take("stillinger_2012-01.csv", register(*["100"] * 8, "80", "0,8"))
    assert (taken.status, taken.rows_loaded, taken.rows_quarantined) == ("loaded", 9, 1)
    ((row, rule, reason),) = house.quarantine()
    assert (row, rule) == (11, "position_pct|type")
    assert "kan være prosent (0,8 %) eller andel (80 %)" in reason
    assert "columns.position_pct.scale" in reason
    assert percents(house) == [80.0, *[100.0] * 8]


def test_a_column_that_is_half_and_half_is_refused(house):
    taken = house.take("stillinger_2012-01.csv", register("100", "0,8"))
    assert (taken.status, taken.reason_code) == ("rejected", "mixed_units")
    assert "1 tall til og med 1 og 1 over" in taken.reason_nb


def test_shares_with_one_percentage_are_refused_and_not_read_as_percent(house):
    taken = house.take("stillinger_2012-01.csv", register(*["0,8"] * 9, "100"))
    assert (taken.status, taken.reason_code) == ("rejected", "mixed_units")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "0,8", "0,5"], [50.0, 80.0, 100.0]),
        (["100", "80", "1,5"], [1.5, 80.0, 100.0]),
        (["100", "80", "1", "0,01"], [0.01, 1.0, 80.0, 100.0]),
        (["100 %", "0,8 %"], [0.8, 100.0]),
        (["0,8 %", "0,5 %"], [0.5, 0.8]),
    ],
)
def test_a_column_of_one_kind_is_read_as_that_kind(house, cells, expected):
    assert house.take("stillinger_2012-01.csv", register(*cells)).status == "loaded"
    assert percents(house) == expected


def test_a_feed_that_says_its_scale_is_believed(house):
    columns = SOURCES["hr"][0]["columns"]
    said = columns | {"position_pct": columns["position_pct"] | {"scale": 1}}
    house.change_feed("hr", 0, columns=said)
    assert house.take("stillinger_2012-01.csv", register("100", "0,8")).status == "loaded"
    assert percents(house) == [0.8, 100.0]


def test_a_percentage_where_days_are_wanted_is_set_aside(house):
    rows = "".join(f"E1;2012-{m:02d};{m},5;400\n" for m in range(1, 6))
    text = f"Enhet;Måned;Fravær;Avtalt\n{rows}E1;2012-06;8,4 %;400\n"
    taken = house.take("syk.csv", text)
    assert (taken.rows_loaded, taken.rows_quarantined) == (5, 1)
    assert "der dagsverk er ventet" in house.quarantine()[0][2]


def test_a_column_whose_name_says_per_cent_is_no_column_of_days(house):
    taken = house.take("syk.csv", "Enhet;Måned;Sykefravær %;Avtalt\nE1;2012-01;8,4;400\n")
    assert (taken.status, taken.reason_code) == ("rejected", "mixed_units")
    assert "«Sykefravær %» ser ut til å være prosent" in taken.reason_nb
