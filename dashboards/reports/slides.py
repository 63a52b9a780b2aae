"""Findings as slides: one a slide, text as text, the chart as a vector picture with its words.

PowerPoint shows the SVG and programs that cannot read it the PNG beside it. Notes hold what the
finding does not prove. The same findings give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dashboards.charts.export import picture
from dashboards.reports import slide_parts as parts
from dashboards.reports.council import Finding

_CM = 360_000
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NS = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_COLOURS = {"better": "0072B2", "not_held": "0072B2", "worse": "A84300", "changed": "490092"}
_INK, _QUIET = "1F2933", "4A5563"
_CONTROL = dict.fromkeys([*range(9), *range(11, 32), 127])


@dataclass(frozen=True)
class _Run:
    """A stretch of text: what it says, its size in points, its colour, and whether it is bold."""

    text: str
    size: float
    colour: str = _INK
    is_bold: bool = False


@dataclass(frozen=True)
class _Place:
    """Where a shape is, in centimetres from the upper left."""

    left: float
    top: float
    width: float
    height: float

    @property
    def xml(self) -> str:
        """The place as the file writes it."""
        x, y, cx, cy = (
            round(each * _CM) for each in (self.left, self.top, self.width, self.height)
        )
        return f'<a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/>'


@dataclass(frozen=True)
class _Shape:
    """A box of text; ``holder`` is which of the layout's places it fills, if any."""

    number: int
    name: str
    place: _Place
    holder: str = ""


_TITLE = _Shape(2, "Title", _Place(1.8, 2.0, 30.2, 2.6), "title")


def to_pptx(
    findings: Sequence[Finding], *, title: str, author: str, language: str, published_at: datetime
) -> bytes:
    """Return the findings as a presentation.

    Args:
        findings: At least one, in the order of the slides.
        title: What the document is called.
        author: Who publishes it.
        language: As the file names it: ``nb-NO``.
        published_at: When the edition was published; the document's date.
    """
    n = len(findings)
    numbers = range(1, n + 1)
    files: dict[str, bytes] = {}

    def write(path: str, content: str) -> None:
        files[path] = content.encode()

    write("[Content_Types].xml", parts.content_types(n))
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    write("_rels/.rels", parts.relations(
        ("officeDocument", "ppt/presentation.xml"), (kind, "docProps/core.xml")))  # fmt: skip
    moment = published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    write("docProps/core.xml", parts.core(_text(title), _text(author), moment))
    write("ppt/presentation.xml", parts.presentation(n))
    write("ppt/_rels/presentation.xml.rels", parts.relations(
        ("slideMaster", "slideMasters/slideMaster1.xml"),
        ("notesMaster", "notesMasters/notesMaster1.xml"),
        *(("slide", f"slides/slide{k}.xml") for k in numbers),
        ("theme", "theme/theme1.xml")))  # fmt: skip
    write("ppt/slideMasters/slideMaster1.xml", parts.master())
    write("ppt/slideMasters/_rels/slideMaster1.xml.rels", parts.relations(
        ("slideLayout", "../slideLayouts/slideLayout1.xml"),
        ("theme", "../theme/theme1.xml")))  # fmt: skip
    write("ppt/slideLayouts/slideLayout1.xml", parts.layout(_box(_TITLE, [])))
    write("ppt/slideLayouts/_rels/slideLayout1.xml.rels", parts.relations(
        ("slideMaster", "../slideMasters/slideMaster1.xml")))  # fmt: skip
    write("ppt/notesMasters/notesMaster1.xml", parts.notes_master())
    write("ppt/notesMasters/_rels/notesMaster1.xml.rels", parts.relations(
        ("theme", "../theme/theme2.xml")))  # fmt: skip
    for k in (1, 2):
        write(f"ppt/theme/theme{k}.xml", parts.theme())
    pictures = [picture(finding.spec, "png") for finding in findings]
    for k, finding in zip(numbers, findings, strict=True):
        write(f"ppt/slides/slide{k}.xml", _slide(finding, pictures[k - 1], language))
        write(f"ppt/slides/_rels/slide{k}.xml.rels", parts.relations(
            ("slideLayout", "../slideLayouts/slideLayout1.xml"),
            ("image", f"../media/image{k}.png"), ("image", f"../media/image{k}.svg"),
            ("notesSlide", f"../notesSlides/notesSlide{k}.xml")))  # fmt: skip
        write(f"ppt/notesSlides/notesSlide{k}.xml", _notes(finding, language))
        write(f"ppt/notesSlides/_rels/notesSlide{k}.xml.rels", parts.relations(
            ("notesMaster", "../notesMasters/notesMaster1.xml"),
            ("slide", f"../slides/slide{k}.xml")))  # fmt: skip
        files[f"ppt/media/image{k}.png"] = pictures[k - 1]
        files[f"ppt/media/image{k}.svg"] = picture(finding.spec, "svg")
    return _zipped(files, published_at)


def _zipped(files: dict[str, bytes], moment: datetime) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for path, content in files.items():
            # the edition's own time: the same findings give the same bytes
            info = ZipInfo(path, date_time=moment.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            zipped.writestr(info, content)
    return out.getvalue()


def _slide(finding: Finding, png: bytes, language: str) -> str:
    mark = _COLOURS.get(finding.verdict_class, _INK)
    figures = [
        [
            _Run(f"{row.label}  ", 14),
            _Run(row.value, 24, mark if n == 1 else _INK, is_bold=True),
            _Run(f"  {row.parts}" if row.parts else "", 10, _QUIET),
        ]
        for n, row in enumerate(finding.figures)
    ]
    shown = [
        [_Run(finding.verdict, 16, mark, is_bold=True)],
        [_Run(finding.sentence, 12)],
        [_Run("", 6)],
        [_Run(finding.not_shown_heading, 16, is_bold=True)],
        *([_Run(f"\u2022 {line}", 12)] for line in finding.not_shown),
    ]
    boxes = {
        _TITLE: [[_Run(finding.title, 30, is_bold=True)]],
        _Shape(3, "Where", _Place(1.8, 1.0, 24.0, 0.9)): [[_Run(finding.where, 12, _QUIET)]],
        _Shape(5, "Figures", _Place(21.2, 4.8, 11.2, 4.4)): figures,
        _Shape(6, "Verdict", _Place(21.2, 9.3, 11.2, 7.2)): shown,
        _Shape(7, "Foot", _Place(1.8, 17.2, 23.0, 1.4)): [[_Run(finding.foot, 9, _QUIET)]],
        _Shape(8, "Edition", _Place(25.2, 17.2, 7.2, 1.4)): [[_Run(finding.edition, 9, _QUIET)]],
    }
    shapes = [_box(shape, paragraphs, language) for shape, paragraphs in boxes.items()]
    # read in this order by who listens: the chart comes after what it is and where
    shapes.insert(2, _picture(4, finding, _fitted(png, _Place(1.8, 4.8, 18.6, 11.8))))
    inside = parts.shapes("".join(shapes))
    return parts.xml("p:sld", f"{inside}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>")


def _notes(finding: Finding, language: str) -> str:
    lines = [finding.sentence, f"{finding.not_shown_heading}:", *finding.not_shown, finding.alt]
    paragraphs = [[_Run(line, 12)] for line in lines]
    body = _box(_Shape(2, "Notes", _Place(1.5, 12, 16, 15), "body"), paragraphs, language)
    inside = parts.shapes(body)
    return parts.xml("p:notes", f"{inside}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>")


def _box(shape: _Shape, paragraphs: Sequence[Sequence[_Run]], language: str = "") -> str:
    holder = shape.holder
    is_holder = (
        f'<p:ph type="{holder}"{" idx=" + chr(34) + "1" + chr(34) if holder == "body" else ""}/>'
    )
    told = "".join(
        f"<a:p>{''.join(_run(run, language) for run in line)}</a:p>" for line in paragraphs
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{shape.number}" name="{shape.name}"/>'
        f"<p:cNvSpPr{'' if holder else ' txBox=' + chr(34) + '1' + chr(34)}/>"
        f"<p:nvPr>{is_holder if holder else ''}</p:nvPr></p:nvSpPr>"
        f"<p:spPr><a:xfrm>{shape.place.xml}</a:xfrm>"
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0">'
        f"<a:normAutofit/></a:bodyPr><a:lstStyle/>{told or '<a:p/>'}</p:txBody></p:sp>"
    )


def _run(run: _Run, language: str) -> str:
    if not run.text:
        return ""
    bold = ' b="1"' if run.is_bold else ""
    return (
        f'<a:r><a:rPr lang="{language}" sz="{round(run.size * 100)}"{bold}>'
        f'<a:solidFill><a:srgbClr val="{run.colour}"/></a:solidFill></a:rPr>'
        f"<a:t>{_text(run.text)}</a:t></a:r>"
    )


def _picture(number: int, finding: Finding, place: _Place) -> str:
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{number}" name="Chart"'
        f" descr={quoteattr(finding.alt.translate(_CONTROL))}/>"
        '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:embed="rId2"><a:extLst><a:ext uri="{_SVG_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{_SVG_NS}" r:embed="rId3"/></a:ext></a:extLst></a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></p:blipFill>"
        f"<p:spPr><a:xfrm>{place.xml}</a:xfrm>"
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def _fitted(png: bytes, room: _Place) -> _Place:
    # width and height stand first in a PNG: the picture keeps its shape within the room
    wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    scale = min(room.width / wide, room.height / high)
    return _Place(room.left, room.top, wide * scale, high * scale)


def _text(value: str) -> str:
    return escape(value.translate(_CONTROL))
