from datetime import date

import polars as pl
import pytest

from pipelines.ingest.dates import parse_date, parse_dates

LAST_OF_2017 = date(2017, 12, 31)
DECEMBER = date(2017, 12, 1)
LAST_QUARTER = date(2017, 10, 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("31.12.2017", LAST_OF_2017),
        ("31.12.17", LAST_OF_2017),
        ("31.12.99", date(1999, 12, 31)),
        ("01.01.69", date(2069, 1, 1)),
        ("01.01.70", date(1970, 1, 1)),
        ("2017-12-31", LAST_OF_2017),
        ("31/12-2017", LAST_OF_2017),
        ("02/01-12", date(2012, 1, 2)),
        ("31/12/2017", LAST_OF_2017),
        ("1.3.2012", date(2012, 3, 1)),
        ("20171231", LAST_OF_2017),
        ("43100", LAST_OF_2017),
        ("43100.5", LAST_OF_2017),
        ("2017-12-31 00:00:00", LAST_OF_2017),
        ("2017-12-31T14:30:00", LAST_OF_2017),
        ("31.12.2017 23:59", LAST_OF_2017),
        ("3. januar 2012", date(2012, 1, 3)),
        ("3. jan. 2012", date(2012, 1, 3)),
        ("des.17", DECEMBER),
        ("des 17", DECEMBER),
        ("Desember 2017", DECEMBER),
        ("DECEMBER-2017", DECEMBER),
        ("2017 desember", DECEMBER),
        ("201712", DECEMBER),
        ("2017-12", DECEMBER),
        ("12.2017", DECEMBER),
        ("2017M12", DECEMBER),
        ("2017K4", LAST_QUARTER),
        ("2017Q4", LAST_QUARTER),
        ("K4 2017", LAST_QUARTER),
        ("4. kvartal 2017", LAST_QUARTER),
        ("uke 52 2017", date(2017, 12, 25)),
        ("Uke 1, 2018", date(2018, 1, 1)),
        ("veke 52 2017", date(2017, 12, 25)),
        ("2017-W52", date(2017, 12, 25)),
    ],
)
def test_a_date_is_read_as_exports_write_it(text, first):
    found = parse_date(text)
    assert found is not None
    assert found[0] == first


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_known_whole_and_short_in_norwegian_and_english(number):
    names = [
        "januar jan january", "februar feb february", "mars mar march", "april apr april",
        "mai mai may", "juni jun june", "juli jul july", "august aug august",
        "september sep september", "oktober okt october", "november nov november",
        "desember des december",
    ][number - 1]  # fmt: skip
    for name in names.split():
        assert parse_date(f"{name} 2017") == parse_date(f"2017-{number:02d}")
        assert parse_date(f"{name.upper()}.17") == parse_date(f"2017-{number:02d}")


@pytest.mark.parametrize(
    "text",
    ["31.02.2017", "13/31/2017", "abc", "2017", "uke 54 2017", "201713", "99999", "mars", "1"],
)
def test_what_is_not_a_date_is_not_made_one(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["31.12.9999", "9999-12-31", "99991231", "00.00.0000", "0", "2958465",
     "31.12.9999 00:00:00", "", None],
)  # fmt: skip
def test_an_open_end_is_empty_and_not_an_error(text):
    parsed = parse_dates(pl.Series([text], dtype=pl.String))
    assert parsed.values.to_list() == [None]
    assert parsed.bad.to_list() == [False]


def test_an_end_column_takes_the_last_day_of_a_period():
    cells = pl.Series(["2017K4", "des.17", "uke 52 2017", "30.11.2017", "februar 2016"])
    assert parse_dates(cells, as_end=True).values.to_list() == [
        LAST_OF_2017, LAST_OF_2017, LAST_OF_2017, date(2017, 11, 30), date(2016, 2, 29),
    ]  # fmt: skip


def test_weeks_and_months_without_a_year_take_it_from_the_file_name():
    cells = pl.Series(["uke 52", "des", "mars"])
    known = parse_dates(cells, year=2017)
    assert known.values.to_list() == [date(2017, 12, 25), DECEMBER, date(2017, 3, 1)]
    assert parse_dates(cells).bad.to_list() == [True, True, True]


def test_only_the_formats_the_feed_lists_are_tried():
    cells = pl.Series(["04/05/2017", "2017"])
    assert parse_dates(cells, ["mdy", "year"]).values.to_list() == [
        date(2017, 4, 5), date(2017, 1, 1),
    ]  # fmt: skip
    assert parse_dates(cells, ["iso"]).bad.to_list() == [True, True]
    assert parse_dates(cells).values.to_list() == [date(2017, 5, 4), None]


@pytest.mark.parametrize("clock", ["", " 00:00"])
def test_american_dates_make_the_others_of_their_column_uncertain(clock):
    cells = pl.Series([f"{text}{clock}" for text in ("01/31/2024", "01/02/2024", "02/05/2024")])
    parsed = parse_dates(cells)
    assert parsed.bad.to_list() == [True] * 3
    assert "2. januar og 1. februar" in parsed.why[1]
    assert parse_dates(cells, ["mdy"]).values.to_list() == [
        date(2024, 1, 31), date(2024, 1, 2), date(2024, 2, 5),
    ]  # fmt: skip


def test_one_slip_among_norwegian_dates_makes_no_other_uncertain():
    parsed = parse_dates(pl.Series(["31/1/2024", "30/1/2024", "1/2/2024", "1/13/2024"]))
    assert parsed.bad.to_list() == [False, False, False, True]
    assert parsed.values[2] == date(2024, 2, 1)


@pytest.mark.parametrize("mark", ["", "-", "/", " "])
def test_unpadded_months_are_months_when_one_is_over_four(mark):
    months = [f"2024{mark}{month}" for month in range(1, 13)]
    read = parse_dates(pl.Series(months))
    assert read.values.to_list() == [date(2024, month, 1) for month in range(1, 13)]
    assert parse_dates(pl.Series(months[:4])).bad.all()
    read = parse_dates(pl.Series(months[:4]), ["year_month_unpadded"])
    assert read.values.to_list() == [date(2024, month, 1) for month in range(1, 5)]
