"""One unit: what was tried, what changed, what may be said about it, and what it was worth."""

from typing import Any

import streamlit as st

from dashboards.charts.effects import Dot, dots
from dashboards.components import control
from dashboards.components.choices import choose_metric, choose_unit
from dashboards.components.headlines import say
from dashboards.components.tables import table
from dashboards.context import Context
from dashboards.text.formats import day, interval, number, quantity

Row = dict[str, Any]
_WINDOWS = ("0_6", "6_12", "12_24", "24_48")


def show(context: Context) -> None:
    """Draw the page."""
    unit = choose_unit(context)
    if unit is None:
        return
    st.title(unit["unit_name"], anchor=False)
    status = context.labels("lean_status").get(unit["lean_status"] or "", "")
    st.caption(" · ".join(part for part in (unit["sector"], status) if part))
    _cycles(context, unit["unit_id"])
    headlines = _headlines(context, unit["unit_id"])
    metrics = _metrics(context, unit["unit_id"])
    if headlines:
        st.header(context.t("what_may_be_said"), anchor=False)
        say(context, [row for row in headlines if metrics[row["metric_id"]]["is_headline"]])
        rest = [row for row in headlines if not metrics[row["metric_id"]]["is_headline"]]
        if rest:
            with st.expander(context.t("other_metrics", n=len(rest))):
                say(context, rest)
    st.header(context.t("month_by_month"), anchor=False)
    metric = choose_metric(context, list(metrics.values()))
    if metric is None:
        st.info(context.t("no_figures"))
        return
    headline = next((h for h in headlines if h["metric_id"] == metric["metric_id"]), None)
    series = control.Series(
        unit["unit_id"],
        unit["unit_name"],
        metric["metric_id"],
        metric["cycle_id"],
        unit["lean_start_date"].replace(day=1) if unit["lean_start_date"] else None,
    )
    control.show(context, series)
    if headline:
        _before_after(context, headline, metric)
        _lasting(context, unit["unit_id"], metric)
    _gains(context, unit["unit_id"])


def _cycles(context: Context, unit_id: str) -> None:
    columns = (
        "cycle_no", "hypothesis", "metric_id", "target_value", "start_date",
        "introduction_end_date", "check_date", "decision",
    )  # fmt: skip
    rows = context.rows("mart_cycles", columns, order_by=("cycle_no",), unit_id=unit_id)
    st.header(context.t("cycles"), anchor=False)
    if not rows:
        st.info(context.t("no_cycles"))
        return
    labels, decisions = _metric_labels(context), context.labels("cycle_decision")
    table(
        [
            {
                context.t("cycle"): str(row["cycle_no"]),
                context.t("hypothesis"): row["hypothesis"] or "",
                context.t("metric"): labels.get(row["metric_id"] or "", ""),
                context.t("start"): day(row["start_date"]),
                context.t("introduced"): day(row["introduction_end_date"]),
                context.t("checked"): day(row["check_date"]),
                context.t("decision"): decisions.get(row["decision"] or "", ""),
            }
            for row in rows
        ]
    )


def _headlines(context: Context, unit_id: str) -> list[Row]:
    columns = (
        "metric_id", "cycle_id", "headline_group", "basis", "talk_order", "effect_unit", "estimate",
        "estimate_lo", "estimate_hi", "value_before", "value_after", "n_before", "n_after",
        context.column("headline"), context.column("sentence"), context.column("next_step"),
        context.column("lowered_by"),
    )  # fmt: skip
    return context.rows(
        "mart_headlines", columns, order_by=("talk_order", "metric_id"), unit_id=unit_id
    )


def _metrics(context: Context, unit_id: str) -> dict[str, Row]:
    label = context.column("label")
    known = context.rows(
        "dim_metrics",
        ("metric_id", label, "unit", "decimals", "is_headline", "metric_order"),
        order_by=("metric_order",),
    )
    charts = {
        row["metric_id"]: row["cycle_id"]
        for row in context.rows(
            "mart_control_chart_phases",
            ("metric_id", "cycle_id"),
            unit_id=unit_id,
            series="value",
        )
    }
    return {
        row["metric_id"]: row | {"label": row[label], "cycle_id": charts[row["metric_id"]]}
        for row in known
        if row["metric_id"] in charts
    }


def _metric_labels(context: Context) -> dict[str, str]:
    label = context.column("label")
    return {r["metric_id"]: r[label] for r in context.rows("dim_metrics", ("metric_id", label))}


def _before_after(context: Context, headline: Row, metric: Row) -> None:
    st.header(context.t("before_and_after"), anchor=False)
    if headline["value_before"] is None or headline["value_after"] is None:
        st.info(context.t("no_before_after"))
        return
    digits, unit = metric["decimals"], metric["unit"]
    rows = [
        Dot(
            context.t(key),
            headline[column],
            None,
            None,
            headline["headline_group"],
            quantity(headline[column], digits, unit, context.language),
        )
        for key, column in (("before", "value_before"), ("after", "value_after"))
    ]
    words = context.t(
        "before_after_words",
        before=rows[0].text,
        after=rows[1].text,
        n_before=headline["n_before"] or 0,
        n_after=headline["n_after"] or 0,
    )
    st.markdown(words)
    st.vega_lite_chart(dots(rows, context.language, zero=False), theme=None, alt=words)
    if headline["estimate"] is not None:
        _estimate(context, headline, digits, unit)


def _estimate(context: Context, headline: Row, digits: int, unit: str) -> None:
    measure = "percent" if headline["effect_unit"] == "pct" != unit else unit
    text = quantity(headline["estimate"], digits, measure, context.language, is_change=True)
    ends = interval(headline["estimate_lo"], headline["estimate_hi"], digits)
    dot = Dot(
        context.t("estimate"),
        headline["estimate"],
        headline["estimate_lo"],
        headline["estimate_hi"],
        headline["headline_group"],
        f"{text} ({ends})",
    )
    words = (
        context.t("estimate_words_comparison", estimate=text, ends=ends)
        if headline["basis"] == "comparison"
        else context.t("estimate_words_chart", estimate=text, ends=ends)
    )
    st.markdown(words)
    st.vega_lite_chart(dots([dot], context.language, zero=True), theme=None, alt=words)


def _lasting(context: Context, unit_id: str, metric: Row) -> None:
    columns = tuple(f"eff_{w}{end}" for w in _WINDOWS for end in ("", "_lo", "_hi"))
    found = context.rows(
        "mart_effects",
        (*columns, "persistence", "effect_unit", "verdict"),
        unit_id=unit_id,
        metric_id=metric["metric_id"],
    )
    if not found or found[0]["eff_0_6"] is None:
        return
    row = found[0]
    measure = "percent" if row["effect_unit"] == "percent" else metric["unit"]
    digits = metric["decimals"]
    rows = [
        Dot(
            context.t("months_after", stretch=window.replace("_", "\u2013")),
            row[f"eff_{window}"],
            row[f"eff_{window}_lo"],
            row[f"eff_{window}_hi"],
            "cannot_tell",
            _estimate_text(context, row, window, measure, digits),
        )
        for window in _WINDOWS
        if row[f"eff_{window}"] is not None
    ]
    st.header(context.t("did_it_last"), anchor=False)
    words = context.labels("persistence").get(row["persistence"] or "unclear", "")
    st.markdown(words + ".")
    alt = ". ".join(f"{dot.label}: {dot.text}" for dot in rows)
    st.vega_lite_chart(dots(rows, context.language, zero=True), theme=None, alt=alt)
    with st.expander(context.t("figures_behind")):
        table([{context.t("period"): d.label, context.t("estimate"): d.text} for d in rows])


def _estimate_text(context: Context, row: Row, window: str, measure: str, digits: int) -> str:
    text = quantity(row[f"eff_{window}"], digits, measure, context.language, is_change=True)
    return f"{text} ({interval(row[f'eff_{window}_lo'], row[f'eff_{window}_hi'], digits)})"


def _gains(context: Context, unit_id: str) -> None:
    columns = ("title", "identified_fte", "realised_fte", "status", "metric_id", "has_evidence")
    rows = context.rows("mart_gains", columns, order_by=("identified_date",), unit_id=unit_id)
    st.header(context.t("gains"), anchor=False)
    if not rows:
        st.info(context.t("no_gains"))
        return
    labels, statuses = _metric_labels(context), context.labels("gain_status")
    measured = {r["metric_id"]: r[context.column("headline")] for r in _headlines(context, unit_id)}
    st.markdown(context.t("gains_words"))
    table(
        [
            {
                context.t("gain"): row["title"],
                context.t("identified_fte"): number(row["identified_fte"], 2),
                context.t("realised_fte"): number(row["realised_fte"], 2),
                context.t("status"): statuses.get(row["status"], row["status"]),
                context.t("metric"): labels.get(row["metric_id"] or "", context.t("not_tied")),
                context.t("measured"): measured.get(row["metric_id"] or "", ""),
            }
            for row in rows
        ]
    )
