"""One unit: what was tried, what changed, what may be said about it, and what it was worth."""

from functools import partial
from typing import Any

import streamlit as st

from dashboards.components import control
from dashboards.components.choices import Listed, choose_metric, choose_unit, pick
from dashboards.components.effect import before_after, lasting
from dashboards.components.headlines import say, take_along
from dashboards.components.rounds import baseline, rounds
from dashboards.components.standing import standing
from dashboards.components.tables import plain
from dashboards.components.worth import worth
from dashboards.components.years import years
from dashboards.context import Context
from dashboards.reports.life import life
from dashboards.reports.told import headlines

Row = dict[str, Any]


def show(context: Context) -> None:
    """Draw the page."""
    unit = choose_unit(context)
    if unit is None:
        return
    st.title(plain(unit["unit_name"]), anchor=False)
    status = context.labels("lean_status").get(unit["lean_status"] or "", "")
    st.caption(" · ".join(plain(part) for part in (unit["sector"], status) if part))
    for line in life(context, unit):
        st.caption(plain(line))
    metrics, said = _metrics(context), _headlines(context, unit["unit_id"])
    rounds(context, unit["unit_id"], metrics)
    _conclusions(context, said, metrics)
    _month_by_month(context, unit, metrics, said)
    years(context, unit["unit_id"], metrics)
    worth(context, unit["unit_id"], metrics, said)
    standing(context, unit["unit_id"])


def _conclusions(context: Context, said: list[Row], metrics: dict[str, Row]) -> None:
    if not said:
        return
    st.header(context.t("what_may_be_said"), anchor=False)
    first = [row for row in said if metrics[row["metric_id"]]["is_headline"]]
    rest = [row for row in said if not metrics[row["metric_id"]]["is_headline"]]
    say(context, first)
    if rest:
        with st.expander(context.t("other_metrics", n=len(rest))):
            say(context, rest)
    unit_id = said[0]["unit_id"]
    title = f"{said[0]['unit_name']}: {context.t('what_may_be_said')}"
    take_along(context, "konklusjoner", title, said, unit_id)


def _month_by_month(context: Context, unit: Row, metrics: dict[str, Row], said: list[Row]) -> None:
    st.header(context.t("month_by_month"), anchor=False)
    charts = _charts(context, unit["unit_id"])
    known = [
        row | {"cycle_id": charts[metric_id]["value"]}
        for metric_id, row in metrics.items()
        if "value" in charts.get(metric_id, {})
    ]
    metric = choose_metric(context, known, metrics)
    if metric is None:
        st.info(context.t("no_figures"))
        return
    kind = "value"
    if "comparison" in charts[metric["metric_id"]]:
        kinds = {"value": context.t("own_figures"), "comparison": context.t("against_others")}
        listed = Listed(context.t("which_chart"), kinds, "value")
        kind = str(pick(context, "diagram", listed, partial(st.radio, horizontal=True)))
    start = unit["lean_start_date"]
    series = control.Series(
        unit["unit_id"],
        unit["unit_name"],
        metric["metric_id"],
        metric["cycle_id"],
        start.replace(day=1) if start else None,
        kind,
    )
    control.show(context, series)
    baseline(context, unit["unit_id"], metric)
    for headline in [h for h in said if h["metric_id"] == metric["metric_id"]][-1:]:
        before_after(context, headline, metric)
        lasting(context, headline, metric)


def _headlines(context: Context, unit_id: str) -> list[Row]:
    columns = ("unit_name", "talk_order", "n_before", "n_after", context.column("next_step"))
    return headlines(context, columns, order_by=("talk_order", "metric_id"), unit_id=unit_id)


def _metrics(context: Context) -> dict[str, Row]:
    label = context.column("label")
    rows = context.rows(
        "dim_metrics",
        ("metric_id", label, "unit", "decimals", "is_headline", "metric_order"),
        order_by=("metric_order",),
    )
    return {row["metric_id"]: row | {"label": row[label]} for row in rows}


def _charts(context: Context, unit_id: str) -> dict[str, dict[str, str | None]]:
    # metric -> kind of chart -> the latest round it is held against
    found: dict[str, dict[str, str | None]] = {}
    for row in context.rows(
        "mart_control_chart_phases",
        ("metric_id", "series", "cycle_id"),
        order_by=("cycle_id",),
        unit_id=unit_id,
    ):
        found.setdefault(row["metric_id"], {})[row["series"]] = row["cycle_id"]
    return found
