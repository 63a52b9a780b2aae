"""Every file a page hands over: in the log with its fingerprint before it is given, and safe."""

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.components import downloads
from dashboards.components.file_kinds import Look
from dashboards.link_keys import ALL_OPEN, OPENED
from pipelines.desk.access_log import entries, verify
from tests.published import generation_file

pytestmark = pytest.mark.integration

SCRIPT = """
import streamlit as st
from dashboards.access import EVERYTHING, Role, Scope, Viewer
from dashboards.components import asking
from dashboards.components.downloads import report_buttons
from dashboards.context import Context
from dashboards.views import {view}
context = Context({generation!r}, {language!r}, Viewer("kari@kommune.no", Role.{role}, {scope}))
if {view!r} == "ask":
    asking.ask(context, "select unit_id, '=1+1' as a, -1.5 as b from dim_units")
{view}.show(context)
# the same on every page but a unit's: made twice, not on each
if {view!r} in ("overview", "unit"):
    report_buttons(context)
"""
# page -> what is offered as a table; the unit's address is set for the pages that need one
TABLES = {
    "overview": {"samlet", "oversikt", "konklusjoner-antall"},
    "unit": {
        "konklusjoner",
        "sick_leave_pct-value",
        "for-og-etter-sick_leave_pct",
        "endring-sick_leave_pct",
        "varighet-sick_leave_pct",
        "enhet-gevinster",
        "enhet-aar",
        "enhet-aar-for-og-etter",
    },
    "status": {"status"},
    "group": {"gruppe", "gruppe-sick_leave_pct"},
    "served": {"hvem-citizen"},
    "gains": {"gevinster-over-tid", "gevinster-type", "meldt-mot-malt", "gevinster"},
    "rollout": {"utrulling", "kursdager", "venteliste", "plan", "veiledere", "modenhet"},
    "pitfalls": {"fallgruver"},
    "economy": {"okonomi-artsgrupper", "overtid-og-vikarer", "okonomi", "kostnad-lean"},
    "quality": {"leveranser", "kontroller"},
    "ask": {"sql"},
    "about": {"maltall"},
}
# page -> how many charts; each can be had as PNG, SVG and PDF
CHARTS = {
    "unit": 4,
    "group": 1,
    "gains": 2,
    "rollout": 5,
    "pitfalls": 1,
    "economy": 3,
}
HEADER = "subject;role;units;sectors;valid_from;valid_to\n"
WARD = "Scope(units=('u0312',))"

Button = tuple[str, Callable[[], bytes]]


@pytest.fixture
def buttons(
    example_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Button]]:
    """Draws a page as a reader gets it and returns its download buttons: file name, and click."""
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("PUKK_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    access = tmp_path / "access.csv"
    monkeypatch.setenv("PUKK_ACCESS", str(access))
    original = generation_file(example_home)
    copy = tmp_path / original.name
    copy.write_bytes(original.read_bytes())
    copy.with_suffix(".json").write_bytes(original.with_suffix(".json").read_bytes())
    drawn: list[Button] = []
    draw = downloads._button

    def noted(label: str, data: Callable[[], bytes], name: str, look: Look) -> None:
        drawn.append((name, data))
        draw(label, data, name, look)

    monkeypatch.setattr(downloads, "_button", noted)

    def run(view: str, *, language: str = "nb", scope: str = "EVERYTHING") -> list[Button]:
        role = "ANALYST" if scope == "EVERYTHING" else "UNIT_LEADER"
        line = "analytiker;;;;" if scope == "EVERYTHING" else "enhetsleder;u0312;;;"
        access.write_text(f"{HEADER}kari@kommune.no;{line}\n", encoding="utf-8")
        script = SCRIPT.format(
            view=view, generation=str(copy), language=language, role=role, scope=scope
        )
        page = AppTest.from_string(script, default_timeout=300)
        page.query_params[OPENED] = ALL_OPEN
        if view == "unit":
            page.query_params["enhet"] = "u0312"
            page.query_params["maltall"] = "sick_leave_pct"
        drawn.clear()
        assert not page.run().exception
        return list(drawn)

    return run


@pytest.mark.parametrize("view", TABLES)
def test_every_file_of_every_page_is_in_the_log_with_its_fingerprint_and_harmless(
    buttons: Callable[..., list[Button]], tmp_path: Path, view: str
) -> None:
    offered = buttons(view)
    names = [name.rpartition(".")[0] for name, _ in offered if name.endswith((".csv", ".xlsx"))]
    assert {
        subject: n for subject in TABLES[view] if (n := _times(names, subject))
    } == dict.fromkeys(TABLES[view], 2)
    assert len(names) == 2 * len(TABLES[view])
    pictures = [name for name, _ in offered if name.endswith((".png", ".svg"))]
    assert len(pictures) == 2 * CHARTS.get(view, 0)
    state = tmp_path / "state"
    for name, click in offered:
        before = len(entries(state, 1000))
        content = click()
        kind = name.rpartition(".")[2]
        entry, *rest = entries(state, 1000)
        assert len(rest) == before
        assert entry["detail"] == f"{kind} sha256:{hashlib.sha256(content).hexdigest()}", name
        assert (entry["actor"], entry["role"]) == ("kari@kommune.no", "analytiker")
        assert (entry["outcome"], entry["is_export"]) == ("ok", 1)
        assert entry["subject"]
        assert entry["generation"].startswith("generation-")
        if kind in ("csv", "xlsx"):
            assert entry["n_rows"] > 0
        if kind == "csv":
            _is_norwegian_and_harmless(content)
    assert verify(state).broken_at is None


@pytest.mark.parametrize("view", ["overview", "unit", "quality"])
def test_a_reader_whose_line_is_gone_at_the_click_gets_no_file_and_the_log_says_so(
    buttons: Callable[..., list[Button]], tmp_path: Path, view: str
) -> None:
    offered = buttons(view)
    (tmp_path / "access.csv").write_text(HEADER, encoding="utf-8")
    for n, (_, click) in enumerate(offered, 1):
        with pytest.raises(PermissionError):
            click()
        found = entries(tmp_path / "state", 1000)
        assert [(e["actor"], e["outcome"]) for e in found] == [("kari@kommune.no", "refused")] * n


def _times(names: list[str], subject: str) -> int:
    return len([n for n in names if n in (f"pukk-{subject}", f"pukk-{subject}-u0312")])


def _is_norwegian_and_harmless(content: bytes) -> None:
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert len(head) > 1
    assert all(len(row) == len(head) for row in rows)
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "@", "\t", "\r")), cell
        if cell.startswith(("+", "-")):
            float(cell.replace(",", "."))


def test_a_question_gives_negative_numbers_and_harmless_texts(
    buttons: Callable[..., list[Button]],
) -> None:
    (click,) = [click for name, click in buttons("ask") if name.endswith(".csv")]
    _, first, *_ = click().decode("utf-8-sig").splitlines()
    assert first.endswith(";'=1+1;-1,5")


@pytest.mark.parametrize(
    "view", ["overview", "unit", "group", "status", "gains", "pitfalls", "economy"]
)
def test_a_leaders_files_hold_no_other_unit(
    buttons: Callable[..., list[Button]], view: str
) -> None:
    for name, click in buttons(view, scope=WARD):
        if not name.endswith(".csv"):
            continue
        head, *rows = csv.reader(
            io.StringIO(click().decode("utf-8-sig"), newline=""), delimiter=";"
        )
        units = {row[head.index("Enhet")] for row in rows if "Enhet" in head}
        assert units <= {"Gimle sykehjem avd. 1", "Ikke på en enhet"}, name


def test_only_one_place_draws_a_download_button() -> None:
    folder = Path(downloads.__file__).parent.parent
    found = [
        file.name for file in folder.rglob("*.py") if "download_button(" in file.read_text("utf-8")
    ]
    assert found == ["downloads.py"]
    assert (folder / "components" / "downloads.py").read_text("utf-8").count(
        "download_button("
    ) == 1
