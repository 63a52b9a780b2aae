"""The answer for all units together, in one sentence, and the pooled effects it rests on.

A reader of some units is given a group's row only where nothing can be worked out from it, and
where there is none, nothing is said here.
"""

from typing import Any

import streamlit as st

from dashboards.charts.icons import verdict_icon
from dashboards.components.downloads import table_buttons
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from dashboards.reports.told import estimate_decimals, headlines, told
from pipelines.words.numbers import quantity
from pipelines.words.printed import unit_in_sentence
from pipelines.words.verdict_class import class_word

Row = dict[str, Any]
_COLUMNS = ("metric_id", "n_units", "effect_unit", "estimate", "lo", "hi", "verdict_class")
_FOUND = ("better", "not_held", "worse", "changed")


def together(context: Context) -> None:
    """Draw the answer, what it counts, and the effects behind it; nothing without any."""
    if not context.present("mart_effects_pooled", ("verdict_class",)):
        # an older edition has no one word for a group
        return
    metrics = _metrics(context)
    rows = told(
        context, "mart_effects_pooled", _COLUMNS, ("sentence",),
        group_type="all", kind="window", first_month_after=0, last_month_after=23,
    )  # fmt: skip
    rows = [row for row in rows if row["metric_id"] in metrics]
    rows.sort(key=lambda row: metrics[row["metric_id"]]["metric_order"])
    if not rows:
        return
    st.markdown(f"**{plain(_answer(context, rows, metrics))}** {plain(_improved(context))}".strip())
    table([_cells(context, row, metrics[row["metric_id"]]) for row in rows])
    st.caption(context.t("together_words"))
    with st.expander(context.t("together_sentences")):
        st.markdown("\n".join(f"- {plain(row['sentence'])}" for row in rows))
    table_buttons(
        context,
        "samlet",
        context.t("together"),
        [context.t("metric"), context.t("estimate"), context.t("low_end"), context.t("high_end"),
         context.t("units_behind"), context.t("conclusion")],
        [_figures(context, row, metrics[row["metric_id"]]) for row in rows],
    )  # fmt: skip


def _metrics(context: Context) -> dict[str, Row]:
    label = context.column("label")
    columns = ("metric_id", label, "unit", "decimals", "metric_order")
    return {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows("dim_metrics", columns)
    }


def _answer(context: Context, rows: list[Row], metrics: dict[str, Row]) -> str:
    found = [row for row in rows if row["verdict_class"] in _FOUND]
    if found:
        return " ".join(_change(context, row, metrics[row["metric_id"]]) for row in found)
    if any(row["verdict_class"] == "no_change" for row in rows):
        return context.t("together_no_change")
    return context.t("together_cannot_tell")


def _change(context: Context, row: Row, metric: Row) -> str:
    unit = "percent" if row["effect_unit"] == "percent" else metric["unit"]
    size = context.number(abs(row["estimate"]), estimate_decimals(row, metric))
    words = unit_in_sentence(unit, context.language, "change")
    name = metric["label"][:1].lower() + metric["label"][1:]
    if row["estimate"] > 0:
        return context.t("together_up", metric=name, size=size + words)
    return context.t("together_down", metric=name, size=size + words)


def _improved(context: Context) -> str:
    # the newest rounds' series of the reader's units: units, not series, are what a reader counts
    rows = headlines(context, (), ())
    units = {row["unit_id"] for row in rows}
    better = {row["unit_id"] for row in rows if row["verdict_class"] == "better"}
    if not units:
        return ""
    return context.t(
        "together_units", better=context.number(len(better)), all=context.number(len(units))
    )


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
