"""A birth date and five digits are a person's however they are written, and an invoice is none."""

import random
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from pipelines.desk.identity_numbers import could_be_alive
from pipelines.desk.personal_identifiers import (
    HIDDEN,
    MAY_HOLD,
    hits_in_column,
    hold_certain,
    identifiers_in,
    masked,
)
from tests.written_apart import APART, FIVE, OTHERS, N

FORMS = pytest.mark.parametrize("text", APART.values(), ids=APART.keys())


@FORMS
def test_halves_are_seen_and_hidden_in_every_form(text: str) -> None:
    told = f"Team Gimle, {text}."
    assert hits_in_column([text, told, "ok"]) == dict.fromkeys((text, told), "identity_number")
    assert hold_certain([None, "7174", told])
    left = masked(told)
    assert HIDDEN in left
    assert FIVE not in left
    assert identifiers_in(left) == []


def test_no_form_is_passed_over_before_it_is_read() -> None:
    texts = pl.Series([*APART.values()])
    assert texts.filter(~texts.str.contains(MAY_HOLD)).to_list() == []
    with duckdb.connect() as con:
        for text in texts:
            assert con.execute("select regexp_matches(?, ?)", [text, MAY_HOLD]).fetchone() == (
                True,
            )


@pytest.mark.parametrize("text", OTHERS)
def test_dates_beside_codes_and_sums_are_left_alone(text: str) -> None:
    assert hits_in_column([text]) == {}
    assert not hold_certain([text])
    assert masked(text) == text


def test_five_digits_called_a_persons_need_no_check_digits() -> None:
    text = "født 15.06.1983, personnummer 12211"  # as numbers of 2032 may have them
    assert hits_in_column([text]) == {text: "identity_number"}


def _lines(form: str, n: int) -> list[str]:
    chance = random.Random(2017)  # noqa: S311 - drawn the same each time
    days = [date(2008, 1, 1) + timedelta(chance.randrange(6500)) for _ in range(n)]
    return [
        form.format(day=day, account=chance.choice("123") + f"{chance.randrange(10**4):04d}")
        for day in days
    ]


@pytest.mark.parametrize(
    "form",
    [
        "Faktura {day:%d.%m.%Y} {account}", "{day:%d%m%y} og {account}",
        "{account} bilagt {day:%d%m%y}",
        "{account} {day:%Y-%m-%d}", "Varer {day:%d.%m.%y} mva {account}",
    ],
)  # fmt: skip
def test_lines_of_accounts_with_a_day_and_an_account_are_no_persons(form: str) -> None:
    lines = _lines(form, 2000)
    assert [line for line in lines if hits_in_column([line])] == []


def test_pairs_that_chance_gives_are_none_in_a_column_of_them_and_a_word_still_tells() -> None:
    chance = random.Random(2017)  # noqa: S311 - drawn the same each time
    pairs = [f"{chance.randrange(10000, 99999)} 1506{n % 30 + 60}" for n in range(1000)]
    assert any(hits_in_column([pair]) for pair in pairs)
    said = APART["f and pnr"]
    assert hits_in_column([*pairs, said]) == {said: "identity_number"}
    assert hold_certain([*pairs, said])
    assert not hold_certain(pairs)


def test_the_individual_number_says_the_century_until_2032() -> None:
    before, after = date(2031, 12, 31), date(2032, 1, 1)
    assert could_be_alive(N, 1983, today=before)
    assert not could_be_alive(N, 2083, today=before)
    assert not could_be_alive("31122312210", 2023, today=before)
    assert could_be_alive("31122312210", 2023, today=after)
    assert not could_be_alive("31122312210", 2023, youngest=13, today=after)
    assert not could_be_alive("31122312210", today=before)  # 1923: older than anybody looked for


@pytest.mark.parametrize(
    "text",
    [
        "Tlf 91 23 45 67 Per Hansen", "Per Hansen, mob. 91234567", "Per Hansen 912 34 567",
        "Base Nord (Per Hansen, tlf: +47 41 23 45 67)", "Telefon 91234567, Kari Nordmann",
    ],
)  # fmt: skip
def test_a_mobile_number_beside_a_name_is_a_persons(text: str) -> None:
    assert hits_in_column([text]) == {text: "telephone"}
    assert hold_certain([text])
    assert "67" not in masked(text)
    assert pl.Series([text]).str.contains(MAY_HOLD).all()


@pytest.mark.parametrize(
    "text",
    [
        "Sentralbord 61 15 33 00 Vestre Toten", "Tlf 61 15 33 00", "91 23 45 67", "91234567",
        "Konto 41203040 Vestre Toten", "Tlf 912 34 567", "kr 1 912 34 567,00 Vestre Toten",
    ],
)  # fmt: skip
def test_an_offices_number_or_one_that_stands_alone_is_left(text: str) -> None:
    assert hits_in_column([text]) == {}
    assert masked(text) == text
