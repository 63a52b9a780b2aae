"""Did it change in the pilots? One table per pilot over ``mart_before_after``."""

from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.marts import read
from dashboards.text.catalogue import number, t

_COLUMNS = (
    "unit_id", "cycle_id", "unit_name", "pilot_order", "metric_id", "is_pilot", "verdict",
    "verdict_nb", "verdict_en", "value_before", "value_after", "difference",
    "seasonal_difference", "n_before", "n_after",
)  # fmt: skip


def show(generation: str, language: str) -> None:
    """Draw the page.

    Args:
        generation: The generation file's path.
        language: ``nb`` or ``en``.
    """
    wanted = ("metric_id", f"label_{language}", "decimals", "is_headline", "metric_order")
    metrics = {
        row["metric_id"]: row
        for row in read(generation, "dim_metrics", wanted)
        if row["is_headline"]
    }
    rows = [
        row
        for row in read(generation, "mart_before_after", _COLUMNS)
        if row["is_pilot"] and row["metric_id"] in metrics
    ]
    charts = {
        (row["unit_id"], row["metric_id"], row["cycle_id"]): row[f"verdict_{language}"]
        for row in read(generation, "mart_control_chart_phases", _chart_columns(language))
        if row["series"] == "value" and row["phase_no"] == 1
    }
    rows.sort(key=lambda row: (row["pilot_order"], metrics[row["metric_id"]]["metric_order"]))
    st.header(t("pilots", language), anchor=False)
    if not rows:
        st.info(t("no_pilots", language))
        return
    for (order, name), found in groupby(rows, key=lambda r: (r["pilot_order"], r["unit_name"])):
        st.subheader(f"{order}. {name}", anchor=False)
        st.table([_line(row, metrics[row["metric_id"]], charts, language) for row in found])
    st.caption(t("hidden", language))
    st.caption(t("limits", language))


def _chart_columns(language: str) -> tuple[str, ...]:
    return ("unit_id", "metric_id", "cycle_id", "series", "phase_no", f"verdict_{language}")


def _line(
    row: dict[str, Any],
    metric: dict[str, Any],
    charts: dict[tuple[str, str, str | None], str | None],
    language: str,
) -> dict[str, str]:
    digits = metric["decimals"]
    hidden = row["verdict"] == "suppressed"

    def figure(value: float | None, *, signed: bool = False) -> str:
        return ":" if hidden else number(value, digits, signed=signed)

    return {
        t("metric", language): metric[f"label_{language}"],
        t("before", language): figure(row["value_before"]),
        t("after", language): figure(row["value_after"]),
        t("difference", language): figure(row["difference"], signed=True),
        t("seasonal", language): figure(row["seasonal_difference"], signed=True),
        t("points", language): f"{row['n_before']} + {row['n_after']}",
        t("verdict", language): row[f"verdict_{language}"],
        t("chart", language): "" if hidden else charts.get(_key(row)) or "",
    }


def _key(row: dict[str, Any]) -> tuple[str, str, str | None]:
    return row["unit_id"], row["metric_id"], row["cycle_id"]
