"""What an auditor is told of the data behind a month, on paper as on the page."""

import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pikepdf
import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.context import Context
from dashboards.reports.make import QUALITY, make_quality_report, period_code
from dashboards.reports.pdf import Section
from dashboards.reports.quality import quality_report, quality_sections, signed_content
from dashboards.reports.quality_checks import checks, this_run
from dashboards.reports.quality_files import adds_up, deliveries, months
from dashboards.reports.signing import signed_section
from pipelines.desk.access_log import entries, sign_offs, verify
from pipelines.desk.logged import Reader, log_signed
from pipelines.desk.on_disk import print_of
from tests.shown_pages import copied

pytestmark = pytest.mark.integration
WHO = Reader("revisor@example.no", "revisor")
APRIL = date(2018, 4, 1)


@pytest.fixture
def file(example_home: Path, tmp_path: Path) -> Path:
    return copied(example_home, tmp_path)


@pytest.fixture
def context(file: Path) -> Context:
    return Context(str(file), "nb", LOCAL_VIEWER)


def words(sections: list[Section]) -> str:
    cells = [cell for s in sections for t in s.tables for row in t.rows for cell in row]
    return "\n".join([*(p for s in sections for p in s.paragraphs), *cells])


def test_a_month_has_its_files_the_registers_and_no_other_months_files(context: Context) -> None:
    names = [row["file_name"] for row in deliveries(context, APRIL)]
    assert "fravar/sykefravar_2018_04.csv" in names
    assert "organisasjon/enheter.csv" in names
    assert "fravar/sykefravar_2018_05.csv" not in names
    may = [row["file_name"] for row in deliveries(context, date(2018, 5, 1))]
    assert "fravar/sykefravar_2018_05_kopi.csv" in may
    assert "fravar/sykefravar_2018_05_kopi.csv" not in names
    assert months(context)[0] == date(2018, 12, 1)


def test_every_file_adds_up_and_one_that_does_not_is_named(context: Context, file: Path) -> None:
    assert all(adds_up(row) for row in deliveries(context, None))
    assert "Summen stemmer for hver fil" in words(quality_sections(context, APRIL))
    other = file.with_name("generation-000077.duckdb")
    shutil.copyfile(file, other)
    with duckdb.connect(str(other)) as con:
        con.execute(
            "update mart_deliveries set rows_loaded = rows_loaded - 1"
            " where file_name = 'fravar/sykefravar_2018_04.csv'"
        )
    said = words(quality_sections(Context(str(other), "nb", LOCAL_VIEWER), APRIL))
    assert "Summen stemmer ikke for 1 filer" in said
    assert "stemmer ikke" in said


def test_a_row_set_aside_is_told_by_number_and_reason(context: Context) -> None:
    said = words(quality_sections(context, APRIL))
    assert "Rad 387: Til dato skal ikke være før fra dato." in said
    assert "fravar/sykefravar_2018_04.csv" in said


@pytest.mark.parametrize(
    ("judged", "now", "change"),
    [
        ("new", False, "Ny"),
        ("continuing", False, "Fortsatt"),
        ("fixed", True, "Rettet"),
        (None, False, "–"),
    ],
)
def test_a_check_is_what_it_was_judged_to_be_since_the_edition_before(
    file: Path, judged: str | None, now: bool, change: str
) -> None:
    other = file.with_name("generation-000078.duckdb")
    shutil.copyfile(file, other)
    rule = "contract_id = 'hr' and rule_id = 'enum_employment_type'"
    with duckdb.connect(str(other)) as con:
        con.execute(
            "delete from mart_data_quality where run_id <>"
            " (select max_by(run_id, run_at) from mart_data_quality)"
        )
        con.execute(
            "update mart_data_quality set success = true, n_failed = 0, check_change = null"
        )
        con.execute(
            f"update mart_data_quality set success = {now}, severity = 'warning',"
            f" n_failed = {0 if now else 7}, check_change = ? where {rule}",
            [judged],
        )
    context = Context(str(other), "nb", LOCAL_VIEWER)
    first = this_run(checks(context))[0]
    assert first["success"] is now
    sections = quality_sections(context, APRIL)
    (broken,) = [t for s in sections for t in s.tables if t.caption.startswith("Brutt eller")]
    ((*_, told),) = broken.rows
    assert told == change
    assert ("1 varsler" in words(sections)) is not now


def test_the_trail_leads_from_delivered_table_to_metric(context: Context) -> None:
    (lineage,) = [s for s in quality_sections(context, APRIL) if s.heading == "Fra fil til måltall"]
    made = dict(lineage.tables[0].rows)
    assert "Sykefravær" in made["sick_leave.spells"]
    assert "Overtid" in made["ledger.entries"]


def test_a_reader_of_some_units_gets_nothing(file: Path) -> None:
    leader = Viewer("leder@example.no", Role.UNIT_LEADER, Scope(units=("u0312",)))
    with pytest.raises(PermissionError):
        quality_sections(Context(str(file), "nb", leader), APRIL)


@pytest.mark.parametrize(("language", "title"), [("nb", "Datakvalitet"), ("en", "Data quality")])
def test_the_report_is_accessible_holds_the_sign_off_and_is_logged(
    file: Path, tmp_path: Path, language: str, title: str
) -> None:
    context = Context(str(file), language, LOCAL_VIEWER)
    unsigned = make_quality_report(context, tmp_path, WHO, APRIL)
    log_signed(tmp_path, WHO, file, QUALITY, period_code(APRIL), "Kontrollert mot arkivet.")
    content = make_quality_report(context, tmp_path, WHO, APRIL)
    assert content != unsigned
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"].startswith(title)
        assert str(pdf.Root.Lang).startswith(language)
    assert [e["action"] for e in entries(tmp_path)] == ["report", "sign_off", "report"]
    assert {e["period"] for e in entries(tmp_path)} == {"2018-04"}


def test_a_sign_off_is_of_one_month_and_one_edition_and_stays(
    context: Context, file: Path, tmp_path: Path
) -> None:
    log_signed(tmp_path, WHO, file, QUALITY, "2018-04", "Første")
    log_signed(tmp_path, WHO, Path("generation-000900.duckdb"), QUALITY, "2018-04", "Andre")
    assert [e["detail"] for e in sign_offs(tmp_path, QUALITY, "2018-04")] == ["Andre", "Første"]
    assert sign_offs(tmp_path, QUALITY, "2018-05") == []
    shown = signed_section(context, sign_offs(tmp_path, QUALITY, "2018-04"), "")
    assert "tidligere utgave" in shown.paragraphs[-1]
    assert verify(tmp_path).broken_at is None


def test_a_sign_off_is_of_what_the_report_says(
    context: Context, file: Path, tmp_path: Path
) -> None:
    content = signed_content(context, APRIL)
    assert signed_content(replace(context, language="en"), APRIL) == content
    log_signed(tmp_path, WHO, file, QUALITY, "2018-04", "Sett på.", content)

    def told() -> Sequence[str]:
        signed = sign_offs(tmp_path, QUALITY, "2018-04")
        (table,) = quality_report(context, APRIL, signed).sections[-2].tables
        return table.rows[0]

    print_ = print_of(content)
    assert told()[3:5] == ["Sett på.", f"{print_[:16]}… dette innholdet"]
    other = file.with_name("generation-000079.duckdb")
    shutil.copyfile(file, other)
    with duckdb.connect(str(other)) as con:
        con.execute("update mart_deliveries set rows_in = rows_in + 1 where rows_in > 0")
    context = replace(context, generation=str(other))
    assert told()[4] == f"{print_[:16]}… et annet innhold"
