"""Did it change in the pilots? One table per pilot over ``mart_before_after``."""

from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.context import Context
from dashboards.text.formats import HIDDEN, number

_COLUMNS = (
    "unit_id", "cycle_id", "unit_name", "pilot_order", "metric_id", "is_pilot", "verdict",
    "verdict_nb", "verdict_en", "value_before", "value_after", "difference",
    "seasonal_difference", "n_before", "n_after",
)  # fmt: skip


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_pilots"), anchor=False)
    wanted = ("metric_id", context.column("label"), "decimals", "metric_order")
    metrics = {r["metric_id"]: r for r in context.rows("dim_metrics", wanted, is_headline=True)}
    rows = [
        row
        for row in context.rows("mart_before_after", _COLUMNS, is_pilot=True)
        if row["metric_id"] in metrics
    ]
    verdict = context.column("verdict")
    charts = {
        _key(row): row[verdict]
        for row in context.rows(
            "mart_control_chart_phases",
            ("unit_id", "metric_id", "cycle_id", verdict),
            series="value",
        )
    }
    rows.sort(key=lambda row: (row["pilot_order"], metrics[row["metric_id"]]["metric_order"]))
    if not rows:
        st.info(context.t("no_pilots"))
        return
    for (order, name), found in groupby(rows, key=lambda r: (r["pilot_order"], r["unit_name"])):
        st.header(f"{order}. {name}", anchor=False)
        st.table([_line(row, metrics[row["metric_id"]], charts, context) for row in found])
    st.caption(context.t("limits"))


def _line(
    row: dict[str, Any],
    metric: dict[str, Any],
    charts: dict[tuple[str, str, str | None], str | None],
    context: Context,
) -> dict[str, str]:
    digits = metric["decimals"]
    hidden = row["verdict"] == "suppressed"

    def figure(value: float | None, *, signed: bool = False) -> str:
        return HIDDEN if hidden else number(value, digits, signed=signed)

    return {
        context.t("metric"): metric[context.column("label")],
        context.t("before"): figure(row["value_before"]),
        context.t("after"): figure(row["value_after"]),
        context.t("difference"): figure(row["difference"], signed=True),
        context.t("seasonal"): figure(row["seasonal_difference"], signed=True),
        context.t("points"): f"{row['n_before']} + {row['n_after']}",
        context.t("verdict"): row[context.column("verdict")],
        context.t("chart"): "" if hidden else charts.get(_key(row)) or "",
    }


def _key(row: dict[str, Any]) -> tuple[str, str, str | None]:
    return row["unit_id"], row["metric_id"], row["cycle_id"]
