"""Findings as slides and as PDF: whole files, the same bytes each time, with what is not shown."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from dashboards.charts.control import control_chart
from dashboards.charts.export import fixed
from dashboards.charts.series import ControlData
from dashboards.reports import pdf
from dashboards.reports.council import Figure, Finding
from dashboards.reports.figures import on_paper
from dashboards.reports.slides import to_pptx

_POINT = {
    "phase": "baseline", "phase_no": 1, "measured_lower_3s": 5.0, "measured_upper_3s": 15.0,
    "is_introduction": False, "rule": None, "colour": "common_cause",
}  # fmt: skip
WHEN = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)


def finding() -> Finding:
    points = [_POINT | {"month": date(2018, n, 1), "measured_value": 9.0 + n} for n in range(1, 13)]
    spec = control_chart(ControlData(points, 1, "pct", {}), "nb")
    return Finding(
        "Overtid & <ventetid> gikk ned", "Toten kommune · Enhet", fixed(spec, 400, 200),
        "Diagram i ord", (Figure("Før Lean", "66 %", "228 saker / 348 saker"),), "Bedre",
        "Setningen.", "Det dette ikke viser", ("At Lean er årsaken.", "Enkeltmåneder."),
        "Konstruerte data.", "Utgave 3", "better",
    )  # fmt: skip


def _read(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - what we have just written ourselves


def slides(*findings: Finding) -> bytes:
    return to_pptx(findings, title="T", author="A", language="nb-NO", published_at=WHEN)


def test_a_presentation_holds_one_finding_a_slide_with_its_notes() -> None:
    made = slides(finding(), replace(finding(), title="Nummer to"))
    with ZipFile(BytesIO(made)) as zipped:
        names = set(zipped.namelist())
        for name in names:
            if name.endswith((".xml", ".rels")):
                _read(zipped.read(name))
        first = zipped.read("ppt/slides/slide1.xml").decode()
        notes = zipped.read("ppt/notesSlides/notesSlide1.xml").decode()
        relations = zipped.read("ppt/slides/_rels/slide1.xml.rels").decode()
        assert zipped.read("ppt/media/image1.svg").startswith(b"<svg")
        assert zipped.read("ppt/media/image1.png").startswith(b"\x89PNG")
        assert "Nummer to" in zipped.read("ppt/slides/slide2.xml").decode()
    assert {f"ppt/slides/slide{n}.xml" for n in (1, 2)} <= names
    # text is text, the picture has its words, and what it does not prove is on slide and in notes
    assert "Overtid &amp; &lt;ventetid&gt; gikk ned" in first
    assert 'descr="Diagram i ord"' in first
    for words in ("At Lean er årsaken.", "Det dette ikke viser"):
        assert words in first
        assert words in notes
    assert "svgBlip" in first
    assert "image1.svg" in relations


def test_every_part_that_is_pointed_at_is_there() -> None:
    with ZipFile(BytesIO(slides(finding()))) as zipped:
        names = set(zipped.namelist())
        for name in names:
            if not name.endswith(".rels"):
                continue
            folder = Path(name).parent.parent
            for relation in _read(zipped.read(name)):
                parts: list[str] = []
                for part in (folder / relation.attrib["Target"]).parts:
                    parts = parts[:-1] if part == ".." else [*parts, part]
                assert "/".join(parts) in names, (name, relation.attrib["Target"])


def test_the_same_finding_gives_the_same_bytes() -> None:
    assert slides(finding()) == slides(finding())


def test_a_finding_becomes_an_accessible_page() -> None:
    one = finding()
    told = {name: value for name, value in vars(one).items() if name not in {"spec", "figures"}}
    content = {
        "title": "T", "heading": "H", "author": "A", "lang": "nb", "region": "no",
        "findings": [told | {
            "svg": on_paper(one.spec), "not_shown": list(one.not_shown),
            "figures": [vars(row) for row in one.figures],
        }],
    }  # fmt: skip
    template = Path(pdf.__file__).with_name("council.typ")
    made = pdf.compiled(template, json.loads(json.dumps(content)), WHEN)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" in made
