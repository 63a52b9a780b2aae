"""What a user is told when a file is empty, half copied, hostile or in a broken encoding."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.reading import read_stable
from tests.fault.refusals import GOOD, refused
from tests.ingest_fixture import POSITIONS_HEADER, position, workbook

pytestmark = pytest.mark.fault


@pytest.mark.parametrize(
    "content", ["", "\n\n", "\ufeff", POSITIONS_HEADER, "Tittel\n\n" + POSITIONS_HEADER]
)
def test_an_empty_file_is_refused(house, content):
    code, reason = refused(house, content)
    assert code == "empty"
    assert "eksporter på nytt" in reason.lower()


def test_a_file_without_a_header_is_refused_without_telling_its_content(house):
    code, reason = refused(house, position("1234", unit="3120 Kari"))
    assert code == "missing_header"
    assert "Ventet kolonnene «Ans.nr», «Løpenr», «Ansvar»" in reason
    assert "1234" not in reason
    assert "Kari" not in reason


@pytest.mark.parametrize("kept", [-3, -20, -40])
def test_a_half_copied_csv_is_refused_with_its_last_line(house, kept):
    cut = GOOD[:kept] if kept != -3 else GOOD[: GOOD.rindex(";") - 1]
    code, reason = refused(house, cut)
    assert code == "truncated"
    assert "linje 3: Siste linje i filen er avkuttet. Kopier hele filen til innboksen" in reason


def test_a_csv_cut_inside_quotes_is_refused(house):
    code, reason = refused(house, GOOD + '3;1;"3120 Gim')
    assert (code, "Filen slutter midt i et felt" in reason) == ("truncated", True)


def test_a_half_copied_workbook_is_refused(house):
    rows = [line.split(";") for line in GOOD.strip().split("\n")]
    raw = workbook({"Ark1": rows})
    code, reason = refused(house, raw[: len(raw) // 2], "stillinger_2012-01.xlsx")
    assert (code, "ikke hel" in reason) == ("truncated", True)
    assert house.take("stillinger_2012-01.xlsx", raw).rows_loaded == 2


def test_a_half_copied_parquet_file_is_refused(house, tmp_path):
    frame = pl.DataFrame([line.split(";") for line in GOOD.strip().split("\n")[1:]], orient="row")
    frame.columns = POSITIONS_HEADER.strip().split(";")
    frame.write_parquet(tmp_path / "a.parquet")
    raw = (tmp_path / "a.parquet").read_bytes()
    assert refused(house, raw[:-20], "stillinger_2012-01.parquet")[0] == "truncated"
    assert house.take("stillinger_2012-01.parquet", raw).rows_loaded == 2


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b\n")

    def slow_writer(file: Path) -> bytes:
        raw = file.read_bytes()
        with file.open("a") as more:
            more.write("1;2\n")
        return raw

    with pytest.raises(
        DeliveryRejectedError, match="Filen ble skrevet til mens den ble lest"
    ) as told:
        read_stable(path, slow_writer)
    assert told.value.code == "truncated"
    assert read_stable(path) == b"a;b\n1;2\n"
    with pytest.raises(DeliveryRejectedError, match="Filen kan ikke åpnes"):
        read_stable(tmp_path / "borte.csv")


def test_mojibake_is_repaired_with_a_warning_or_refused_but_never_passed_on(house):
    text = "Enhetsnr;Enhetsnavn;Område;Type\nE1;BjÃ¸rkelia;Omsorg;x\n"
    assert house.take("enheter_2.csv", text).status == "loaded"
    units = house.table("organisation.units").filter(pl.col("delivery_id") == "D000003")
    assert units["unit_name"].to_list() == ["Bjørkelia"]
    assert "«Ã¦» for «æ»" in house.warnings()["mojibake_repaired"]
    done = house.take("enheter_3.csv", text.replace("Ã¸", "\ufffd"))
    assert done.reason_code == "mojibake"
    assert (done.reason_nb or "").startswith(
        "enheter_3.csv, linje 2: Bokstavene æ, ø og å er ødelagt i filen"
    )


def test_a_nul_in_a_cell_refuses_the_file(house):
    code, reason = refused(house, GOOD.replace("7174", "71\x0074"))
    assert (code, "linje 2: Filen inneholder NUL-tegn" in reason) == ("nul", True)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(house):
    target = io.BytesIO()
    target.write(workbook({"A": [["Ans.nr"]]}))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"0" * (60 * 2**20))
        archive.writestr("xl/media/b.bin", b"0" * (60 * 2**20))
    raw = target.getvalue()
    assert len(raw) < 2**18
    code, reason = refused(house, raw, "stillinger_2012-01.xlsx")
    assert code == "zip_bomb"
    assert "Arbeidsboken er 120 MB utpakket" in reason


def test_a_workbook_that_lies_about_its_size_is_refused(house):
    raw = bytearray(workbook({"A": [["Ans.nr"], *[["x" * 50]] * 2000]}))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    told = entry.file_size.to_bytes(4, "little")
    assert bytes(raw).count(told) >= 1
    lying = bytes(raw).replace(told, (1000).to_bytes(4, "little"))
    assert refused(house, lying, "stillinger_2012-01.xlsx")[0] == "truncated"


def test_an_unclosed_quote_refuses_the_file_with_the_line_where_it_began(house):
    code, reason = refused(house, GOOD.replace("7174", '"7174', 1) + position("3"))
    assert code in {"unclosed_quote", "truncated"}
    assert "linje 2" in reason


def test_a_giant_cell_refuses_the_file(house):
    code, reason = refused(house, GOOD.replace("7174", "7" * 40_000, 1))
    assert (code, "rad 2: En celle er større enn 32 kB" in reason) == ("cell_too_large", True)


def test_a_wrongly_set_encoding_refuses_the_file(house):
    house.change_feed("hr", 0, encoding="utf-8")
    code, reason = refused(house, GOOD.encode("cp1252"))
    assert (code, "Filen er ikke utf-8" in reason) == ("encoding", True)
