"""Files as people get them, from the bytes to the tables: right figures, or a reason."""

from datetime import date

import pytest

from tests.case_house import case_file, case_house, values


def test_error_cells_of_a_workbook_are_set_aside_with_their_address(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take("tall1.xlsx", case_file("01_xlsx_error_cells", "tall1.xlsx"))
    assert (taken.rows_loaded, taken.rows_quarantined) == (5, 3)
    assert house.quarantine() == [
        (2, "value|type", "Rad 2, kolonne «Timer»: cellen D2 har regnearkfeilen #DIV/0!."),
        (3, "value|type", "Rad 3, kolonne «Timer»: cellen D3 har regnearkfeilen #N/A."),
        (5, "value|type", "Rad 5, kolonne «Avvik»: cellen C5 har regnearkfeilen #REF!."),
    ]


def test_an_error_is_neither_an_open_end_nor_a_full_grade(tmp_path):
    house = case_house(tmp_path, "sick_leave")
    taken = house.take("fravar.xlsx", case_file("01_xlsx_error_cells", "fravar.xlsx"))
    assert (taken.rows_loaded, taken.rows_quarantined) == (0, 2)
    assert [reason for _, _, reason in house.quarantine()] == [
        "Rad 2, kolonne «Til»: cellen D2 har regnearkfeilen #N/A.",
        "Rad 3, kolonne «Grad»: cellen F3 har regnearkfeilen #DIV/0!.",
    ]


def test_midnight_in_norway_written_in_utc_is_the_norwegian_day(tmp_path):
    house = case_house(tmp_path, "sick_leave")
    house.take("fravar.csv", case_file("03_utc_timestamps", "fravar.csv"))
    assert values(house, "sick_leave.spells", "start_date", "end_date") == [
        (date(2024, 2, 1), date(2024, 2, 15)),
        (date(2024, 8, 1), date(2024, 8, 5)),
    ]


def test_a_file_from_excel_for_mac_keeps_its_letters(tmp_path):
    house = case_house(tmp_path, "ledger_ascii")
    house.take("regnskap1.csv", case_file("10_macroman", "regnskap1.csv"))
    assert values(house, "ledger.entries", "line_text") == [
        ("Overtid på avdeling sør",),
        ("Kjøkkentøy og bær",),
    ]


def test_a_year_and_a_month_without_zero_are_no_day_number(tmp_path):
    house = case_house(tmp_path, "unit_metrics")
    house.take("tall1.csv", case_file("14_month_20241", "tall1.csv"))
    assert values(house, "unit_metrics.values", "month", "measure_id", "value") == [
        (date(2024, month, 1), measure, float(month))
        for month in (1, 2, 10)
        for measure in ("avvik", "timer")
    ]


def test_the_end_of_file_mark_of_dos_is_no_cut_line(tmp_path):
    house = case_house(tmp_path, "ledger")
    taken = house.take("regnskap1.csv", case_file("16_ctrl_z", "regnskap1.csv"))
    assert (taken.status, taken.rows_loaded) == ("loaded", 2)


@pytest.mark.parametrize(("file", "n_loaded"), [("tall_joined.csv", 4), ("tall_double.csv", 2)])
def test_byte_order_marks_inside_a_file_are_not_part_of_a_code(tmp_path, file, n_loaded):
    house = case_house(tmp_path, "unit_metrics")
    taken = house.take(file, case_file("17_bom_inside", file))
    assert (taken.rows_loaded, taken.rows_quarantined) == (n_loaded, 0)
