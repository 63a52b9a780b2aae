"""Files to take away: Norwegian CSV and XLSX in which no text becomes a formula."""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.desk.table_files import safe_text, to_csv, to_xlsx

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://x.no","her")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "'=1+1",
]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return "".join(book.read(name).decode() for name in names)


def test_csv_has_byte_order_mark_semicolons_decimal_commas_and_norwegian_letters() -> None:
    content = to_csv(["Enhet", "Verdi"], [["Ødegård; avd. 1", 1234.5], ["Å", None]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == 'Enhet;Verdi\r\n"Ødegård; avd. 1";1234,5\r\nÅ;\r\n'


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_text_in_csv_headings_too(text: str) -> None:
    head, row = rows_of(to_csv([text], [[text]]))
    assert head == row == [f"'{text}"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-1.25, "-1,25"),
        (-3, "-3"),
        (Decimal("-0.10"), "-0,10"),
        (-0.0, "0,0"),
        (Decimal("-0.00"), "0,00"),
        (1e-7, "0,0000001"),
        (1.3 + 2.6, "3,9"),
        (0.1 + 0.2, "0,3"),
        (123456789012.34, "123456789012,34"),
        (1e22, "10000000000000000000000"),
        (float("nan"), ""),
        (float("inf"), ""),
        (None, ""),
        (True, "ja"),
        (date(2018, 12, 31), "31.12.2018"),
        (datetime(2018, 12, 31, 4, 5), "31.12.2018 04:05:00"),  # noqa: DTZ001 - as stored
        ("-1,2", "-1,2"),
        ("+4 000", "+4 000"),
        ("−0,4", "−0,4"),
    ],
)
def test_numbers_stay_numbers_also_the_negative(value: object, written: str) -> None:
    assert rows_of(to_csv(["a", "b"], [[value, "x"]]))[1] == [written, "x"]


def test_in_english_the_file_is_one_an_english_spreadsheet_reads() -> None:
    content = to_csv(["A", "B", "C"], [[1234.5, date(2018, 12, 31), True]], "en")
    assert content.decode("utf-8-sig") == "A,B,C\r\n1234.5,31 Dec 2018,yes\r\n"


@given(st.text(max_size=40))
def test_no_text_at_all_begins_a_formula(text: str) -> None:
    safe = safe_text(text)
    number = re.fullmatch(r"[+-]?\d[\d \u00a0]*([.,]\d+)?%?", safe)
    assert number or not safe.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_xlsx_parsed_back_holds_texts_numbers_and_dates_and_not_one_formula(tmp_path: Path) -> None:
    rows = [[text, -1.5, date(2018, 12, 31), None] for text in FORMULAS]
    content = to_xlsx(
        ["=SUM(1)", "Tall", "Dag", "Tom"],
        rows,
        title="=Pilotene/før: [1]",
        about=[("=Utgave", "=2")],
    )
    assert re.findall(r"<f[ >]|<hyperlink", sheets(content)) == []
    file = tmp_path / "ut.xlsx"
    file.write_bytes(content)
    frame = fastexcel.read_excel(file).load_sheet(0).to_polars()
    assert frame.columns == ["=SUM(1)", "Tall", "Dag", "Tom"]
    assert frame["=SUM(1)"].to_list() == FORMULAS
    assert frame["Tall"].to_list() == [-1.5] * len(FORMULAS)
    assert str(frame["Dag"][0]).startswith("2018-12-31")


def test_xlsx_is_the_same_bytes_for_the_same_table_and_cuts_endless_cells() -> None:
    tables = [to_xlsx(["a"], [["x" * 40_000], [2**60]], title="T") for _ in range(2)]
    assert tables[0] == tables[1]
    with zipfile.ZipFile(io.BytesIO(tables[0])) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert str(2**60) in strings
    assert "x" * 32_767 in strings
    assert "x" * 32_768 not in strings
