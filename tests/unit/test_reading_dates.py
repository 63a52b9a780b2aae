"""Columns of dates: digits that can be two things, time zones, months, quarters."""

from copy import deepcopy
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipelines.ingest.date_forms import parse_date
from pipelines.ingest.dates import DateColumn, joined_dates, read_dates
from tests.case_house import case_feed, case_house, values

HEADER = "Enhet;Måned;Avvik;Timer\n"


def read(*cells: str, **known: Any) -> list[date | str | None]:
    parsed = read_dates(pl.Series(cells, dtype=pl.String), DateColumn(**known))
    return [
        "BAD" if bad else value
        for value, bad in zip(parsed.values.to_list(), parsed.bad.to_list(), strict=True)
    ]


def with_month(**mapping: Any) -> dict[str, Any]:
    return deepcopy(case_feed("unit_metrics")[1]["columns"]) | {"month": mapping}


def month(number: int, year: int = 2024) -> date:
    return date(year, number, 1)


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["20241", "20242", "202410"], [month(1), month(2), month(10)]),
        (["20249", "20241"], [month(9), month(1)]),
        (["20241", "20242", "20243", "20244"], ["BAD"] * 4),
        (["20241", "202402"], ["BAD", month(2)]),
        (["20241", "31.01.2024"], ["BAD", date(2024, 1, 31)]),
        (["19991", "199912"], [month(1, 1999), month(12, 1999)]),
    ],
)
def test_a_year_and_a_month_without_zero_are_a_month_when_the_column_says_so(cells, read_as):
    assert read(*cells) == read_as
    assert read(*cells, typed=True) == read_as


def test_a_feed_can_say_that_months_have_no_zero():
    assert read("20241", "20244", formats=["year_month_unpadded"]) == [month(1), month(4)]


def test_a_day_number_is_one_in_a_workbook_and_in_a_column_of_nothing_else():
    assert read("45322", "45323") == [date(2024, 1, 31), date(2024, 2, 1)]
    assert read("45322", "01.02.2024") == ["BAD", date(2024, 2, 1)]
    assert read("45322", "2024-02-01 00:00:00", typed=True) == [
        date(2024, 1, 31), date(2024, 2, 1),
    ]  # fmt: skip
    assert read("12345") == ["BAD"]
    assert read("43860", typed=True, from_1904=True) == [date(2024, 1, 31)]


def test_six_digits_that_are_mostly_no_months_are_none_of_them():
    assert read("310124", "150124", "200112") == ["BAD"] * 3
    assert read("202401", "202402", "202413") == [month(1), month(2), "BAD"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31T23:00:00Z", date(2024, 2, 1)),
        ("2024-01-31T22:59:59Z", date(2024, 1, 31)),
        ("2024-07-31T22:00:00Z", date(2024, 8, 1)),
        ("2024-07-31T21:59:59.999Z", date(2024, 7, 31)),
        ("2024-03-30T23:00:00Z", date(2024, 3, 31)),  # the night summer time begins
        ("2024-10-26T22:00:00Z", date(2024, 10, 27)),  # and the night it ends
        ("2023-12-31T23:00:00+00:00", date(2024, 1, 1)),
        ("2023-12-31 23:00:00.0000000 +00:00", date(2024, 1, 1)),
        ("2023-12-31T23:00:00+0000", date(2024, 1, 1)),
        ("2024-01-01T00:00:00+0100", date(2024, 1, 1)),
        ("2023-12-31T18:30-05:00", date(2024, 1, 1)),
        ("31.12.2023 23:00 UTC", date(2024, 1, 1)),
        ("2024-01-01T00:00:00+01:00[Europe/Oslo]", date(2024, 1, 1)),
        ("2023-12-31T23:30:00", date(2023, 12, 31)),
    ],
)
def test_a_time_with_a_zone_is_on_its_norwegian_day(text, day):
    assert parse_date(text) == (day, day)


@pytest.mark.parametrize(
    "text", ["2024-01-31T23:00:00+25", "2024-01-31T99:00:00Z", "2024-01-31T23:61Z"]
)
def test_a_time_that_is_none_is_no_date(text):
    assert parse_date(text) is None


def test_days_that_look_like_utc_are_told_of_and_read_so_when_the_feed_says_it(tmp_path):
    contract_rows = (
        "Ansattnr;Enhet;Fra;Til;Type;Grad\n"
        "1;Gimle;2024-01-31 23:00:00;2024-02-14 23:00:00;Sykemelding;100\n"
        "2;Gimle;2024-03-09 23:00:00;2024-03-10 23:00:00;Sykemelding;100\n"
        "3;Gimle;2024-07-31 22:00:00;2024-08-04 22:00:00;Sykemelding;100\n"
    )
    house = case_house(tmp_path / "unsaid", "sick_leave")
    house.take("fravar.csv", contract_rows)
    assert "date for leveransen «spells»" in house.warnings()["utc_suspected"]
    assert values(house, "sick_leave.spells", "start_date")[0] == (date(2024, 1, 31),)
    columns = deepcopy(case_feed("sick_leave")[1]["columns"])
    for name in ("start_date", "end_date"):
        columns[name]["date"] = {"zone": "utc"}
    house = case_house(tmp_path / "said", "sick_leave", columns=columns)
    house.take("fravar.csv", contract_rows)
    assert house.warnings() == {}
    assert values(house, "sick_leave.spells", "start_date", "end_date") == [
        (date(2024, 2, 1), date(2024, 2, 15)),
        (date(2024, 3, 10), date(2024, 3, 11)),
        (date(2024, 8, 1), date(2024, 8, 5)),
    ]


def test_a_month_that_may_be_the_next_one_in_norway_is_set_aside():
    assert read("2024-01-31 23:00:00", is_month=True) == ["BAD"]
    assert read("2024-01-31 23:00:00", is_month=True, utc=True) == [month(2)]
    assert read("2024-01-31 23:00:00", is_month=True, utc=False) == [month(1)]


@pytest.mark.parametrize(
    "day", ["31.01.2024", "29.02.2024", "28.02.2023", "30.04.2024", "31.12.2024"]
)
def test_the_last_day_of_a_month_is_that_month(day):
    first = read(day, is_month=True)[0]
    assert isinstance(first, date)
    assert f"{first:01.%m.%Y}" == "01" + day[2:]


def test_a_day_inside_a_month_is_left_to_the_contract():
    assert read("28.02.2024", is_month=True) == [date(2024, 2, 28)]


QUARTERS = [
    "2024K1", "2024-K1", "2024 K1", "2024Q1", "2024-Q1", "Q1 2024", "K1-2024", "Q1/2024", "1Q2024",
    "1. kvartal 2024", "1 kvartal 2024", "1. kv. 2024", "kvartal 1 2024", "2024 1. kvartal",
]  # fmt: skip


@pytest.mark.parametrize("text", QUARTERS)
def test_a_quarter_is_recognised_and_never_one_month(text):
    assert parse_date(text) == (date(2024, 1, 1), date(2024, 3, 31))
    parsed = read_dates(pl.Series([text]), DateColumn(is_month=True))
    assert parsed.bad[0]
    assert parsed.why is not None
    assert "kan gjelde hele perioden eller én måned" in parsed.why[0]


def test_a_figure_of_a_quarter_s_end_belongs_to_its_last_month_when_the_feed_says_so():
    assert read("2024K1", "4. kvartal 2024", is_month=True, as_month="last") == [
        month(3), month(12),
    ]  # fmt: skip
    assert read("2024K2", is_month=True, as_month="first") == [month(4)]
    assert read("uke 1 2024", is_month=True, as_month="last") == ["BAD"]


def test_rows_of_a_quarter_are_set_aside_and_the_months_are_loaded(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    text = HEADER + "Gimle;2024K1;30;31\nGimle;2024-04;1;2\nGimle;uke 1 2018;1;2\n"
    taken = house.take("tall.csv", text)
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 4)
    assert [reason.split(";")[0] for _, _, reason in house.quarantine()] == [
        "Rad 2, kolonne «Måned»: en periode som er lengre enn en måned kan gjelde hele perioden "
        "eller én måned i den",
        "Rad 4, kolonne «Måned»: en uke er ingen måned",
    ]


def test_a_file_of_nothing_but_quarters_says_why(tmp_path):
    house = case_house(tmp_path, "unit_metrics", max_quarantined_pct=5)
    taken = house.take("tall.csv", HEADER + "Gimle;2024K1;30;31\nGimle;2024K2;30;31\n")
    assert taken.reason_code == "too_many_quarantined"
    assert "as_month: last" in house.quarantine()[0][2]


def test_year_and_month_may_stand_in_two_columns(tmp_path):
    house = case_house(
        tmp_path, "unit_metrics", columns=with_month(concat=["År", "Måned"])
    )  # fmt: skip
    text = "Enhet;År;Måned;Avvik;Timer\n"
    for name in ("1", "februar", "Mar.", "04", "13", ""):
        text += f"Gimle;2024;{name};1;\n"
    taken = house.take("tall.csv", text)
    assert (taken.rows_loaded, taken.rows_quarantined) == (4, 2)
    assert [row[0] for row in values(house, "unit_metrics.values", "month")] == [
        month(number) for number in range(1, 5)
    ]


@pytest.mark.parametrize(
    ("headers", "cell", "text"),
    [
        (("År", "Måned"), "2024-3", "2024-03"),
        (("Måned", "År"), "3-2024", "2024-03"),
        (("År", "Kvartal"), "2024-3", "2024K3"),
        (("År", "Uke"), "2024-3", "uke 3 2024"),
        (("År", "Tertial"), "2024-3", "3. tertial 2024"),
        (("År", "Måned"), "2024-mars", "2024-mars"),
    ],
)
def test_the_second_column_s_name_says_what_its_number_is(headers, cell, text):
    assert joined_dates(pl.Series([cell]), headers).to_list() == [text]
