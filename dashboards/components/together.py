"""The figures behind the pooled effects of all units: as a table, in sentences, and as files."""

from typing import Any

import streamlit as st

from dashboards.charts.icons import verdict_icon
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from dashboards.reports.pooled import Pooled
from dashboards.reports.told import estimate_decimals
from pipelines.words.numbers import quantity
from pipelines.words.verdict_class import class_word

Row = dict[str, Any]


def behind(context: Context, found: Pooled) -> None:
    """Draw the figures behind the pooled effects, of every metric, and hand them over."""
    rows, metrics = found.rows, found.metrics
    table([_cells(context, row, metrics[row["metric_id"]]) for row in rows])
    st.caption(context.t("together_words"))
    st.markdown("\n".join(f"- {plain(row['sentence'])}" for row in rows))
    table_buttons(
        context,
        Taken("samlet",
        context.t("together"),
        [context.t("metric"), context.t("estimate"), context.t("low_end"), context.t("high_end"),
         context.t("units_behind"), context.t("conclusion")],
        [_figures(context, row, metrics[row["metric_id"]]) for row in rows],
    ))  # fmt: skip


def _cells(context: Context, row: Row, metric: Row) -> dict[str, str]:
    digits = estimate_decimals(row, metric)
    unit = "percent" if row["effect_unit"] == "percent" else metric["unit"]
    estimate = quantity(row["estimate"], digits, unit, context.language, is_change=True)
    ends = context.interval(row["lo"], row["hi"], digits)
    word = class_word(row["verdict_class"], context.language)
    return {
        context.t("metric"): metric["label"],
        context.t("estimate"): f"{estimate} ({ends})",
        context.t("conclusion"): Drawn(
            f"{verdict_icon(row['verdict_class'], is_filled=True)} {plain(word)}"
        ),
        context.t("units_behind"): context.number(row["n_units"]),
    }


def _figures(context: Context, row: Row, metric: Row) -> tuple[Any, ...]:
    word = class_word(row["verdict_class"], context.language)
    return metric["label"], row["estimate"], row["lo"], row["hi"], row["n_units"], word
