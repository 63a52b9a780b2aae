"""The seeds are what their generator and the definitions say they are."""

import csv
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from pipelines.settings import DBT_DIR

SEEDS = DBT_DIR / "seeds"


def _rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _working_days(first: date, last: date) -> int:
    free = {date.fromisoformat(row["date_day"]) for row in _rows("holidays_no.csv")}
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return sum(day.isoweekday() <= 5 and day not in free for day in days)


def test_holidays_are_what_the_holidays_package_gives() -> None:
    found = holidays.country_holidays("NO", years=range(2005, 2036), language="no")
    expected = [{"date_day": d.isoformat(), "name_nb": name} for d, name in sorted(found.items())]
    assert _rows("holidays_no.csv") == expected


@pytest.mark.parametrize(
    ("year", "days"),
    [(2011, 253), (2012, 253), (2013, 251), (2014, 252), (2015, 253), (2016, 253), (2017, 251),
     (2018, 251), (2024, 252), (2025, 252), (2026, 253)],
)  # fmt: skip
def test_working_days_of_a_year_are_the_official_number(year: int, days: int) -> None:
    assert _working_days(date(year, 1, 1), date(year, 12, 31)) == days


@pytest.mark.parametrize(("quarter", "days"), [(1, 65), (2, 58), (3, 65), (4, 63)])
def test_working_days_of_the_quarters_of_2017(quarter: int, days: int) -> None:
    first = date(2017, 3 * quarter - 2, 1)
    last = date(2017 + quarter // 4, 3 * quarter % 12 + 1, 1) - timedelta(1)
    assert _working_days(first, last) == days


def test_christmas_eve_and_new_years_eve_are_working_days() -> None:
    free = {row["date_day"] for row in _rows("holidays_no.csv")}
    assert not {"2014-12-24", "2014-12-31"} & free


def test_every_art_is_in_exactly_one_economy_group() -> None:
    arts = [row["art"] for row in _rows("kostra_groups.csv") if row["group_set"] == "economy"]
    assert len(arts) == len(set(arts))


def test_every_group_of_the_economy_table_has_a_name_in_both_languages() -> None:
    groups = {r["group_id"] for r in _rows("kostra_groups.csv") if r["group_set"] == "economy"}
    named = [row for row in _rows("labels.csv") if row["domain"] == "art_group"]
    assert {row["code"] for row in named} == groups | {"all", "operations", "other"}
    assert all(row["label_nb"] and row["label_en"] for row in named)


def test_gross_pay_is_wages_and_social_costs_and_net_pay_adds_the_refund() -> None:
    groups: dict[str, set[str]] = {}
    for row in _rows("kostra_groups.csv"):
        if row["group_set"] == "measure":
            groups.setdefault(row["group_id"], set()).add(row["art"])
    wages = {"010", "020", "030", "040", "050", "070", "075", "080", "089"}
    assert groups["pay"] == wages
    assert groups["pay_gross"] == wages | {"090", "099"}
    assert groups["pay_net"] == wages | {"090", "099", "710"}


@pytest.mark.parametrize(
    ("kind", "code", "first", "last"),
    [("function", "254", "", "2023"), ("function", "257", "2024", ""),
     ("function", "258", "2024", ""), ("function", "332", "", ""),
     ("function", "333", "", "2013"), ("function", "334", "", "2013"),
     ("function", "357", "", "2014"), ("art", "290", "", "2016"), ("art", "790", "", "2016"),
     ("art", "270", "", "2025"), ("art", "271", "2026", ""), ("art", "272", "2026", "")],
)  # fmt: skip
def test_codes_that_changed_are_valid_in_the_right_years(
    kind: str, code: str, first: str, last: str
) -> None:
    (row,) = [r for r in _rows("kostra_codes.csv") if (r["code_type"], r["code"]) == (kind, code)]
    assert (row["valid_from_year"], row["valid_to_year"]) == (first, last)


def test_every_verdict_has_its_words_in_both_languages() -> None:
    sql = (DBT_DIR / "models/intermediate/phases/int_phase_verdicts.sql").read_text("utf-8")
    windows = "".join(
        (DBT_DIR / f"models/intermediate/phases/int_phase_{name}.sql").read_text("utf-8")
        for name in ("windows", "year_windows")
    )
    headlines = DBT_DIR / "models/intermediate/judgement/int_headline_verdicts.sql"
    for row in _rows("verdict_reasons.csv"):
        assert f"'{row['reason_code']}'" in sql + windows + headlines.read_text("utf-8")
        assert row["reason_nb"]
        assert row["reason_en"]


def test_sql_files_are_at_most_eighty_lines() -> None:
    long = [
        path.relative_to(DBT_DIR).as_posix()
        for path in DBT_DIR.rglob("*.sql")
        if "target" not in path.parts and len(Path(path).read_text("utf-8").splitlines()) > 80
    ]
    assert long == []
