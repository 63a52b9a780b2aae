"""What a user is told when a delivery is broken: file, row, column, what was expected, way out."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.reading import read_stable
from tests.ingest_fixture import CONTRACTS, POSITIONS_HEADER, SOURCES, House, position, workbook

pytestmark = pytest.mark.fault

FILE = "stillinger_2012-01.csv"
GOOD = POSITIONS_HEADER + position("1") + position("2", unit="0450 Fagerlund")
HR_PLACE = "i sources/hr.yml."


@pytest.fixture
def house(tmp_path):
    made = House.build(tmp_path)
    yield made
    made.con.close()


def refused(house, content, name=FILE):
    """Take in one file that must be refused; nothing of it may be loaded."""
    done = house.take(name, content)
    assert done.status == "rejected"
    assert done.rows_loaded == 0
    assert house.table("hr.positions").is_empty()
    assert house.ingest() == []
    return done.reason_code, done.reason_nb


def whole_ledger(house):
    """Return every text the ledger holds about deliveries."""
    tables = ("ops.deliveries", "ops.quarantine", "ops.warnings")
    return "\n".join(str(house.table(name).rows()) for name in tables)


def test_a_missing_column_is_named_with_what_the_file_has_and_where_to_map_it(house):
    text = "\n".join(";".join(line.split(";")[:6]) for line in GOOD.split("\n"))
    assert refused(house, text) == (
        "missing_column",
        "stillinger_2012-01.csv, overskriften: Kolonnen «Fra» (start_date) finnes ikke i filen. "
        "Filen har: «Ans.nr», «Løpenr», «Ansvar», «Stilling», «St.pros», «Form». Rett eksporten, "
        "eller legg til navnet under columns.start_date.column for leveransen «positions» "
        + HR_PLACE,
    )


def test_a_renamed_column_is_recognised_as_likely_and_never_guessed(house):
    code, reason = refused(house, GOOD.replace("St.pros", "St.prosent nå"))
    assert code == "missing_column"
    assert (
        "Kolonnen «St.pros» (position_pct) finnes ikke i filen. Mente du «St.prosent nå»?" in reason
    )


def test_a_renamed_column_that_may_be_empty_is_not_read_as_empty(house):
    code, reason = refused(house, GOOD.replace(";Til\n", ";Til og med\n"))
    assert code == "missing_column"
    assert "Kolonnen «Til» (end_date) finnes ikke i filen. Mente du «Til og med»?" in reason


def test_a_column_that_may_be_empty_may_be_left_out_with_a_warning(house):
    text = "\n".join(";".join(line.split(";")[:7]) for line in GOOD.split("\n"))
    assert house.take(FILE, text).status == "loaded"
    assert house.warnings() == {"missing_column": "Filen har ikke kolonnen «Til»; end_date er tom."}


def test_text_in_a_number_column_sets_the_row_aside(house):
    house.take(FILE, GOOD + position("3", pct="hemmelig"))
    assert house.quarantine() == [
        (4, "position_pct|type", "Rad 4, kolonne «St.pros»: forventet et tall.")
    ]
    assert "hemmelig" not in whole_ledger(house)


def test_a_column_in_which_nothing_is_a_number_refuses_the_file(house):
    code, reason = refused(house, GOOD.replace("80,00", "full"))
    assert code == "wrong_type"
    assert "Ingen verdi i kolonnen «St.pros» er et tall." in reason
    assert reason.endswith(f"columns.position_pct for leveransen «positions» {HR_PLACE}")


def test_a_date_that_does_not_exist_sets_the_row_aside(house):
    house.take(FILE, GOOD + position("3", start="31.02.2012"))
    assert house.quarantine() == [
        (4, "start_date|type", "Rad 4, kolonne «Fra»: forventet en dato.")
    ]


def test_numbers_that_can_be_read_in_two_ways_refuse_the_file_with_the_key_to_set(house):
    text = "Ansvar;Konto;Periode;Regnskap\n3120;10100;201201;13.400\n"
    done = house.take("regnskap.csv", text)
    assert done.reason_code == "ambiguous_number"
    assert done.reason_nb is not None
    assert "Tallene i kolonnen «Regnskap» kan leses på to måter" in done.reason_nb
    assert "Sett columns.amount_nok.number for leveransen «accounts» i sources/ledger.yml" in (
        done.reason_nb
    )


def test_an_unknown_unit_sets_the_row_aside_and_names_the_code(house):
    house.take(FILE, GOOD + position("3", unit="9999 Nedlagt"))
    assert house.quarantine() == [
        (
            4,
            "unknown_unit",
            "Rad 4: Enhetskoden «9999» finnes ikke i kodesystemet cost_centre for denne datoen.",
        )
    ]


def test_an_unmapped_value_sets_the_row_aside_with_the_values_allowed(house):
    house.take(FILE, GOOD + position("3", form="Konsulent"))
    assert house.quarantine() == [
        (
            4,
            "enum_employment_type",
            "Rad 4: «Ansettelsesform» skal være en av: permanent, substitute, temporary, hourly, "
            "apprentice.",
        )
    ]
    assert "Konsulent" not in whole_ledger(house)


def test_an_end_before_the_start_sets_the_row_aside(house):
    house.take(FILE, GOOD + position("3", start="01.02.2012", end="31.01.2012"))
    assert house.quarantine() == [
        (4, "period_in_order", "Rad 4: Til dato skal ikke være før fra dato.")
    ]


def test_two_rows_with_one_key_are_both_set_aside(house):
    house.take(FILE, GOOD + position("2", pct="50"))
    assert [(row, rule) for row, rule, _ in house.quarantine()] == [
        (3, "unique_key"), (4, "unique_key"),
    ]  # fmt: skip


def test_too_many_broken_rows_refuse_the_whole_delivery(house):
    house.change_feed("hr", 0, max_quarantined_pct=5)
    done = house.take(FILE, GOOD + position("3", pct="x") + position("4"))
    assert (done.status, done.reason_code) == ("rejected", "too_many_quarantined")
    assert done.reason_nb == (
        "stillinger_2012-01.csv: 1 av 4 rader (25,0 %) bryter kontrakten; grensen er 5 %. "
        "Ingen rader er lastet. Se karantenelisten for hver rad og årsak."
    )
    assert (done.rows_in, done.rows_quarantined, done.rows_loaded) == (4, 4, 0)
    assert house.table("hr.positions").is_empty()
    assert len(house.quarantine()) == 1


def test_the_same_file_twice_counts_once(house):
    first = house.take(FILE, GOOD)
    again = house.take("stillinger_2012-01 (1).csv", GOOD)
    assert again.reason_nb == f"Innholdet er allerede lest inn med leveranse {first.delivery_id}."
    assert house.table("hr.positions").height == 2


def test_a_file_that_holds_its_content_twice_counts_once(house):
    done = house.take(FILE, GOOD + GOOD)
    assert (done.rows_in, done.rows_loaded, done.rows_duplicate) == (4, 2, 2)


def test_a_ledger_that_holds_its_content_twice_counts_once_although_equal_lines_are_real(house):
    header = "Ansvar;Konto;Periode;Regnskap\n"
    lines = "3120;10100;201201;5\n3120;10100;201201;5\n3120;10200;201201;7\n"
    done = house.take("regnskap.csv", header + lines + header + lines)
    assert (done.rows_in, done.rows_loaded, done.rows_duplicate) == (6, 3, 3)


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


def kostra_sources():
    places = {"aar": (3, 4), "kontoklasse": (32, 1), "funksjon": (33, 4), "art": (37, 3)}
    places |= {"belop": (40, 9)}
    feed = {
        "id": "kostra",
        "table": "entries",
        "files": ["kostra*"],
        "format": "fixed_width",
        "record_length": 48,
        "fixed_width": [{"name": n, "start": s, "length": k} for n, (s, k) in places.items()],
        "period": {"source": "year_period"},
        "max_quarantined_pct": 60,
        "columns": {
            "account_class": {"column": "kontoklasse"},
            "function": {"column": "funksjon"},
            "art": {"column": "art"},
            "year": {"column": "aar"},
            "amount_type": {"constant": "accounts"},
            "amount_nok": {"column": "belop", "scale": 1000},
        },
    }
    return {**SOURCES, "ledger": [feed]}


def kostra(function="253", art="020", year="2012"):
    return f"0A{year} 052900{'':18}1{function} {art}     5412\n"


def test_a_kostra_record_of_wrong_length_sets_the_row_aside(house):
    house.configure(kostra_sources())
    done = house.take("kostra.dat", kostra() + kostra()[:-4] + "\n" + kostra(art="010"))
    assert (done.rows_loaded, done.rows_quarantined) == (2, 1)
    assert house.quarantine() == [
        (2, "record_length", "Rad 2: posten har 45 tegn, den skal ha 48.")
    ]


def test_a_kostra_code_that_was_not_valid_in_the_year_is_set_aside(house):
    house.configure(kostra_sources())
    new = kostra(function="257", year="2025")
    house.take("kostra.dat", kostra() + kostra(function="257") + new)
    rules = CONTRACTS["ledger"].tables["entries"].rules
    rule = next(rule for rule in rules if rule.id == "function_valid_in_year")
    assert house.quarantine() == [(2, rule.id, f"Rad 2: {rule.description_nb}")]


@pytest.mark.parametrize("cell", ["01017012345", "010170 12345", "7174 (41017012345)"])
def test_an_identity_number_in_any_column_refuses_the_file_without_repeating_it(house, cell):
    code, reason = refused(house, GOOD.replace("7174", cell, 1))
    assert code == "personal_data"
    assert reason.startswith("stillinger_2012-01.csv, rad 2")
    assert "Innholdet er ikke lagret." in reason
    assert "12345" not in whole_ledger(house)
    stored = [path for path in house.paths.landing.rglob("*") if "hr" in path.parts]
    assert stored == []


@pytest.mark.parametrize("header", ["Navn", "Etternavn", "Ansatt navn", "Name", "Fødselsnr"])
def test_a_column_of_names_refuses_the_file_without_repeating_it(house, header):
    text = GOOD.replace("Stilling", header).replace("7174", "Nordmann, Kari")
    code, reason = refused(house, text)
    assert code == "personal_data"
    assert f"Kolonnen «{header}» ser ut til å inneholde personopplysninger." in reason
    assert "Nordmann" not in whole_ledger(house)


def test_employee_numbers_never_reach_the_warehouse_or_landing(house):
    done = house.take(FILE, GOOD.replace("\n1;", "\n001987;") + position("76543", pct="x"))
    rows = house.table("hr.positions")
    assert rows["person_id"].str.starts_with("p_").all()
    assert rows["position_id"].str.starts_with("p_").all()
    landed = "".join(
        pl.read_parquet(file).write_csv() for file in house.paths.landing.glob("hr/*/*/*.parquet")
    )
    for number in ("1987", "76543"):
        assert number not in landed
        assert number not in rows.write_csv()
        assert number not in str(house.quarantine())
    assert done.rows_quarantined == 1


def test_mojibake_is_repaired_with_a_warning_or_refused_but_never_passed_on(house):
    text = "Enhetsnr;Enhetsnavn;Område;Type\nE1;BjÃ¸rkelia;Omsorg;x\n"
    assert house.take("enheter_2.csv", text).status == "loaded"
    assert house.table("organisation.units")["unit_name"].to_list() == ["Bjørkelia"]
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


def test_two_columns_with_one_name_refuse_the_file(house):
    code, reason = refused(house, GOOD.replace(";Stilling;", ";FORM;"))
    assert code == "duplicate_header"
    assert "rad 1: To kolonner har samme overskrift: «FORM», «Form»." in reason


def test_an_unclosed_quote_refuses_the_file_with_the_line_where_it_began(house):
    code, reason = refused(house, GOOD.replace("7174", '"7174', 1) + position("3"))
    assert code in {"unclosed_quote", "truncated"}
    assert "linje 2" in reason


def test_a_row_with_too_few_fields_is_set_aside(house):
    house.take(FILE, GOOD + "3;1;3120 Gimle\n" + position("4"))
    assert house.quarantine() == [(4, "ragged_row", "Rad 4: raden har 3 felt, overskriften har 8.")]


def test_a_giant_cell_refuses_the_file(house):
    code, reason = refused(house, GOOD.replace("7174", "7" * 40_000, 1))
    assert (code, "rad 2: En celle er større enn 32 kB" in reason) == ("cell_too_large", True)


def test_a_wrongly_set_encoding_refuses_the_file(house):
    house.change_feed("hr", 0, encoding="utf-8")
    code, reason = refused(house, GOOD.encode("cp1252"))
    assert (code, "Filen er ikke utf-8" in reason) == ("encoding", True)


def test_dates_without_the_year_they_need_are_set_aside_per_row(house):
    columns = {**SOURCES["ledger"][0]["columns"], "decided_date": {"column": "Vedtak"}}
    period = {"source": "column", "column": "decided_date"}
    house.change_feed("ledger", 0, columns=columns, period=period)
    header = "Ansvar;Konto;Periode;Regnskap;Vedtak\n"
    house.take("regnskap.csv", f"{header}3120;10100;201201;5;01.12.2011\n3120;10100;201201;6;\n")
    assert house.quarantine() == [
        (3, "period", "Rad 3: raden mangler datoen som sier hvilken periode den gjelder.")
    ]
