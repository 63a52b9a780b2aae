import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers
from pipelines.municipality.feeds import NumberFormat


def read(*cells, style=None, typed=False):
    parsed = parse_numbers(pl.Series(cells, dtype=pl.String), style, typed=typed)
    return [
        "BAD" if bad else value
        for value, bad in zip(parsed.values.to_list(), parsed.bad.to_list(), strict=True)
    ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234 567,50", 1234567.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1.234.567,50", 1234567.5),
        ("1,234,567.50", 1234567.5),
        ("1'234'567,5", 1234567.5),
        ("-500", -500.0),
        ("- 500", -500.0),
        ("500-", -500.0),
        ("181 220,50-", -181220.5),
        ("(412 300,00)", -412300.0),
        ("\u2212500", -500.0),
        ("\u2013500", -500.0),
        ("+3", 3.0),
        ("12,5 %", 12.5),
        ("12,5%", 12.5),
        ("kr 1 500", 1500.0),
        ("1 500,00 kr", 1500.0),
        ("1 500,-", 1500.0),
        ("'00123", 123.0),
        ("1,2E+06", 1_200_000.0),
        ("1,2e6", 1_200_000.0),
        (",5", 0.5),
        ("0.400", 0.4),
        ("1234,500", 1234.5),
        (":", None),
        ("..", None),
        (".", None),
        ("-", None),
        (None, None),
        ("abc", "BAD"),
        ("12 34", "BAD"),
        ("31.12.2017", "BAD"),
        ("1,2,3", "BAD"),
        ("-5-", "BAD"),
        ("5 timer", "BAD"),
        ("nan", "BAD"),
        ("inf", "BAD"),
    ],
)
def test_a_number_is_read_as_norwegian_exports_write_it(cell, value):
    assert read(cell) == [value]


def test_a_point_or_comma_before_three_digits_alone_is_ambiguous():
    for cell in ("13.400", "13,400", "1.234"):
        with pytest.raises(AmbiguousNumberError):
            read(cell, "200")


def test_the_column_decides_what_a_point_means():
    assert read("13.400", "1.234.567,50") == [13400.0, 1234567.5]
    assert read("13,400", "1,234.50") == [13400.0, 1234.5]
    assert read("13.400", "0.5") == [13.4, 0.5]


def test_a_column_that_contradicts_itself_is_ambiguous():
    with pytest.raises(AmbiguousNumberError):
        read("1,5", "1.5")


def test_one_stray_cell_among_many_is_bad_and_does_not_decide():
    cells = ["1,5"] * 20
    assert read(*cells, "1.5") == [1.5] * 20 + ["BAD"]


def test_configuration_decides_before_the_column():
    assert read("13.400", style=NumberFormat(decimal=".")) == [13.4]
    assert read("13.400", style=NumberFormat(thousands=(".",))) == [13400.0]
    assert read("13.400", style=NumberFormat(decimal=",")) == ["BAD"]


def test_a_lone_dash_is_zero_when_the_feed_says_so():
    zero = NumberFormat(dash="zero")
    assert read("-", "–", "1,5", None, style=zero) == [0.0, 0.0, 1.5, None]


def test_a_per_cent_sign_is_bad_where_the_feed_refuses_it():
    assert read("12 %", style=NumberFormat(percent=False)) == ["BAD"]
    assert read("12 %", style=NumberFormat(percent=True)) == [12.0]


def test_number_cells_of_a_workbook_have_a_decimal_point():
    assert read("13.125", "1431220.5", "0.0000001", "1e-7", typed=True) == [
        13.125, 1431220.5, 1e-7, 1e-7,
    ]  # fmt: skip
    assert read("0,4", "1431220.5", typed=True) == [0.4, 1431220.5]
    assert read("1431220.5", "13.125", style=NumberFormat(decimal=","), typed=True) == [
        1431220.5, 13.125,
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [("0,4", "13.125"), ("13.400",)])
def test_text_and_number_cells_that_could_be_either_are_ambiguous(cells):
    with pytest.raises(AmbiguousNumberError):
        read(*cells, typed=True)


_MARKS = st.sampled_from(
    [("", ","), (" ", ","), ("\u00a0", ","), (".", ","), (",", "."), (" ", ".")]
)


@settings(max_examples=150)
@given(cents=st.integers(-(10**12), 10**12), marks=_MARKS, form=st.sampled_from("blp"))
def test_every_way_of_writing_an_amount_gives_the_amount_back(cents, marks, form):
    thousands, decimal = marks
    whole, part = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", thousands) + f"{decimal}{part:02d}"
    if cents < 0:
        text = {"b": f"({text})", "l": f"-{text}", "p": f"{text}-"}[form]
    assert read(text) == [cents / 100]
