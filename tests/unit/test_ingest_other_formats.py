"""Workbooks, Parquet and fixed width."""

import io
import zipfile
from datetime import date, datetime

import polars as pl
import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.reading import read_sheet
from pipelines.municipality.feeds import Feed
from tests.ingest_fixture import workbook

HEADER = ["Enhet", "Fra", "Dager"]


def feed(**changes):
    columns = {
        "unit_id": {"column": "Enhet"},
        "month": {"column": "Fra"},
        "sick_days": {"column": "Dager"},
    }
    return Feed(
        **{
            "contract": "sick_leave", "id": "f", "table": "unit_months", "files": ["*"],
            "period": {"source": "all"}, "columns": columns,
        }
        | changes
    )  # fmt: skip


def refused(raw, **changes):
    with pytest.raises(DeliveryRejectedError) as problem:
        read_sheet(raw, feed(**changes))
    return problem.value


def rezipped(raw, **extra):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in extra.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def test_a_workbook_is_read_as_text_with_titles_dates_and_totals():
    raw = workbook(
        {
            "Fravær": [
                ["Sykefravær 2017"], [], HEADER,
                ["001", date(2017, 12, 31), 13.125],
                ["002", "01.12.2017", "1 234,5"],
                ["003", datetime(2017, 12, 1, 7, 30), 5],  # noqa: DTZ001 - Excel has no zones
                ["Sum", None, 1252.625],
            ]
        }
    )  # fmt: skip
    sheet = read_sheet(raw, feed())
    assert sheet.typed
    assert sheet.rows.rows() == [
        (4, "001", "2017-12-31 00:00:00", "13.125"),
        (5, "002", "01.12.2017", "1 234,5"),
        (6, "003", "2017-12-01 07:30:00", "5"),
    ]
    assert (sheet.lines_total, sheet.layout_rows) == (7, 4)


def test_empty_rows_first_in_a_sheet_keep_their_numbers():
    raw = workbook({"A": [[], [], HEADER, ["1", "a", "2"]]})
    assert read_sheet(raw, feed()).rows["source_row"].to_list() == [4]


def test_merged_cells_belong_to_every_row_when_filled_down():
    raw = workbook(
        {"A": [HEADER, [None, "a", 1], [None, "b", 2], ["Ås", "c", 3]]}, merged={"A2:A3": "Gimle"}
    )
    sheet = read_sheet(raw, feed(layout={"fill_down": ["Enhet"]}))
    assert sheet.rows["Enhet"].to_list() == ["Gimle", "Gimle", "Ås"]


def test_a_remark_beside_the_table_does_not_break_the_row():
    raw = workbook({"A": [HEADER, ["1", "a", 2, None, "sjekk!"]]})
    assert read_sheet(raw, feed()).rows.rows()[0][:4] == (2, "1", "a", "2")


def test_the_visible_sheet_whose_header_fits_is_read():
    data = [HEADER, ["1", "a", 2]]
    raw = workbook(
        {"Forside": [["Velkommen"]], "Gammel": [HEADER, ["9", "x", 9]], "Data": data}, ("Gammel",)
    )
    assert read_sheet(raw, feed()).rows["Enhet"].to_list() == ["1"]


def test_a_hidden_sheet_is_read_when_no_visible_one_fits():
    raw = workbook({"Forside": [["Velkommen"]], "Data": [HEADER, ["1", "a", 2]]}, hidden=("Data",))
    assert read_sheet(raw, feed()).rows.height == 1


def test_the_configured_sheet_is_read_by_name_or_number():
    raw = workbook({"A": [HEADER, ["1", "a", 2]], "B": [HEADER, ["2", "a", 2]]})
    assert read_sheet(raw, feed(sheet="b")).rows["Enhet"].to_list() == ["2"]
    assert read_sheet(raw, feed(sheet=0)).rows["Enhet"].to_list() == ["1"]
    unknown = refused(raw, sheet="C")
    assert unknown.code == "unknown_sheet"
    assert "Arkene er: A, B." in unknown.text


def test_two_sheets_that_fit_equally_well_are_not_chosen_between():
    raw = workbook({"A": [HEADER, ["1", "a", 2]], "B": [HEADER, ["2", "a", 2]]})
    problem = refused(raw)
    assert problem.code == "ambiguous_sheet"
    assert "Sett sheet" in problem.text


def test_wrongly_decoded_cells_are_repaired_in_workbooks_too():
    raw = workbook({"A": [HEADER, ["BjÃ¸rkelia", "a", 2]]})
    sheet = read_sheet(raw, feed())
    assert sheet.rows["Enhet"].to_list() == ["Bjørkelia"]
    assert sheet.notes[0].code == "mojibake_repaired"


@pytest.mark.parametrize(
    ("raw", "reason", "message"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old_xls", "gamle .xls-formatet"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            "kryptert med passord",
        ),
        (workbook({"A": [HEADER, ["1", "a", 2]]})[:-100], "truncated", "ikke hel"),
        (rezipped(workbook({"A": [HEADER]}), xl__vbaProject_dot_bin="x"), "macro", "makroer"),
        (workbook({"A": []}), "empty", "Arket «A» er tomt"),
        (workbook({"A": [HEADER]}), "empty", "ingen rader"),
    ],
)
def test_a_workbook_that_cannot_be_trusted_is_refused(raw, reason, message):
    problem = refused(raw)
    assert problem.code == reason
    assert message in problem.text


def test_a_damaged_workbook_is_refused():
    raw = bytearray(workbook({"A": [HEADER, *[[str(i), "a", i] for i in range(500)]]}))
    place = raw.index(b"xl/worksheets/sheet1.xml") + 60
    raw[place : place + 40] = b"\xff" * 40
    assert refused(bytes(raw)).code == "truncated"


def test_a_zip_that_is_no_workbook_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("brev.txt", "hei")
    assert refused(target.getvalue()).code == "not_xlsx"


def test_a_text_file_is_no_workbook_when_the_feed_asks_for_one():
    assert refused(b"Enhet;Fra;Dager\n1;a;2\n", format="xlsx").code == "not_xlsx"


def test_parquet_is_read_as_text_with_row_numbers(tmp_path):
    frame = pl.DataFrame(
        {"Enhet": ["0450", None], "Fra": [date(2017, 12, 1)] * 2, "Dager": [1431220.5, 3.0]}
    )
    frame.write_parquet(tmp_path / "a.parquet")
    sheet = read_sheet((tmp_path / "a.parquet").read_bytes(), feed())
    assert sheet.rows.rows() == [
        (1, "0450", "2017-12-01", "1431220.5"),
        (2, None, "2017-12-01", "3"),
    ]


def test_parquet_that_is_cut_nested_or_empty_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"Enhet": ["1"]}).write_parquet(path)
    whole = path.read_bytes()
    assert refused(whole[:-10]).code == "truncated"
    assert refused(b"PAR1" + b"x" * 50 + b"PAR1").code == "truncated"
    pl.DataFrame({"Enhet": [["1"]]}).write_parquet(path)
    assert refused(path.read_bytes()).code == "nested_column"
    pl.DataFrame({"Enhet": []}, schema={"Enhet": pl.String}).write_parquet(path)
    assert refused(path.read_bytes()).code == "empty"


FIELDS = [
    {"name": "skjema", "start": 1, "length": 2},
    {"name": "aar", "start": 3, "length": 4},
    {"name": "kvartal", "start": 7, "length": 1},
    {"name": "region", "start": 8, "length": 6},
    {"name": "klasse", "start": 32, "length": 1},
    {"name": "funksjon", "start": 33, "length": 4},
    {"name": "art", "start": 37, "length": 3},
    {"name": "belop", "start": 40, "length": 9},
]


def kostra(amount, function="253 ", art="020"):
    return f"0A2012 052900{'':18}1{function}{art}{amount:>9}"


def test_a_kostra_record_is_cut_at_its_positions():
    fixed = {"format": "fixed_width", "fixed_width": FIELDS, "record_length": 48}
    raw = f"{kostra('5412')}\r\n{kostra('-12', '2530')}\r\n\x1a".encode("cp865")
    assert len(kostra("5412")) == 48
    sheet = read_sheet(raw, feed(**fixed))
    assert sheet.rows.rows() == [
        (1, "0A", "2012", None, "052900", "1", "253", "020", "5412"),
        (2, "0A", "2012", None, "052900", "1", "2530", "020", "-12"),
    ]


def test_a_record_of_wrong_length_is_set_aside_and_most_of_them_refuse_the_file():
    fixed = {"format": "fixed_width", "fixed_width": FIELDS, "record_length": 48}
    good, short = kostra("5412"), kostra("5412")[:-3]
    sheet = read_sheet(f"{good}\n{short}\n{good}\n".encode(), feed(**fixed))
    assert [(b.source_row, b.rule_id) for b in sheet.broken] == [(2, "record_length")]
    assert sheet.broken[0].reason_nb == "Rad 2: posten har 45 tegn, den skal ha 48."
    problem = refused(f"{good}\n{short}\n{short}\n".encode(), **fixed)
    assert problem.code == "record_length"
    assert "2 av 3 poster har ikke 48 tegn" in problem.text
    assert refused(b"\r\n", **fixed).code == "empty"
