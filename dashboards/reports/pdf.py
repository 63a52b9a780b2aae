"""What a report is made of, and how it becomes a PDF/UA-1 file: same content, same bytes.

Tagged, with title, language, headings, table headers and a text for every chart. What stands in a
report is in ``unit``, ``municipality`` and ``quality``; what it looks like in ``report.typ``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pipelines.words.catalogue import text

_TEMPLATE = Path(__file__).with_name("report.typ")
# what a control character would become is nobody's to guess
_CONTROL = dict.fromkeys([*range(9), *range(11, 32), 127])


@dataclass(frozen=True)
class ReportTable:
    """A table of texts.

    Attributes:
        caption: What it shows.
        head: Headings.
        rows: Cells, one per heading.
        right: Numbers of the columns set to the right.
        widths: Share of the width per column; 0 is as wide as its text.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    widths: Sequence[int] = ()


@dataclass(frozen=True)
class Picture:
    """A chart.

    Attributes:
        svg: The drawing.
        alt: The chart in words.
        caption: The line under the chart.
    """

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Item:
    """One finding under its own heading, kept together on one page.

    Attributes:
        heading: What it is about.
        text: The sentence.
        verdict: The verdict, before the sentence.
        next: What to do, after it.
        pictures: Its charts.
        tables: Its tables.
    """

    heading: str
    text: str = ""
    verdict: str = ""
    next: str = ""
    pictures: Sequence[Picture] = ()
    tables: Sequence[ReportTable] = ()


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading, in this order."""

    heading: str
    paragraphs: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    items: Sequence[Item] = ()
    tables: Sequence[ReportTable] = ()


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes:
        language: A code of the word files.
        title: The document's title.
        subtitle: Whose figures, until when.
        author: Who publishes it.
        footer: The edition, on every page.
        notice: What must be said first; empty when nothing must.
        published_at: When the generation was published; the document's date.
        sections: Its parts.
        is_one_wide_page: One large page on its side, with a table as large as fits.
    """

    language: str
    title: str
    subtitle: str
    author: str
    footer: str
    notice: str
    published_at: datetime
    sections: Sequence[Section]
    is_one_wide_page: bool = False


def to_pdf(report: Report) -> bytes:
    """Return the report as PDF/UA-1.

    Raises:
        RuntimeError: Typst found something that breaks the standard.
    """
    when = report.published_at
    content = asdict(report) | {
        "published_at": None,
        "lang": report.language,
        "region": text("language.region", report.language).lower(),
    }
    for section in content["sections"]:
        for part in (section, *section["items"]):
            for table in part["tables"]:
                table["widths"] = list(table["widths"]) or [0] * len(table["head"])
    return compiled(_TEMPLATE, content, when)


def compiled(template: Path, content: Mapping[str, object], when: datetime) -> bytes:
    """Return a document laid out by a template as PDF/UA-1.

    Args:
        template: A Typst file.
        content: What stands in it: texts, numbers, lists and pictures as SVG.
        when: The document's date.

    Raises:
        RuntimeError: Typst found something that breaks the standard.
    """
    import typst  # slow to load, and few readers take a report with them

    dated = dict(content) | {"date": [when.year, when.month, when.day]}
    return bytes(
        typst.compile(
            str(template),
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            timestamp=int(when.timestamp()),
            sys_inputs={"content": json.dumps(_clean(dated), ensure_ascii=False)},
        )
    )


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value.translate(_CONTROL)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value
