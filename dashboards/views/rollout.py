"""How far has Lean come: units, course days, waiting list, coaches, maturity, change, culture."""

from functools import partial
from typing import Any

import streamlit as st

from dashboards.charts.effects import bars
from dashboards.charts.totals import side_by_side
from dashboards.components import change_tables
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.figures import figure, folded, not_delivered
from dashboards.components.folds import answered, open_all, part
from dashboards.components.plan import plan
from dashboards.components.waves import timeline
from dashboards.context import Context
from dashboards.reports.whole import DECEMBER, rollout

Row = dict[str, Any]
_SHOWN = 12


def show(context: Context) -> None:
    """Draw the page."""
    drawn = rollout(context)
    if drawn is None:
        answered(context.t("rollout_title"), "")
        not_delivered(context, context.t("lean_register"), "lean")
        return
    answered(context.t("rollout_title"), drawn.words)
    if line := timeline(context):
        st.html(f'<div class="pk">{line}</div>')
    title = context.t("rollout_over_time")
    st.header(title, anchor=False)
    taken = Taken("utrulling", title, list(drawn.rows[0]), drawn.cells)
    figure(context, drawn.spec, drawn.alt, drawn.rows, taken)
    st.caption(context.t("rollout_units_change"))
    st.header(context.t("rollout_more"), anchor=False)
    open_all(context, "utrulling")
    _waiting(context)
    plan(context)
    _course_days(context)
    _coaches(context)
    change_tables.maturity(context)
    change_tables.kotter(context)
    change_tables.culture(context)


def _course_days(context: Context) -> None:
    if not context.has("mart_course_days"):
        return
    rows = context.rows(
        "mart_course_days", ("year", "n_held", "n_cancelled", "n_planned"), order_by=("year",)
    )
    if not rows:
        not_delivered(context, context.t("course_days"), "lean")
        return
    held = [row for row in rows if row["n_held"]]
    said = ""
    if held:
        said = context.t(
            "course_days_in_all",
            n=context.number(sum(row["n_held"] for row in held)),
            first=held[0]["year"],
            last=held[-1]["year"],
        )
    part(context.t("course_days"), said, partial(_course_years, context, rows))


def _course_years(context: Context, rows: list[Row]) -> None:
    if rows[-1]["n_cancelled"] is None:
        st.markdown(context.t("course_days_without_plan"))
    marks = [(str(row["year"]), row["n_held"], "") for row in rows if row["n_held"]]
    alt = ". ".join(f"{year}: {n}" for year, n, _ in marks)
    told = [
        {
            context.t("year"): str(row["year"]),
            context.t("held"): context.number(row["n_held"]),
            context.t("cancelled"): context.number(row["n_cancelled"]),
            context.t("planned"): context.number(row["n_planned"]),
        }
        for row in rows
    ]
    st.markdown(context.t("course_days_words"))
    cells = [tuple(row.values()) for row in rows]
    taken = Taken("kursdager", context.t("course_days"), list(told[0]), cells)
    figure(context, bars(marks, context.language), alt, told, taken)


def _waiting(context: Context) -> None:
    rows = context.rows(
        "mart_waiting_list",
        ("unit_name", "sector", "wave", "planned_date", "weeks_to_start", "as_of_date"),
        order_by=("weeks_to_start", "unit_name"),
    )
    if not rows:
        part(context.t("waiting_list"), context.t("nobody_waits"))
        return
    late = [row for row in rows if (row["weeks_to_start"] or 0) < 0]
    said = context.t(
        "waiting_words", n=len(rows), late=len(late), day=context.day(rows[0]["as_of_date"])
    )
    part(context.t("waiting_list"), said, partial(_those_waiting, context, rows))


def _those_waiting(context: Context, rows: list[Row]) -> None:
    headings = (
        context.t("unit"), context.t("sector"), context.t("wave"), context.t("planned_start"),
        context.t("weeks_to_start"),
    )  # fmt: skip
    cells = [
        (r["unit_name"], r["sector"], r["wave"], r["planned_date"], r["weeks_to_start"])
        for r in rows
    ]
    told = [
        dict(
            zip(
                headings,
                (name, sector or "", context.number(wave),
                 context.day(planned) or context.t("no_date"),
                 context.number(weeks)),
                strict=True,
            )
        )
        for name, sector, wave, planned, weeks in cells
    ]  # fmt: skip
    folded(context, told, _SHOWN)
    table_buttons(context, Taken("venteliste", context.t("waiting_list"), headings, cells))


def _coaches(context: Context) -> None:
    rows = context.rows(
        "mart_coach_load",
        ("as_of_date", "coaches_active", "units_started", "units_per_coach"),
        order_by=("as_of_date",),
    )
    begun = [row for row in rows if row["coaches_active"]]
    if not begun:
        not_delivered(context, context.t("coaches"), "lean_activity")
        return
    now = begun[-1]
    said = context.t(
        "coaches_words",
        coaches=context.number(now["coaches_active"]),
        units=context.number(now["units_started"]),
        each=context.number(now["units_per_coach"], 1),
        day=context.day(now["as_of_date"]),
    )
    part(context.t("coaches"), said, partial(_coach_years, context, begun))


def _coach_years(context: Context, begun: list[Row]) -> None:
    ends = [row for row in begun if row["as_of_date"].month == DECEMBER] or begun
    names = (context.t("coaches"), context.t("units_per_coach"))
    marks = [
        (str(row["as_of_date"].year), (row["coaches_active"], row["units_per_coach"]))
        for row in ends
    ]
    alt = ". ".join(
        f"{year}: {names[0]} {context.number(a)}, {names[1]} {context.number(b, 1)}"
        for year, (a, b) in marks
    )
    told = [
        {
            context.t("date"): context.day(row["as_of_date"]),
            context.t("coaches"): context.number(row["coaches_active"]),
            context.t("units_begun"): context.number(row["units_started"]),
            context.t("units_per_coach"): context.number(row["units_per_coach"], 1),
        }
        for row in ends
    ]
    order = ("as_of_date", "coaches_active", "units_started", "units_per_coach")
    cells = [tuple(row[name] for name in order) for row in begun]
    taken = Taken("veiledere", context.t("coaches"), list(told[0]), cells)
    figure(context, side_by_side(names, marks, context.language, decimals=1), alt, told, taken)
