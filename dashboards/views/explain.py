"""Where does this figure come from? A unit's figure back to its deliveries, rules and versions."""

import sqlite3
from datetime import date
from pathlib import Path

import streamlit as st

from dashboards.components.choices import Listed, choose_metric, choose_unit, pick
from dashboards.components.reader import reader, state_folder
from dashboards.components.sections import draw
from dashboards.context import Context
from dashboards.reports.common import metrics
from dashboards.reports.explained import explained_sections
from dashboards.reports.make import period_code
from pipelines.desk.explaining import explain_logged
from pipelines.words.numbers import month

_WINDOWS = ("before", "after")


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_explain"), anchor=False)
    st.markdown(context.t("explain_about"))
    unit = choose_unit(context)
    if unit is None:
        return
    label = context.column("label")
    known = {code: {**row, "label": row[label]} for code, row in metrics(context).items()}
    there = {row["metric_id"] for row in _months(context, unit["unit_id"])}
    listed = [row for code, row in known.items() if code in there]
    metric = choose_metric(context, sorted(listed, key=lambda row: row["metric_order"]), known)
    if metric is None:
        st.info(context.t("explain_no_figures"))
        return
    when = pick(context, "maned", _times(context, unit["unit_id"], metric["metric_id"]))
    if when is None:
        return
    try:
        with st.spinner(context.t("explain_looking")):
            told = explain_logged(
                state_folder(context),
                reader(context),
                Path(context.generation),
                unit["unit_id"],
                metric["metric_id"],
                when,
            )
    except (sqlite3.Error, OSError):
        st.error(context.t("explain_not_logged"))
        return
    if told is None:
        st.info(context.t("explain_no_such_figure"))
        return
    for section in explained_sections(context, told, metric):
        draw(section, folded=30)


def _months(context: Context, unit_id: str) -> list[dict[str, date]]:
    return context.rows(
        "fct_metric_months", ("metric_id", "month"), order_by=("month",), level="unit",
        group_id=unit_id,
    )  # fmt: skip


def _times(context: Context, unit_id: str, metric_id: str) -> Listed:
    found = [row["month"] for row in _months(context, unit_id) if row["metric_id"] == metric_id]
    years = sorted({each.year for each in found}, reverse=True)
    windows = context.rows("mart_before_after", ("unit_id",), unit_id=unit_id, metric_id=metric_id)
    words = {"before": context.t("before"), "after": context.t("after")}
    names = {code: words[code] for code in _WINDOWS if windows}
    names |= {period_code(each): month(each, context.language) for each in reversed(found)}
    names |= {str(year): str(year) for year in years}
    return Listed(context.t("explain_when"), names, next(iter(names), None))
