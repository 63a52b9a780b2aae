"""Workbooks: faulty cells, formulas nobody computed, 1904, several sheets, several values a row."""

import io
import zipfile
from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.many_sheets import place_of
from pipelines.ingest.reading import read_sheet
from pipelines.ingest.xlsx_cells import column_letters
from pipelines.municipality.feeds import Feed
from tests.case_house import case_feed, case_file, case_house, values
from tests.ingest_fixture import workbook
from tests.ops_tables import list_warnings

HEADER = ["Enhet", "Måned", "Avvik", "Timer"]
LONG = ("unit_id", "month", "measure_id", "value")


def written(fill: Any, **options: Any) -> bytes:
    """Return a workbook whose one sheet ``fill(book, sheet)`` writes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    fill(book, book.add_worksheet("Data"))
    book.close()
    return target.getvalue()


def changed(raw: bytes, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return a workbook with something in its XML replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            copy.writestr(name, content)
    return target.getvalue()


def columns(**given: Any) -> dict[str, Any]:
    """Return the mappings of the feed of measures, some of them changed."""
    return deepcopy(case_feed("unit_metrics")[1]["columns"]) | given


@pytest.mark.parametrize(
    "word",
    ["#N/A", "#NULL!", "#NAME?", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!", "#BUSY!"],
)
def test_every_error_a_cell_can_hold_sets_its_row_aside(tmp_path, word):
    raw = changed(
        case_file("01_xlsx_error_cells", "tall1.xlsx"), b"<v>#REF!</v>", f"<v>{word}</v>".encode()
    )
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", raw)
    assert (taken.rows_loaded, taken.rows_quarantined) == (5, 3)
    assert (
        house.quarantine()[-1][2] == f"Rad 5, kolonne «Avvik»: cellen C5 har regnearkfeilen {word}."
    )


def with_formulas(value: Any) -> bytes:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(2, 1, HEADER)
        sheet.write_row(3, 1, ["Gimle", "2024-01", 1])
        sheet.write_formula(3, 4, "=D4*2", None, value)
        sheet.write_row(4, 1, ["Gimle", "2024-02", 1, 4])

    return written(fill)


def test_a_formula_without_a_value_is_no_empty_cell(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", with_formulas(""))
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 1)
    assert "cellen E4 er en formel uten utregnet verdi" in house.quarantine()[0][2]


def test_formulas_a_program_wrote_as_nought_are_not_computed(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", with_formulas(0))
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 1)


def test_a_formula_with_its_value_is_a_value(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", with_formulas(2))
    assert (taken.rows_loaded, taken.rows_quarantined) == (4, 0)


def test_a_formula_outside_what_else_is_filled_is_seen(tmp_path):
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 1, ["Måned", "Avvik", "Timer"])
        sheet.write_row(1, 1, ["2024-01", 1, 2])
        sheet.write_string(0, 0, "Enhet")
        sheet.write_formula(1, 0, '="Gimle"', None, "")
        sheet.write(2, 2, 1)
        sheet.write_formula(2, 3, "=1", None, "")

    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", written(fill))
    assert (taken.rows_loaded, taken.rows_quarantined) == (0, 4)
    assert {reason.split(":")[0] for _, _, reason in house.quarantine()} >= {
        "Rad 2, kolonne «Enhet»",
        "Rad 3, kolonne «Timer»",
    }


def test_errors_in_columns_nobody_reads_do_not_matter(tmp_path):
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, [*HEADER, "Oppslag"])
        sheet.write_row(1, 0, ["Gimle", "2024-01", 1, 2])
        for row in range(1, 40):  # a formula that was filled down beyond the rows
            sheet.write_formula(row, 4, "=NA()", None, "#N/A")

    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall.xlsx", written(fill))
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 0)


def test_xml_that_declares_entities_is_refused():
    raw = changed(
        case_file("01_xlsx_error_cells", "tall1.xlsx"),
        b"<worksheet ",
        b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ',
    )
    contract, plain = case_feed("unit_metrics")
    with pytest.raises(DeliveryRejectedError) as refused:
        read_sheet(raw, Feed(contract=contract, **plain))
    assert refused.value.code == "not_xlsx"


def test_columns_have_the_letters_of_the_spreadsheet():
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_dates_and_day_numbers_of_a_workbook_from_1904_are_the_same_days(tmp_path):
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["Gimle", None, 1, 2])
        sheet.write_datetime(1, 1, datetime(2024, 2, 1), day)  # noqa: DTZ001 - Excel has no zones
        sheet.write_row(2, 0, ["Gimle", 45352 - 1462, 1, 2])  # 2024-03-01, never formatted

    house = case_house(tmp_path, "unit_metrics")
    house.take("tall.xlsx", written(fill, date_1904=True))
    assert [row[0] for row in values(house, "unit_metrics.values", "month")] == [
        date(2024, 2, 1), date(2024, 2, 1), date(2024, 3, 1), date(2024, 3, 1),
    ]  # fmt: skip


MONTHS = {
    "Forside": [["Månedstall 2024"]],
    "2024-01": [HEADER, ["Gimle", "2024-01", 1, 10]],
    "2024-02": [
        ["Utskrift"], ["enhet", "MÅNED", "Avvik", "Timer"], ["Fagerlund", "2024-02", "x", 20],
    ],
    "2024-03": [HEADER],
    "Gammelt": [HEADER, ["Gimle", "2023-01", 9, 9]],
}  # fmt: skip


@pytest.mark.parametrize("sheet", ["all", {"pattern": r"\d{4}-\d{2}"}])
def test_one_feed_reads_several_sheets_and_says_which(tmp_path, sheet):
    house = case_house(tmp_path, "unit_metrics", sheet=sheet)
    taken = house.take("tall.xlsx", workbook(MONTHS, hidden=("Gammelt",)))
    assert (taken.rows_loaded, taken.rows_quarantined) == (3, 1)
    assert values(house, "unit_metrics.values", "unit_id", "value", "source_row") == [
        ("E1", 1.0, 20_000_002), ("E1", 10.0, 20_000_002), ("E2", 20.0, 30_000_003),
    ]  # fmt: skip
    assert house.quarantine() == [
        (30_000_003, "value|type", "Ark «2024-02», rad 3, kolonne «Avvik»: forventet et tall.")
    ]


def test_sheets_that_are_left_out_are_told_of(tmp_path):
    house = case_house(tmp_path, "unit_metrics", sheet="all")
    house.take("tall.xlsx", workbook(MONTHS, hidden=("Gammelt",)))
    told = list_warnings(house.con).filter(code="sheets_left")["message_nb"].to_list()
    assert set(told) == {
        "Ark uten overskriftene er ikke lest: «Forside».",
        "Ark uten rader: «2024-03».",
        "Skjulte ark er ikke lest: «Gammelt».",
    }


def test_a_pattern_that_fits_no_sheet_refuses_the_file(tmp_path):
    house = case_house(tmp_path, "unit_metrics", sheet={"pattern": "2025.*"})
    taken = house.take("tall.xlsx", workbook(MONTHS))
    assert taken.reason_code == "unknown_sheet"


def test_a_similar_sheet_that_is_not_read_is_told_of(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    sheets = {
        "Jan": [HEADER, ["Gimle", "2024-01", 1, 10]],
        "Feb": [HEADER[:3], ["Gimle", "2024-02", 1]],
    }
    house.take("tall.xlsx", workbook(sheets))
    assert "Ark som likner, er ikke lest: «Feb»" in house.warnings()["sheets_left"]


def test_a_sheet_s_name_can_be_the_unit_or_the_month(tmp_path):
    rows = [["Måned", "Avvik", "Timer"], ["31.01.2024", 1, "#N/A"]]
    house = case_house(
        tmp_path / "unit", "unit_metrics", sheet="all", sheet_column="Ark",
        columns=columns(unit_id={"column": "Ark", "unit_code": "name"}),
    )  # fmt: skip
    house.take("tall.xlsx", workbook({"Gimle": rows, "Fagerlund": rows}))
    assert values(house, "unit_metrics.values", *LONG[:2]) == [
        ("E1", date(2024, 1, 1)), ("E2", date(2024, 1, 1)),
    ]  # fmt: skip
    house = case_house(
        tmp_path / "month", "unit_metrics", sheet={"pattern": "[a-z]{3} 24"}, sheet_column="Ark",
        columns=columns(month={"column": "Ark"}),
    )  # fmt: skip
    rows = [["Enhet", "Avvik", "Timer"], ["Gimle", 1, None]]
    house.take("tall.xlsx", workbook({"Jan 24": rows, "Feb 24": rows}))
    assert values(house, "unit_metrics.values", "month") == [
        (date(2024, 1, 1),),
        (date(2024, 2, 1),),
    ]


def test_a_faulty_cell_in_a_later_sheet_has_its_own_address(tmp_path):
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["Gimle", "2024-01", 1, 2])
        other = book.add_worksheet("Mer")
        other.write_row(0, 1, ["Timer", *HEADER[:3]])
        other.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        other.write_row(1, 2, ["Gimle", "2024-02", 1])

    house = case_house(tmp_path, "unit_metrics", sheet="all")
    house.take("tall.xlsx", written(fill))
    assert [reason for _, _, reason in house.quarantine()] == [
        "Ark «Mer», rad 2, kolonne «Timer»: cellen B2 har regnearkfeilen #DIV/0!."
    ]


def test_a_wide_row_may_give_rows_of_several_values(tmp_path):
    mapping = {
        "unit_id": {"column": "Enhet", "unit_code": "name"},
        "definition": {"constant": "HR_INTERN"},
        "sick_days": {},
        "agreed_days": {"number": {"decimal": ","}},
    }
    melt = {
        "rows": [
            {
                "columns": {"sick_days": f"Syk {name}", "agreed_days": f"Mulig {name}"},
                "constants": {"month": month},
            }
            for name, month in (("jan", "januar"), ("feb", "2024-02"))
        ]
    }
    house = case_house(
        tmp_path, "sick_leave", table="unit_months", columns=mapping, melt=melt,
        period={"source": "file_name", "pattern": r"(?P<year>\d{4})"},
    )  # fmt: skip
    taken = house.take(
        "fravar_2024.csv",
        "Enhet;Syk jan;Mulig jan;Syk feb;Mulig feb\nGimle;1,5;20;2;#DIV/0!\nFagerlund;;;3;21\n",
    )
    assert (taken.rows_loaded, taken.rows_quarantined) == (2, 1)
    names = ("unit_id", "month", "sick_days", "agreed_days")
    assert values(house, "sick_leave.unit_months", *names) == [
        ("E1", date(2024, 1, 1), 1.5, 20.0), ("E2", date(2024, 2, 1), 3.0, 21.0),
    ]  # fmt: skip
    assert house.quarantine()[0][2].startswith("Rad 2, kolonne «Mulig feb»")


def test_a_row_is_shown_by_its_sheet_and_its_number():
    assert place_of(13) == "rad 13"
    assert place_of(20_000_013) == "ark 2, rad 13"
