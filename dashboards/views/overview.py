"""How far has Lean come, and what needs talk? All the reader's units."""

from typing import Any

import streamlit as st

from dashboards.charts.effects import bars, sparkline
from dashboards.components import links
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from dashboards.text.formats import day, number

Row = dict[str, Any]
_GROUPS = (
    "improved", "worsened", "changed", "no_change", "cannot_tell", "too_little_data",
    "not_interpretable", "suppressed",
)  # fmt: skip
_ROWS = 20


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("overview_title"), anchor=False)
    _how_far(context)
    _what_may_be_said(context)
    _what_needs_talk(context)


def _how_far(context: Context) -> None:
    columns = ("as_of_date", "units_total", "units_trained", "units_in_progress",
               "units_not_started")  # fmt: skip
    rows = context.rows("mart_adoption", columns, order_by=("as_of_date",), is_month_end=True)
    if not rows:
        return
    now = rows[-1]
    st.header(context.t("how_far"), anchor=False)
    figures = (
        ("units_trained", context.t("in_operation")),
        ("units_in_progress", context.t("in_progress")),
        ("units_not_started", context.t("not_yet_started")),
        ("units_total", context.t("units_in_all")),
    )
    for column, (name, words) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(words, number(now[name]))
    st.caption(context.t("as_of", day=day(now["as_of_date"])))


def _what_may_be_said(context: Context) -> None:
    counts = tuple(f"n_{group}" for group in _GROUPS)
    chance = context.column("expected_by_chance")
    found = context.rows(
        "mart_overview",
        (*counts, "n_series", "n_association", "n_association_worsened", "n_by_comparison",
         "n_by_chart", chance),
        scope_type="municipality",
    )  # fmt: skip
    if not found:
        return
    row, labels = found[0], context.labels("headline_group")
    st.header(context.t("what_may_be_said"), anchor=False)
    chart_alone = context.t("chart_alone")
    lines = [
        (labels["improved"], row["n_improved"], "improved"),
        (f"{labels['improved']}, {chart_alone}", row["n_association"], "improved"),
        (labels["worsened"], row["n_worsened"], "worsened"),
        (f"{labels['worsened']}, {chart_alone}", row["n_association_worsened"], "worsened"),
        *((labels[group], row[f"n_{group}"], group) for group in _GROUPS[2:]),
    ]
    words = context.t(
        "counts_words",
        series=number(row["n_series"]),
        compared=number(row["n_by_comparison"]),
        alone=number(row["n_by_chart"]),
    )
    st.markdown(words)
    st.markdown(f"**{plain(row[chance])}**")
    alt = ". ".join(f"{label}: {number(n)}" for label, n, _ in lines)
    st.vega_lite_chart(bars(lines, context.language), theme=None, alt=alt)
    with st.expander(context.t("figures_behind")):
        table([{context.t("conclusion"): a, context.t("count"): number(n)} for a, n, _ in lines])


def _what_needs_talk(context: Context) -> None:
    st.header(context.t("needs_talk"), anchor=False)
    label = context.column("label")
    metrics = {
        row["metric_id"]: row[label]
        for row in context.rows("dim_metrics", ("metric_id", label), is_headline=True)
    }
    headline, step = context.column("headline"), context.column("next_step")
    rows = [
        row
        for row in context.rows(
            "mart_headlines",
            ("unit_id", "unit_name", "sector", "metric_id", "headline_group", "start_date",
             headline, step),
            order_by=("talk_order", "unit_name"),
        )
        if row["metric_id"] in metrics
    ]  # fmt: skip
    if not rows:
        st.info(context.t("nothing_started"))
        return
    sector = st.selectbox(
        context.t("sector"),
        [None, *sorted({row["sector"] for row in rows if row["sector"]})],
        format_func=lambda name: name or context.t("all_sectors"),
    )
    rows = [row for row in rows if sector in (None, row["sector"])]
    st.markdown(context.t("needs_talk_words", shown=min(_ROWS, len(rows)), all=number(len(rows))))
    lines = _lines(context, rows, metrics)
    table(lines[:_ROWS])
    if len(rows) > _ROWS:
        with st.expander(context.t("all_rows", n=number(len(rows)))):
            table(lines[_ROWS:])


# hundreds of rows with a small drawing each: made once, not at every click
@st.cache_data(max_entries=32, show_spinner=False)
def _lines(context: Context, rows: list[Row], metrics: dict[str, str]) -> list[dict[str, str]]:
    return [_line(context, row, metrics) for row in rows]


def _line(context: Context, row: Row, metrics: dict[str, str]) -> dict[str, str]:
    headline, step = context.column("headline"), context.column("next_step")
    to = links.address("enhet", context.language, enhet=row["unit_id"], maltall=row["metric_id"])
    return {
        context.t("unit"): Drawn(f"[{plain(row['unit_name'])}]({to})"),
        context.t("metric"): metrics[row["metric_id"]],
        context.t("conclusion"): row[headline],
        context.t("next_step"): row[step] or "",
        context.t("course"): _course(context, row),
    }


def _course(context: Context, row: Row) -> Drawn:
    found = context.rows(
        "mart_control_chart_points",
        ("month", "value"),
        order_by=("month",),
        unit_id=row["unit_id"],
        metric_id=row["metric_id"],
        series="value",
    )
    start = row["start_date"].replace(day=1) if row["start_date"] else None
    months = [point["month"] for point in found]
    place = months.index(start) if start in months else None
    return Drawn(sparkline([point["value"] for point in found], place, context.t("course_alt")))
