"""How large the change is: before and after, the estimate and its interval, whether it lasted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboards.charts.effects import Dot, dots
from dashboards.components.downloads import Taken
from dashboards.components.figures import figure
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.reports.told import estimate_decimals
from pipelines.words.numbers import quantity
from pipelines.words.verdict_class import COMPARED

Row = dict[str, Any]
_WINDOWS = ("0_6", "6_12", "12_24", "24_48")


def before_after(context: Context, headline: Row, metric: Row) -> None:
    """Draw before and after as measured, and the estimate with its interval."""
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
            headline["verdict_class"],
            quantity(headline[column], digits, unit, context.language),
        )
        for key, column in (("before", "value_before"), ("after", "value_after"))
    ]
    words = context.t(
        "before_after_words",
        before=rows[0].text,
        after=rows[1].text,
        change=quantity(headline["change"], digits, unit, context.language, is_change=True),
        n_before=headline["n_before"] or 0,
        n_after=headline["n_after"] or 0,
    )
    st.markdown(plain(words))
    taken = _taken(headline, metric, "for-og-etter", context.t("before_and_after"))
    _draw(context, taken, words, rows)
    # a chart's lasting change is no effect; the sentence has it
    if headline["basis"] == COMPARED and headline["estimate"] is not None:
        _estimate(context, headline, metric)


def _estimate(context: Context, headline: Row, metric: Row) -> None:
    digits, unit = estimate_decimals(headline, metric), headline["effect_unit"]
    text = quantity(headline["estimate"], digits, unit, context.language, is_change=True)
    ends = context.interval(headline["estimate_lo"], headline["estimate_hi"], digits)
    dot = Dot(
        context.t("estimate"),
        headline["estimate"],
        headline["estimate_lo"],
        headline["estimate_hi"],
        headline["verdict_class"],
        f"{text} ({ends})",
    )
    words = context.t("estimate_words_comparison", estimate=text, ends=ends)
    likely = headline.get("p_better")
    if likely is not None:
        words = f"{words} {context.t('likely_better', chances=_of_hundred(likely))}"
    st.markdown(plain(words))
    taken = _taken(headline, metric, "endring", context.t("estimate"))
    _draw(context, taken, words, [dot])


def _of_hundred(share: float) -> int:
    """Chances in a hundred; nothing is certain."""
    return min(max(round(100 * share), 1), 99)


def lasting(context: Context, headline: Row, metric: Row) -> None:
    """Draw the estimate stretch by stretch after the start; nothing without a comparison."""
    columns = tuple(f"eff_{w}{end}" for w in _WINDOWS for end in ("", "_lo", "_hi"))
    found = context.rows(
        "mart_effects",
        (*columns, "persistence", "effect_unit", "verdict"),
        unit_id=headline["unit_id"],
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
    st.markdown(plain(words) + ".")
    alt = ". ".join(f"{dot.label}: {dot.text}" for dot in rows)
    taken = _taken(headline, metric, "varighet", context.t("did_it_last"))
    _draw(context, taken, alt, rows)


def _taken(headline: Row, metric: Row, subject: str, title: str) -> Taken:
    return Taken(
        f"{subject}-{metric['metric_id']}",
        f"{metric['label']}, {headline['unit_name']}: {title}",
        unit=headline["unit_id"],
    )


def _draw(context: Context, taken: Taken, alt: str, rows: Sequence[Dot]) -> None:
    is_level = all(dot.low is None for dot in rows)
    period, value = context.t("period"), context.t("value") if is_level else context.t("estimate")
    told = [{period: dot.label, value: dot.text} for dot in rows]
    taken = replace(
        taken,
        headings=(period, value, context.t("interval_from"), context.t("interval_to")),
        cells=[(dot.label, dot.value, dot.low, dot.high) for dot in rows],
    )
    figure(context, dots(rows, context.language, zero=not is_level), alt, told, taken)


def _estimate_text(context: Context, row: Row, window: str, measure: str, digits: int) -> str:
    text = quantity(row[f"eff_{window}"], digits, measure, context.language, is_change=True)
    return f"{text} ({context.interval(row[f'eff_{window}_lo'], row[f'eff_{window}_hi'], digits)})"
