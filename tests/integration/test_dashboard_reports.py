"""The reports to take away: accessible PDF, same bytes, within the reader's scope, and logged."""

import io
import json
from pathlib import Path

import pikepdf
import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.context import Context
from dashboards.reports.make import make_report
from dashboards.reports.municipality import municipality_report
from dashboards.reports.unit import NoSuchUnitError, unit_report
from pipelines.desk.access_log import entries
from pipelines.desk.logged import Reader
from tests.conftest import pukk
from tests.published import generation_file

pytestmark = pytest.mark.integration
WHO = Reader("kari", "analytiker")
PILOT = "u0312"


@pytest.fixture(scope="module")
def generation(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = generation_file(example_home)
    copy = tmp_path_factory.mktemp("rapport") / file.name
    copy.write_bytes(file.read_bytes())
    copy.with_suffix(".json").write_bytes(file.with_suffix(".json").read_bytes())
    return str(copy)


def tags(content: bytes) -> list[str]:
    """Every structure tag of the PDF, in no particular order."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            str(thing["/S"])
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem"
        ]


@pytest.mark.parametrize(
    ("language", "unit", "title"),
    [
        ("nb", PILOT, "Virker Lean i Gimle sykehjem avd. 1?"),
        ("en", PILOT, "Does Lean work in Gimle sykehjem avd. 1?"),
        ("nb", "", "Virker Lean i Vestre Toten kommune?"),
        ("en", "", "Does Lean work in Vestre Toten kommune?"),
    ],
)
def test_the_report_is_accessible_and_in_its_language(
    generation: str, tmp_path: Path, language: str, unit: str, title: str
) -> None:
    content = make_report(Context(generation, language, LOCAL_VIEWER), tmp_path, WHO, unit)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == title
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        figures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        assert all(len(str(figure["/Alt"])) > 40 for figure in figures)
        assert bool(figures) == bool(unit)
    found = tags(content)
    assert {"/H1", "/Table", "/TH", "/TD"} <= set(found)
    (entry,) = entries(tmp_path)
    assert (entry["action"], entry["unit"], entry["detail"]) == ("report", unit, "pdf")


def test_the_same_generation_gives_the_same_bytes(generation: str, tmp_path: Path) -> None:
    context = Context(generation, "nb", LOCAL_VIEWER)
    first = make_report(context, tmp_path, WHO, PILOT)
    assert make_report(context, tmp_path, WHO, PILOT) == first


def test_a_leader_gets_their_own_unit_and_no_other_and_not_the_whole(generation: str) -> None:
    leader = Viewer("leder@kommune.no", Role.UNIT_LEADER, Scope(units=(PILOT,)))
    context = Context(generation, "nb", leader)
    assert unit_report(context, PILOT).title.endswith("Gimle sykehjem avd. 1?")
    with pytest.raises(NoSuchUnitError):
        unit_report(context, "u0420")
    with pytest.raises(PermissionError):
        municipality_report(context)


def test_hidden_figures_are_colons_and_have_no_chart(generation: str) -> None:
    made = unit_report(Context(generation, "nb", LOCAL_VIEWER), PILOT)
    hidden = [item for s in made.sections for item in s.items if item.verdict == "Skjermet"]
    assert hidden
    assert [item.heading for item in hidden if item.svg] == []
    rows = [row for s in made.sections for t in s.tables for row in t.rows if row[-1] == "Skjermet"]
    assert rows
    assert all(row[1:4] == [":", ":", ":"] for row in rows)


def test_a_text_from_the_data_is_shown_and_never_run() -> None:
    from datetime import UTC, datetime

    from dashboards.reports.pdf import Report, Section, to_pdf

    text = '#read("/etc/passwd") $x$ *a* [b] \x00 \\'
    when = datetime(2026, 1, 1, tzinfo=UTC)
    report = Report("nb", text, text, text, text, text, when, [Section(text, [text])])
    with (
        pikepdf.open(io.BytesIO(to_pdf(report))) as pdf,
        pdf.open_metadata() as told,
    ):
        assert told["dc:title"] == text.replace("\x00", "")


def test_the_terminal_writes_a_report_and_says_which_units_there_are(
    example_copy: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rapport.pdf"
    pukk("pdf", PILOT, "--lang", "en", "--out", str(out), home=example_copy)
    assert out.read_bytes().startswith(b"%PDF-")
    unknown = pukk("pdf", "u9999", "--out", str(out), home=example_copy, check=False)
    assert unknown.returncode == 1
    assert "u9999" in unknown.stderr
    entry, *_ = json.loads(pukk("log", "show", "--json", home=example_copy).stdout)
    assert (entry["action"], entry["unit"], entry["role"]) == ("report", PILOT, "terminal")
