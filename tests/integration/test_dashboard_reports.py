"""The reports to take away: accessible PDF, same bytes, within the reader's scope, and logged."""

import hashlib
import io
import json
import shutil
from pathlib import Path

import pikepdf
import pytest

from dashboards.access import LOCAL_VIEWER, Role, Scope, Viewer
from dashboards.components import talk
from dashboards.context import Context
from dashboards.reports.make import make_report
from dashboards.reports.municipality import TALKED, municipality_report
from dashboards.reports.unit import NoSuchUnitError, unit_report
from pipelines.desk.access_log import entries
from pipelines.desk.logged import Reader
from tests.conftest import pukk
from tests.published import generation_file
from tests.shown_pages import copied

pytestmark = pytest.mark.integration
WHO = Reader("kari", "analytiker")
PILOT = "u0312"
# too few were away for its short-term sick leave to be shown
HIDDEN_PILOT = "u0410"
HIDDEN = "Skjult: for få personer"


@pytest.fixture(scope="module")
def generation(example_home: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(copied(example_home, tmp_path_factory.mktemp("rapport")))


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
        assert len(figures) >= (1 if unit else 4 + TALKED)
    found = tags(content)
    assert {"/H1", "/Table", "/TH", "/TD"} <= set(found)
    (entry,) = entries(tmp_path)
    assert (entry["action"], entry["unit"]) == ("report", unit)
    assert entry["detail"] == f"pdf sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_whole_is_drawn_and_the_verdicts_add_up_to_all_measurements(generation: str) -> None:
    context = Context(generation, "nb", LOCAL_VIEWER)
    made = municipality_report(context)
    drawn = {
        s.heading: [*s.pictures, *(p for item in s.items for p in item.pictures)]
        for s in made.sections
    }
    for heading in ("Kort sagt", "Hvor langt har Lean kommet?", "Pilotene", "Gevinster"):
        assert drawn[heading], heading
        assert all(p.svg.startswith("<svg") and p.caption for p in drawn[heading])
    in_short = made.sections[0]
    ((row,),) = [context.rows("mart_overview", ("n_series",), scope_type="municipality")]
    (table,) = in_short.tables
    assert sum(int(cells[-1]) for cells in table.rows) == row["n_series"]
    for label, n in table.rows:
        assert f"{label}: {n}" in in_short.pictures[0].alt


def test_what_needs_talk_is_what_the_overview_puts_first_and_has_its_chart(generation: str) -> None:
    context = Context(generation, "nb", LOCAL_VIEWER)
    (section,) = [s for s in municipality_report(context).sections if s.heading == "Å snakke om"]
    first = [f"{line.row['unit_name']}: {line.metric}" for line in talk.lines(context)[:TALKED]]
    assert [item.heading for item in section.items] == first
    assert all(item.pictures for item in section.items if item.verdict != HIDDEN)


def test_a_pilot_has_its_charts_unless_its_figures_are_hidden(generation: str) -> None:
    made = municipality_report(Context(generation, "nb", LOCAL_VIEWER))
    (section,) = [s for s in made.sections if s.heading == "Pilotene"]
    assert len(section.items) == 7
    for item in section.items:
        assert bool(item.pictures) == (item.tables[0].rows[0][-1] != HIDDEN), item.heading
    assert not all(item.pictures for item in section.items)


@pytest.mark.parametrize(
    ("language", "nobody", "now"),
    [
        ("nb", "Ingen enhet har registrert oppstart", "Slik er det nå"),
        ("en", "No unit has recorded a Lean start", "As it is now"),
    ],
)
def test_before_anything_has_started_the_report_says_so_and_shows_the_starting_point(
    nhs_home: Path, tmp_path: Path, language: str, nobody: str, now: str
) -> None:
    original = generation_file(nhs_home, "nhs_england")
    copy = Path(shutil.copyfile(original, tmp_path / original.name))
    context = Context(str(copy), language, LOCAL_VIEWER)
    in_short, as_it_is, *_ = municipality_report(context).sections
    assert nobody in in_short.paragraphs[0]
    assert "285" in in_short.paragraphs[1]
    assert as_it_is.heading == now
    assert [len(item.pictures) for item in as_it_is.items] == [1, 1, 1, 1]
    content = make_report(context, tmp_path, WHO)
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
    assert tags(content).count("/Figure") == 4


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
    made = unit_report(Context(generation, "nb", LOCAL_VIEWER), HIDDEN_PILOT)
    hidden = [item for s in made.sections for item in s.items if item.verdict == HIDDEN]
    assert hidden
    assert [item.heading for item in hidden if item.pictures] == []
    rows = [row for s in made.sections for t in s.tables for row in t.rows if row[-1] == HIDDEN]
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
    newest = json.loads(pukk("log", "show", "--json", home=example_copy).stdout)[:2]
    told = [(e["action"], e["unit"], e["role"], e["outcome"]) for e in newest]
    assert told == [
        ("report", "u9999", "terminal", "refused"),
        ("report", PILOT, "terminal", "ok"),
    ]


def test_the_terminal_writes_the_months_quality_report_that_the_page_offers(
    example_copy: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kvalitet.pdf"
    pukk("pdf", "--quality", "--month", "2018-04", "--out", str(out), home=example_copy)
    with pikepdf.open(out) as pdf, pdf.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert "april 2018" in told["dc:title"]
    entry, *_ = json.loads(pukk("log", "show", "--json", home=example_copy).stdout)
    assert (entry["subject"], entry["period"]) == ("datakvalitet", "2018-04")
    assert entry["detail"] == f"pdf sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}"
    unknown = pukk("pdf", "--quality", "--month", "2030-01", home=example_copy, check=False)
    assert unknown.returncode == 1
    assert "2030-01" in unknown.stderr
    both = pukk("pdf", PILOT, "--quality", home=example_copy, check=False)
    assert "ikke én enhet" in both.stderr
    assert "--quality" in pukk("pdf", "--help", home=example_copy).stdout
