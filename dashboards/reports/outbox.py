"""Files laid in a folder by themselves, each made with its recipient's own rights.

``python -m dashboards.reports.outbox``; ``pukk deliver`` starts it. The list says who gets
what; what a recipient may see is what their line of the access table says now, so a list can
ask for too much and give nothing away. A file is logged before it is laid out, and made once
per edition. How it gets from the folder to its recipient is the municipality's own business.
"""

import argparse
import csv
import hashlib
import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from dashboards.access import Viewer, viewer_of_line
from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.bundle import unit_bundle
from dashboards.reports.council import Finding
from dashboards.reports.council_files import (
    NothingToSayError,
    council_pdf,
    council_pptx,
    municipality_findings,
    unit_findings,
)
from dashboards.reports.group import group_metrics, groups
from dashboards.reports.group_council import group_finding
from dashboards.reports.municipality import municipality_report
from dashboards.reports.pdf import to_pdf
from dashboards.reports.status import status_report
from dashboards.reports.unit import unit_report
from pipelines.desk.logged import Kind, Reader, take
from pipelines.desk.private_files import closed_to_others
from pipelines.words.catalogue import DEFAULT_LANGUAGE, codes

COLUMNS = ("subject", "file", "about", "metric", "language")
_UNSAFE = re.compile(r"[^A-Za-z0-9@+_-]")
_GROUP = "."


@dataclass(frozen=True)
class Line:
    """One line of the list: who gets which file about what, in which language."""

    number: int
    subject: str
    file: str
    about: str
    metric: str
    language: str


@dataclass(frozen=True)
class Places:
    """Where everything lies.

    Attributes:
        generation: The published file.
        state: The municipality's state folder, where the log is.
        access: The access table.
        outbox: Where each recipient has a folder.
    """

    generation: Path
    state: Path
    access: Path
    outbox: Path


@dataclass(frozen=True)
class Laid:
    """What became of a line: ``laid``, ``there`` already, or why not; never who it is for."""

    line: int
    outcome: str
    file: str


def read_lines(list_file: Path) -> list[Line]:
    """Return the lines of a list of recipients, with their place in the file.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no such list: no CSV in UTF-8, or a column is missing.
    """
    text = list_file.read_text(encoding="utf-8-sig")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(text.splitlines(), delimiter=separator, strict=True)
    if absent := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise ValueError(", ".join(absent))
    try:
        return [
            Line(n, *((row[name] or "").strip() for name in COLUMNS))
            for n, row in enumerate(rows, start=2)
        ]
    except csv.Error as error:
        raise ValueError(str(error)) from None


def lay_out(lines: list[Line], places: Places, today: date) -> Iterator[Laid]:
    """Make every line's file that this edition has not made, and tell what became of each.

    Args:
        lines: From :func:`read_lines`.
        places: Where everything lies.
        today: Decides which lines of the access table are valid.

    Raises:
        sqlite3.Error: The log could not be written; that file is not made.
    """
    edition = int(description(str(places.generation)).get("generation", 0))
    for line in lines:
        name = "-".join(part for part in (line.file, line.about) if part)
        viewer = viewer_of_line(line.subject, places.access, today)
        if viewer is None:
            yield Laid(line.number, "no_access", name)
        elif line.file not in _FILES or line.language not in ("", *codes()):
            yield Laid(line.number, "unknown", name)
        else:
            folder = places.outbox / _folder_of(line.subject) / f"utgave-{edition:06d}"
            yield _one(line, viewer, places, folder)


def _one(line: Line, viewer: Viewer, places: Places, folder: Path) -> Laid:
    kind, make = _FILES[line.file]
    language = line.language or DEFAULT_LANGUAGE
    parts = (line.file, line.about, line.metric, language)
    name = "-".join(_UNSAFE.sub("-", part) for part in parts if part) + f".{kind}"
    context = Context(str(places.generation), language, viewer)
    # rights first: what was theirs when it was made may be so no longer, and is then refused below
    if (folder / name).exists() and _is_theirs(context, line):
        return Laid(line.number, "there", name)
    reader = Reader(viewer.subject, viewer.role.value, is_limited=not viewer.scope.is_everything)
    unit = "" if _GROUP in line.about else line.about
    made = partial(make, context, line)
    try:
        content = take(
            places.state, reader, places.generation, line.file, made, kind=kind, n_rows=None,
            unit=unit,
        )  # fmt: skip
    except PermissionError:
        return Laid(line.number, "refused", name)
    folder.mkdir(0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{name}"
    unfinished.write_bytes(content)
    unfinished.replace(folder / name)
    return Laid(line.number, "laid", name)


def _is_theirs(context: Context, line: Line) -> bool:
    if not line.about:
        return line.file != "rapport" or context.viewer.scope.is_everything
    units = {row["unit_id"] for row in context.rows("dim_units", ("unit_id",))}
    return line.about in units or line.about in groups(context, ())


def _folder_of(subject: str) -> str:
    safe = _UNSAFE.sub("_", subject)
    if safe == subject:
        return safe
    # two subjects may look alike without their other marks
    return f"{safe}-{hashlib.sha256(subject.encode()).hexdigest()[:8]}"


def _report(context: Context, line: Line) -> bytes:
    return to_pdf(unit_report(context, line.about) if line.about else municipality_report(context))


def _status(context: Context, _: Line) -> bytes:
    return to_pdf(status_report(context))


def _bundle(context: Context, line: Line) -> bytes:
    return unit_bundle(context, line.about)


def _council(context: Context, line: Line) -> bytes:
    return council_pdf(context, _findings(context, line))


def _slides(context: Context, line: Line) -> bytes:
    return council_pptx(context, _findings(context, line))


def _findings(context: Context, line: Line) -> list[Finding]:
    if not line.about:
        return municipality_findings(context)
    if _GROUP not in line.about and line.about not in groups(context, ()):
        return unit_findings(context, line.about, (line.metric,) if line.metric else None)
    group, metric = groups(context, ()).get(line.about), group_metrics(context).get(line.metric)
    if group is None or metric is None:
        raise NothingToSayError(line.about)
    return [group_finding(context, group, metric)]


_FILES: Mapping[str, tuple[Kind, Callable[[Context, Line], bytes]]] = {
    "rapport": ("pdf", _report),
    "status": ("pdf", _status),
    "kommunestyret": ("pdf", _council),
    "lysbilder": ("pptx", _slides),
    "alt": ("zip", _bundle),
}
"""What can be asked for: the kind of file and who makes it."""


def main() -> None:
    """Read the arguments, lay the files out, and write what became of each line as JSON."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.reports.outbox")
    for name in ("generation", "state", "access", "recipients", "outbox"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    # outside a server the page's cache says so at every read
    logging.disable(logging.WARNING)
    try:
        lines = read_lines(given.recipients)
    except (OSError, ValueError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from None
    places = Places(given.generation, given.state, given.access, given.outbox)
    for laid in lay_out(lines, places, given.today):
        sys.stdout.write(json.dumps([laid.line, laid.outcome, laid.file]) + "\n")


if __name__ == "__main__":
    with closed_to_others():
        main()
