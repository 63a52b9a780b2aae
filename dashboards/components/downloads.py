"""Buttons that hand over a table or a report; every file is in the log before it is given.

How a cell is written is in ``pipelines.desk.table_files``, what a report says in
``dashboards.reports``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.charts.export import FORMATS, picture, with_origin
from dashboards.components import links
from dashboards.components.file_kinds import MIME, Entry, Look
from dashboards.components.reader import check_access, reader, state_folder
from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.bundle import unit_bundle
from dashboards.reports.common import origin
from dashboards.reports.council_files import (
    council_pdf,
    council_pptx,
    municipality_findings,
    unit_findings,
)
from dashboards.reports.group import Group
from dashboards.reports.group_council import Row, group_finding
from dashboards.reports.make import (
    QUALITY,
    make_quality_report,
    make_report,
    make_status_report,
    period_code,
)
from pipelines.desk.logged import Kind, take
from pipelines.desk.table_files import to_csv, to_xlsx


@dataclass(frozen=True)
class Taken:
    """What is taken away of a table or a chart.

    Attributes:
        subject: What it shows, as the log and the file's name say it; one of its kind on the page.
        title: Heading of the file.
        headings: Of the columns.
        cells: Rows of figures as figures, not as formatted texts, and only what the reader may see;
            empty where the page offers them elsewhere.
        unit: The unit it is limited to.
        period: The months it is limited to.
        about: More lines for the sheet that says where the rows come from.
    """

    subject: str
    title: str
    headings: Sequence[str] = ()
    cells: Sequence[Sequence[Any]] = ()
    unit: str = ""
    period: str = ""
    about: Sequence[tuple[str, str]] = ()


def table_buttons(context: Context, taken: Taken) -> None:
    """Draw the two buttons under a table.

    Args:
        context: The frame's message.
        taken: The table.
    """
    told = description(context.generation)
    published = told.get("published_at")
    lines = [
        (context.t("file_table"), taken.title),
        (context.t("file_edition"), str(told.get("generation", Path(context.generation).stem))),
        (
            context.t("file_published"),
            context.day(datetime.fromisoformat(published)) if published else "",
        ),
        *taken.about,
    ]

    def as_csv() -> bytes:
        return to_csv(taken.headings, taken.cells, context.language)

    def as_xlsx() -> bytes:
        return to_xlsx(
            taken.headings, taken.cells, title=taken.title, about=lines, language=context.language
        )

    name = "-".join(part for part in ("pukk", taken.subject, taken.unit) if part)
    ways: tuple[tuple[Kind, str, Callable[[], bytes]], ...] = (
        ("csv", context.t("download_csv"), as_csv),
        ("xlsx", context.t("download_xlsx"), as_xlsx),
    )
    for place, (kind, label, make) in zip(st.columns([1, 1, 4]), ways, strict=False):
        entry = Entry(kind, taken.subject, len(taken.cells), taken.unit, taken.period)
        given = partial(_take, context, make, entry)
        key = f"download_{taken.subject}_{taken.unit}_{kind}"
        with place:
            _button(label, given, f"{name}.{kind}", Look(key))


def feed_button(context: Context, make: Callable[[], bytes], n_entries: int) -> None:
    """Draw the button for what is new as an Atom feed, for a news reader or a rule of the mail.

    Args:
        context: The frame's message.
        make: Makes the feed.
        n_entries: How many pieces of news it has.
    """
    given = partial(_take, context, make, Entry("atom", "nytt", n_entries))
    _button(
        context.t("download_atom"), given, "pukk-nytt.atom",
        Look("download_atom", context.t("download_atom_words")),
    )  # fmt: skip


def picture_buttons(context: Context, spec: dict[str, Any], subject: str, unit: str = "") -> None:
    """Draw the buttons that hand over a chart as a picture, made and logged when asked for.

    Args:
        context: The frame's message.
        spec: The chart with title and fixed width.
        subject: What it shows, as the log and the file's name say it.
        unit: The unit it is limited to.
    """
    name = "-".join(part for part in (unit, subject) if part)
    spec = with_origin(spec, origin(context))
    for column, kind in zip(st.columns([1, 1, 1, 5]), FORMATS, strict=False):
        made = partial(picture, spec, kind)
        given = partial(_take, context, made, Entry(kind, subject, unit=unit))
        look = Look(f"take_{kind}_{unit}_{subject}", context.t("take_chart", kind=kind.upper()))
        with column:
            _button(kind.upper(), given, f"{name}.{kind}", look)


def council_buttons(context: Context, unit_id: str, metric_id: str, *, is_told: bool) -> None:
    """Draw the buttons for one finding as PDF and as a slide, and for all about the unit.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metric_id: The metric.
        is_told: Whether there is a finding: it is judged, and not hidden.
    """
    if is_told:
        subject = context.t("council_file")
        for kind, label, write in _ways(context):
            made = partial(_council, context, write, unit_id, metric_id)
            given = partial(_take, context, made, Entry(kind, subject, unit=unit_id))
            name = f"{subject}-{unit_id}-{metric_id}.{kind}"
            _button(label, given, name, Look(f"council_{kind}"))
    bundle = partial(unit_bundle, context, unit_id)
    given = partial(_take, context, bundle, Entry("zip", "enhet", unit=unit_id))
    _button(context.t("unit_zip"), given, f"pukk-{unit_id}.zip", Look("unit_zip"))


def _ways(context: Context) -> tuple[tuple[Kind, str, Callable[..., bytes]], ...]:
    return (
        ("pdf", context.t("council_pdf"), council_pdf),
        ("pptx", context.t("council_pptx"), council_pptx),
    )


def group_council_buttons(context: Context, group: Group, metric: Row) -> None:
    """Draw the buttons for a group's finding as PDF and as a slide.

    Args:
        context: The frame's message.
        group: The group.
        metric: The catalogue's row, as the page of the group has it.
    """
    subject = context.t("council_file")
    for kind, label, write in _ways(context):
        made = partial(_council_of_group, context, write, group, metric)
        given = partial(_take, context, made, Entry(kind, subject))
        code = group.code.replace(".", "-")
        name = f"{subject}-{code}-{metric['metric_id']}.{kind}"
        _button(label, given, name, Look(f"council_group_{kind}"))


def _council_of_group(
    context: Context, write: Callable[..., bytes], group: Group, metric: Row
) -> bytes:
    return write(context, [group_finding(context, group, metric)])


def _council(context: Context, write: Callable[..., bytes], unit_id: str, metric_id: str) -> bytes:
    return write(context, unit_findings(context, unit_id, (metric_id,)))


def municipality_council_buttons(context: Context) -> None:
    """Draw the buttons for what changed in the municipality, one finding a page."""
    if not context.viewer.scope.is_everything:
        return
    ways: tuple[tuple[Kind, str, Callable[..., bytes]], ...] = (
        ("pdf", context.t("council_all_pdf"), council_pdf),
        ("pptx", context.t("council_all_pptx"), council_pptx),
    )
    subject = context.t("council_file")
    for kind, label, write in ways:
        made = partial(_council_of_all, context, write)
        given = partial(_take, context, made, Entry(kind, subject))
        _button(label, given, f"{subject}.{kind}", Look(f"council_all_{kind}"))


def _council_of_all(context: Context, write: Callable[..., bytes]) -> bytes:
    return write(context, municipality_findings(context))


def _report(context: Context, unit_id: str) -> bytes:
    check_access(context)
    return make_report(context, state_folder(context), reader(context), unit_id)


def report_buttons(context: Context) -> None:
    """Draw the buttons for the report of the chosen unit and of all units, as far as one may see.

    Args:
        context: The frame's message; a report holds what the reader may see and nothing more.
    """
    offered = []
    if unit := links.chosen("enhet"):
        found = context.rows("dim_units", ("unit_id", "unit_name"), unit_id=unit)
        offered += [(row["unit_id"], row["unit_name"]) for row in found[-1:]]
    if context.viewer.scope.is_everything:
        (who,) = context.rows("mart_municipality", ("name",))
        offered.append(("", who["name"]))
    with st.container(horizontal=True):
        municipality_council_buttons(context)
        for unit_id, name in offered:
            _button(
                context.t("download_pdf", name=name),
                partial(_report, context, unit_id),
                "-".join(p for p in ("pukk", unit_id, context.language) if p) + ".pdf",
                Look(f"report_{unit_id}"),
            )


def _quality_report(context: Context, wanted: date | None) -> bytes:
    check_access(context)
    return make_quality_report(context, state_folder(context), reader(context), wanted)


def quality_button(context: Context, wanted: date | None) -> None:
    """Draw the button for the report on the data behind a month.

    Args:
        context: The frame's message; its reader may see all units.
        wanted: The month; ``None`` for all files.
    """
    name = "-".join(p for p in ("pukk", QUALITY, period_code(wanted), context.language) if p)
    made = partial(_quality_report, context, wanted)
    _button(context.t("quality_pdf"), made, f"{name}.pdf", Look("report_quality"))


def _status_report(context: Context) -> bytes:
    check_access(context)
    return make_status_report(context, state_folder(context), reader(context))


def status_button(context: Context) -> None:
    """Draw the button for the matrix of units and metrics on one page."""
    name = f"pukk-status-{context.language}.pdf"
    made = partial(_status_report, context)
    _button(context.t("status_pdf"), made, name, Look("report_status"))


def _take(context: Context, make: Callable[[], bytes], entry: Entry) -> bytes:
    check_access(context)
    return take(
        state_folder(context),
        reader(context),
        Path(context.generation),
        entry.subject,
        make,
        kind=entry.kind,
        n_rows=entry.n_rows,
        unit=entry.unit,
        period=entry.period,
    )


def _button(label: str, data: Callable[[], bytes], name: str, look: Look) -> None:
    # made at the click, not before, and without drawing the page anew
    st.download_button(
        label, data=data, file_name=name, mime=MIME[name.rpartition(".")[2]], key=look.key,
        help=look.hint, type="tertiary" if look.hint else "secondary", on_click="ignore",
    )  # fmt: skip
