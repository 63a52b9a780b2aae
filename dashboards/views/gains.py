"""What Lean is worth in FTE: identified, realised and measured, each by itself."""

from functools import partial
from typing import Any

import streamlit as st

from dashboards.charts.totals import side_by_side
from dashboards.components import gain_tables, links
from dashboards.components.choices import Listed, pick_of
from dashboards.components.downloads import Taken
from dashboards.components.figures import figure, not_delivered
from dashboards.components.folds import answered, open_all, part
from dashboards.components.gain_held import held_against
from dashboards.components.lean_cost import cost_beside
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.whole import DECEMBER
from dashboards.reports.whole_gains import gain_facts, gains_over_time

Row = dict[str, Any]
_TOTALS = ("as_of_date", "identified_fte", "realised_fte", "n_gains", "n_dropped")


def show(context: Context) -> None:
    """Draw the page."""
    totals = context.rows(
        "mart_gain_totals", _TOTALS, order_by=("as_of_date",), breakdown="total"
    )  # fmt: skip
    checks = gain_tables.checks(context)
    if totals:
        whole = next((row for row in checks if row["scope_type"] == "municipality"), None)
        _three_figures(context, totals[-1], whole)
        _over_time(context, totals)
        cost_beside(context)
        st.header(context.t("gains_more"), anchor=False)
        open_all(context, "gevinster")
        part(
            context.t("gains_by_group"), context.t("gains_by_group_words"),
            partial(_by_group, context, totals), opened_by="gruppert",
        )  # fmt: skip
    elif context.viewer.scope.is_everything:
        answered(context.t("gains_title"), "")
        not_delivered(context, context.t("gains_register"), "lean")
        return
    else:
        answered(context.t("gains_title"), "")
        st.info(context.t("whole_not_shown"))
    gain_tables.to_sort_out(context)
    gain_tables.measured_beside(context, checks)
    held_against(context)
    gain_tables.in_the_budget(context)
    gain_tables.still_there(context)
    gain_tables.all_gains(context)
    to = links.address("hvem", context.language)
    st.markdown(f"[{context.t('to_served')}]({to})")


def _three_figures(context: Context, now: Row, whole: Row | None) -> None:
    words = context.t(
        "gains_headline",
        day=context.day(now["as_of_date"]),
        identified=context.number(now["identified_fte"], 1),
        realised=context.number(now["realised_fte"], 1),
    )
    if whole:
        words += " " + context.t("gains_held_against", status=_lower(whole))
    answered(context.t("gains_title"), words, context.t("gains_never_added"))
    figures = [
        (
            context.t("identified"),
            context.number(now["identified_fte"], 1),
            context.t("identified_note"),
        ),
        (
            context.t("realised"),
            context.number(now["realised_fte"], 1),
            context.t("realised_note"),
        ),
    ]
    if whole:
        counted = context.t("with_evidence", fte=context.number(whole["realised_counted_fte"], 1))
        figures[1] = (*figures[1][:2], f"{context.t('realised_note')} {counted}")
        ends = context.interval(whole["measured_lo"], whole["measured_hi"], 1)
        note = context.t("measured_note", ends=ends) if ends else context.t("not_measured")
        figures.append(
            (
                context.t("measured"),
                context.number(whole["measured_fte"], 1, signed=True) or "–",
                note,
            )
        )
    for column, (name, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, value)
        column.caption(note)
    if whole:
        st.markdown(plain(whole["sentence"] or ""))


def _lower(row: Row) -> str:
    status: str = row["status_words"]
    return status[:1].lower() + status[1:]


def _over_time(context: Context, totals: list[Row]) -> None:
    st.header(context.t("over_time"), anchor=False)
    known = gain_facts(context)
    if known:
        st.markdown(context.t("over_time_words"))
    drawn = gains_over_time(context, totals, known)
    title = f"{context.t('gains_title')} {context.t('over_time')}"
    taken = Taken("gevinster-over-tid", title, list(drawn.rows[0]), drawn.cells)
    figure(context, drawn.spec, drawn.alt, drawn.rows, taken)
    if known:
        with st.expander(context.t("known_facts")):
            table(
                [
                    {
                        context.t("date"): context.day(fact["as_of"]),
                        context.t("fact"): fact[context.column("label")],
                        context.t("fte"): context.number(fact["value"], 1),
                        context.t("source"): fact["source_note"] or "",
                    }
                    for fact in known
                ]
            )


def _by_group(context: Context, totals: list[Row]) -> None:
    ways = {
        "type": context.t("by_type"),
        "tool": context.t("by_tool"),
        "sector": context.t("by_sector"),
        "year": context.t("by_year"),
    }
    way = pick_of(context, "gruppert", Listed(context.t("group_by"), ways, "type"))
    if way == "year":
        rows = [
            row | {"name": str(row["as_of_date"].year)}
            for row in totals
            if row["as_of_date"].month == DECEMBER
        ]
        st.markdown(context.t("by_year_words"))
    else:
        name = context.column("breakdown_value")
        rows = [
            row | {"name": row[name]}
            for row in context.rows(
                "mart_gain_totals", (*_TOTALS, name), order_by=("breakdown_value",),
                breakdown=way,
            )
            if row["as_of_date"] == totals[-1]["as_of_date"]
        ]  # fmt: skip
        rows.sort(key=lambda row: -row["identified_fte"])
    names = (context.t("identified"), context.t("realised"))
    marks = [(row["name"], (row["identified_fte"], row["realised_fte"])) for row in rows]
    told = [
        {
            ways[way]: row["name"],
            context.t("identified_fte"): context.number(row["identified_fte"], 1),
            context.t("realised_fte"): context.number(row["realised_fte"], 1),
            context.t("gains"): context.number(row["n_gains"]),
            context.t("dropped"): context.number(row["n_dropped"]),
        }
        for row in rows
    ]
    alt = ". ".join(
        f"{label}: {names[0]} {context.number(a, 1)}, {names[1]} {context.number(b, 1)}"
        for label, (a, b) in marks
    )
    figures = ("identified_fte", "realised_fte", "n_gains", "n_dropped")
    cells = [(row["name"], *(row[name] for name in figures)) for row in rows]
    title = f"{context.t('gains_by_group')}: {ways[way]}"
    headings = list(told[0]) if told else []
    taken = Taken(f"gevinster-{way}", title, headings, cells)
    figure(context, side_by_side(names, marks, context.language, decimals=1), alt, told, taken)
