"""Buttons that hand over a table or a report; every file is in the log before it is given.

How a cell is written is in ``pipelines.desk.table_files``, what a report says in
``dashboards.reports``.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from dashboards.charts.export import FORMATS, picture
from dashboards.components import links
from dashboards.components.reader import check_access, reader, state_folder
from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports.make import QUALITY, make_quality_report, make_report, period_code
from pipelines.desk.logged import Kind, take
from pipelines.desk.table_files import to_csv, to_xlsx

_MIME = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_buttons(  # noqa: PLR0913 - what an auditor asks about a file
    context: Context,
    subject: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unit: str = "",
    period: str = "",
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """Draw the two buttons under a table.

    Args:
        context: The frame's message.
        subject: The page or table, as the log and the file's name say it.
        title: Heading of the file.
        columns: Headings.
        rows: Cells as figures, not as formatted texts; only what the reader may see.
        unit: The unit the rows are limited to.
        period: The months the rows are limited to.
        about: More lines for the sheet that says where the rows come from.
    """
    told = description(context.generation)
    published = told.get("published_at")
    lines = [
        (context.t("file_table"), title),
        (context.t("file_edition"), str(told.get("generation", Path(context.generation).stem))),
        (
            context.t("file_published"),
            context.day(datetime.fromisoformat(published)) if published else "",
        ),
        *about,
    ]

    def as_csv() -> bytes:
        return to_csv(columns, rows, context.language)

    def as_xlsx() -> bytes:
        return to_xlsx(columns, rows, title=title, about=lines, language=context.language)

    name = "-".join(part for part in ("pukk", subject, unit) if part)
    ways: tuple[tuple[Kind, str, Callable[[], bytes]], ...] = (
        ("csv", context.t("download_csv"), as_csv),
        ("xlsx", context.t("download_xlsx"), as_xlsx),
    )
    for place, (kind, label, make) in zip(st.columns([1, 1, 4]), ways, strict=False):
        given = partial(_take, context, subject, make, kind, len(rows), unit, period)
        key = f"download_{subject}_{unit}_{kind}"
        _button(place, label, given, f"{name}.{kind}", key=key)


def picture_buttons(context: Context, spec: dict[str, Any], subject: str, unit: str = "") -> None:
    """Draw the buttons that hand over a chart as a picture, made and logged when asked for.

    Args:
        context: The frame's message.
        spec: The chart with title and fixed width.
        subject: What it shows, as the log and the file's name say it.
        unit: The unit it is limited to.
    """
    name = "-".join(part for part in (unit, subject) if part)
    for column, kind in zip(st.columns([1, 1, 1, 5]), FORMATS, strict=False):
        _button(
            column,
            kind.upper(),
            partial(_take, context, subject, partial(picture, spec, kind), kind, None, unit),
            f"{name}.{kind}",
            key=f"take_{kind}_{unit}_{subject}",
            type="tertiary",
            help=context.t("take_chart", kind=kind.upper()),
        )


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
    for unit_id, name in offered:
        _button(
            st,
            context.t("download_pdf", name=name),
            partial(_report, context, unit_id),
            "-".join(p for p in ("pukk", unit_id, context.language) if p) + ".pdf",
            key=f"report_{unit_id}",
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
    _button(st, context.t("quality_pdf"), made, f"{name}.pdf", key="report_quality")


def _take(  # noqa: PLR0913 - what an auditor asks about a file
    context: Context,
    subject: str,
    make: Callable[[], bytes],
    kind: Kind,
    n_rows: int | None,
    unit: str = "",
    period: str = "",
) -> bytes:
    check_access(context)
    return take(
        state_folder(context),
        reader(context),
        Path(context.generation),
        subject,
        make,
        kind=kind,
        n_rows=n_rows,
        unit=unit,
        period=period,
    )


def _button(place: Any, label: str, data: Callable[[], bytes], name: str, **look: Any) -> None:  # noqa: ANN401 - a place of Streamlit's, and its own arguments
    # made at the click, not before, and without drawing the page anew
    mime = _MIME[name.rpartition(".")[2]]
    place.download_button(label, data=data, file_name=name, mime=mime, on_click="ignore", **look)
