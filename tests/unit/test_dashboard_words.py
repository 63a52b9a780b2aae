"""The pages' words and figures: both languages alike, nothing dead, Norwegian figures always."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from dashboards.components.tables import plain
from dashboards.text.formats import day, interval, month, months, number, quantity
from tests.conftest import REPO

FOLDER = REPO / "dashboards"
USED = re.compile(r'\bt\(\s*"([a-z_0-9]+)"|\bPage\(\s*"[a-z]+",\s*"([a-z_]+)"')


def words(language: str) -> dict[str, str]:
    return yaml.safe_load((FOLDER / "text" / f"{language}.yml").read_text("utf-8"))


def keys_in_code() -> set[str]:
    code = "".join(file.read_text("utf-8") for file in FOLDER.rglob("*.py"))
    indirect = set(re.findall(r'\("(before|after)", "value_', code))
    return {first or second for first, second in USED.findall(code)} | indirect


def test_both_languages_have_the_same_words_and_all_are_used() -> None:
    assert set(words("nb")) == set(words("en"))
    assert keys_in_code() == set(words("nb"))


def test_both_languages_fill_in_the_same_values() -> None:
    def places(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    nb, en = words("nb"), words("en")
    assert {key: places(nb[key]) for key in nb} == {key: places(en[key]) for key in en}


def test_no_shown_word_stands_in_the_code() -> None:
    norwegian = re.compile(r'"[^"\n]*[æøåÆØÅ][^"\n]*"')
    allowed = {"server.py", "provider.py", "http.py", "formats.py", "theme.py", "catalogue.py"}
    found = [
        (file.name, text)
        for file in FOLDER.rglob("*.py")
        if Path(file).name not in allowed
        for text in norwegian.findall(re.sub(r'"""[\s\S]*?"""', "", file.read_text("utf-8")))
    ]
    assert found == [("frame.py", '"Språk / Language"')] or found == []


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (1234.5, 1, False, "1\u00a0234,5"),
        (-0.04, 1, True, "0,0"),
        (-1.25, 1, True, "\u22121,3"),
        (2, 0, True, "+2"),
        (None, 1, False, ""),
        (1234567, 0, False, "1\u00a0234\u00a0567"),
    ],
)
def test_a_number_is_written_the_norwegian_way(value, decimals, signed, text) -> None:
    assert number(value, decimals, signed=signed) == text


def test_a_change_in_per_cent_is_in_points_and_a_level_is_not() -> None:
    assert quantity(8.42, 1, "pct", "nb") == "8,4\u00a0%"
    assert quantity(-1.2, 1, "pct", "nb", is_change=True) == "\u22121,2\u00a0pp"
    assert quantity(-12, 0, "percent", "en", is_change=True) == "\u221212\u00a0%"
    assert quantity(None, 1, "pct", "nb") == ""


def test_an_interval_needs_both_ends() -> None:
    assert interval(-1, 2, 1) == "\u22121,0\u00a0\u2026\u00a0+2,0"
    assert interval(None, 2, 1) == ""


def test_dates_and_months_are_words_and_figures() -> None:
    assert day(date(2017, 12, 31)) == "31.12.2017"
    # half past eleven at night in UTC is the next day in Oslo
    assert day(datetime(2017, 12, 31, 23, 30, tzinfo=UTC)) == "01.01.2018"
    assert month(date(2017, 3, 1), "nb") == "mars 2017"
    assert months(date(2017, 3, 1), None, "en") == "March 2017\u2013"
    assert months(None, None, "nb") == ""


def test_markdown_in_data_is_shown_as_it_stands() -> None:
    assert plain("![x](http://e.no/a.png)") == r"\!\[x\]\(http\://e.no/a.png\)"
