"""Figures, dates and units as each language writes them, from one formatter."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipelines.words.numbers import (
    any_value,
    chart_locale,
    day,
    interval,
    moment,
    month,
    months,
    number,
    quantity,
)

MINUS = "\u2212"
SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "nb", "en"),
    [
        (1234.5, 1, False, f"1{SPACE}234,5", "1,234.5"),
        (-0.04, 1, True, "0,0", "0.0"),
        (-1.25, 1, True, f"{MINUS}1,3", f"{MINUS}1.3"),
        (2, 0, True, "+2", "+2"),
        (None, 1, False, "", ""),
        (1234567, 0, False, f"1{SPACE}234{SPACE}567", "1,234,567"),
    ],
)
def test_a_number_is_written_as_the_language_does(value, decimals, signed, nb, en) -> None:
    assert number(value, decimals, "nb", signed=signed) == nb
    assert number(value, decimals, "en", signed=signed) == en


def test_a_change_in_per_cent_is_in_points_and_a_level_is_not() -> None:
    assert quantity(9.6, 1, "pct", "nb") == f"9,6{SPACE}%"
    assert quantity(9.6, 1, "pct", "en") == f"9.6{SPACE}%"
    assert quantity(-1.2, 1, "pct", "nb", is_change=True) == f"{MINUS}1,2{SPACE}pp"
    assert quantity(-12, 0, "percent", "en", is_change=True) == f"{MINUS}12{SPACE}%"
    assert quantity(None, 1, "pct", "nb") == ""


def test_an_interval_needs_both_ends() -> None:
    assert interval(-1, 2, 1, "nb") == f"{MINUS}1,0{SPACE}\u2026{SPACE}+2,0"
    assert interval(-1, 2, 1, "en") == f"{MINUS}1.0{SPACE}\u2026{SPACE}+2.0"
    assert interval(None, 2, 1, "nb") == ""


def test_dates_and_months_are_words_and_figures() -> None:
    assert day(date(2018, 12, 31), "nb") == "31.12.2018"
    assert day(date(2018, 3, 1), "en") == "1 Mar 2018"
    # half past eleven at night in UTC is the next day in Oslo
    assert day(datetime(2017, 12, 31, 23, 30, tzinfo=UTC), "nb") == "01.01.2018"
    assert moment(datetime(2017, 12, 31, 23, 30, tzinfo=UTC), "en") == "1 Jan 2018 00:30"
    assert month(date(2017, 3, 1), "nb") == "mars 2017"
    assert months(date(2017, 3, 1), None, "en") == "March 2017\u2013"
    assert months(None, None, "nb") == ""
    assert day(None, "nb") == moment(None, "en") == month(None, "en") == ""


def test_a_cell_nobody_has_designed_is_written_in_the_language_too() -> None:
    assert any_value(1234.5, "nb") == "1234,5"
    assert any_value(Decimal("-0.25"), "en") == f"{MINUS}0.25"
    assert any_value(date(2018, 12, 31), "en") == "31 Dec 2018"
    assert any_value(datetime(2018, 12, 31, 23, 30), "nb") == "31.12.2018 23:30"  # noqa: DTZ001 - as stored
    assert (any_value(True, "nb"), any_value(False, "en")) == ("ja", "no")


@pytest.mark.parametrize(
    ("language", "decimal", "date_format", "may"), [("nb", ",", "%d.%m.%Y", "mai"),
                                                    ("en", ".", "%-d %b %Y", "May")],
)  # fmt: skip
def test_a_chart_writes_as_the_page_around_it(language, decimal, date_format, may) -> None:
    locale = chart_locale(language)
    assert locale["number"]["decimal"] == decimal
    assert locale["time"]["date"] == date_format
    assert locale["time"]["months"][4] == may
    assert len(locale["time"]["days"]) == 7
    assert locale["time"]["days"][0] in ("søndag", "Sunday")
