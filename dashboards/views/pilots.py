"""The pilots side by side: the same metric in all of them, then all metrics of each."""

from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.charts.export import titled
from dashboards.components import links
from dashboards.components.choices import choose_metric
from dashboards.components.downloads import picture_buttons
from dashboards.components.headlines import take_along
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from dashboards.reports.told import HIDDEN_CLASS, estimated, headlines
from dashboards.reports.whole import pilots
from pipelines.words.numbers import HIDDEN

Row = dict[str, Any]


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("pilots_title"), anchor=False)
    label = context.column("label")
    metrics = {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows(
            "dim_metrics",
            ("metric_id", label, "decimals", "unit", "metric_order"),
            order_by=("metric_order",),
            is_headline=True,
        )
    }
    rows = [row for row in _headlines(context) if row["metric_id"] in metrics]
    if not rows:
        st.info(context.t("no_pilots"))
        return
    present = {row["metric_id"] for row in rows}
    st.header(context.t("side_by_side"), anchor=False)
    there = [m for key, m in metrics.items() if key in present]
    metric = choose_metric(context, there, metrics)
    if metric is not None:
        _side_by_side(context, [r for r in rows if r["metric_id"] == metric["metric_id"]], metric)
    st.header(context.t("each_pilot"), anchor=False)
    rows.sort(key=lambda row: (row["pilot_order"], metrics[row["metric_id"]]["metric_order"]))
    for (order, name), found in groupby(rows, key=lambda r: (r["pilot_order"], r["unit_name"])):
        st.subheader(f"{order}. {plain(name)}", anchor=False)
        table([_line(context, row, metrics[row["metric_id"]]) for row in found])
    take_along(context, "piloter", context.t("pilots_title"), rows)
    st.caption(context.t("limits"))


def _headlines(context: Context) -> list[Row]:
    columns = ("unit_name", "pilot_order", "n_before", "n_after")
    return headlines(context, columns, order_by=("pilot_order",), is_pilot=True)


def _side_by_side(context: Context, rows: list[Row], metric: Row) -> None:
    drawn = pilots(context, rows, metric)
    if drawn:
        st.markdown(context.t("side_by_side_words", metric=plain(metric["label"])))
        st.vega_lite_chart(drawn.spec, theme=None, alt=drawn.alt)
        title = f"{context.t('pilots_title')}: {metric['label']}"
        words = context.t("estimate")
        picture_buttons(context, titled(drawn.spec, title, words), f"piloter-{metric['metric_id']}")
    else:
        st.info(context.t("no_estimates"))
    table(
        [
            {
                context.t("unit"): row["unit_name"],
                context.t("conclusion"): row["verdict"],
                context.t("in_words"): row["sentence"],
            }
            for row in rows
        ]
    )


def _line(context: Context, row: Row, metric: Row) -> dict[str, str]:
    digits = metric["decimals"]
    hidden = row["verdict_class"] == HIDDEN_CLASS
    to = links.address("enhet", context.language, enhet=row["unit_id"], maltall=row["metric_id"])

    def figure(value: float | None, *, signed: bool = False) -> str:
        return HIDDEN if hidden else context.number(value, digits, signed=signed)

    return {
        context.t("metric"): Drawn(f"[{plain(metric['label'])}]({to})"),
        context.t("before"): figure(row["value_before"]),
        context.t("after"): figure(row["value_after"]),
        context.t("change"): figure(row["change"], signed=True),
        context.t("points"): f"{row['n_before'] or 0} + {row['n_after'] or 0}",
        context.t("estimate"): HIDDEN if hidden else estimated(context, row, metric),
        context.t("conclusion"): row["verdict"],
    }
