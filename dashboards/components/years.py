"""What a unit shows per year and not per month: the parts of a total, and before and after.

Whole calendar years and windows of whole years, as the marts have them; nothing is summed here.
"""

from typing import Any

import streamlit as st

from dashboards.components.downloads import table_buttons
from dashboards.components.tables import table
from dashboards.context import Context
from pipelines.words.numbers import HIDDEN, MISSING, quantity

Row = dict[str, Any]
_YEARS = "mart_metric_years"


def years(context: Context, unit_id: str, metrics: dict[str, Row]) -> None:
    """Draw the unit's years and its windows; nothing where the edition has none.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: Label, unit and decimals by metric, in the order they are shown.
    """
    if not context.has(_YEARS):
        return
    rows = context.rows(
        _YEARS,
        ("metric_id", "year", "value", "suppression_reason", "missing_reason"),
        order_by=("year",),
        level="unit",
        group_id=unit_id,
    )
    parts = [name for name in metrics if any(row["metric_id"] == name for row in rows)]
    if not parts:
        return
    st.header(context.t("parts_by_year"), anchor=False)
    st.markdown(context.t("parts_by_year_words"))
    reasons = context.labels("absent_figure")
    cells = {(row["year"], row["metric_id"]): row for row in rows}
    shown, taken = [], []
    for year in sorted({row["year"] for row in rows}):
        found = {name: cells.get((year, name)) for name in parts}
        whys = [_reason(row, reasons) for row in found.values()]
        why = "; ".join(dict.fromkeys(why for why in whys if why))
        shown.append(
            (
                str(year),
                *(_shown(context, row, metrics[name]) for name, row in found.items()),
                why or MISSING,
            )
        )
        taken.append((year, *(row and row["value"] for row in found.values()), why))
    columns = [context.t("year"), *(metrics[name]["label"] for name in parts), context.t("says")]
    table([dict(zip(columns, line, strict=True)) for line in shown])
    table_buttons(context, "enhet-aar", context.t("parts_by_year"), columns, taken, unit=unit_id)
    _windows(context, unit_id, metrics)


def _windows(context: Context, unit_id: str, metrics: dict[str, Row]) -> None:
    wanted = ("window_kind", "baseline_first_month", "baseline_last_month", "after_first_month",
              "after_last_month")  # fmt: skip
    if context.present("mart_before_after", wanted) != wanted:
        return
    reason = context.column("reason")
    rows = context.rows(
        "mart_before_after",
        ("metric_id", "cycle_no", "value_before", "value_after", "verdict", reason, *wanted),
        order_by=("cycle_no",),
        unit_id=unit_id,
        window_kind="years",
    )
    latest = {row["metric_id"]: row for row in rows if row["metric_id"] in metrics}
    if not latest:
        return
    st.markdown(context.t("parts_before_after_words"))
    chosen = [(metrics[name], latest[name]) for name in metrics if name in latest]
    columns = [context.t(key) for key in ("metric", "before", "after", "says")]
    shown = [
        (
            metric["label"],
            _side(context, row, "before", metric),
            _side(context, row, "after", metric),
            row[reason] or MISSING,
        )
        for metric, row in chosen
    ]
    taken = [
        (metric["label"], row["value_before"], row["value_after"], row[reason])
        for metric, row in chosen
    ]
    table([dict(zip(columns, line, strict=True)) for line in shown])
    title = f"{context.t('parts_by_year')}: {context.t('before_and_after')}"
    table_buttons(context, "enhet-aar-for-og-etter", title, columns, taken, unit=unit_id)


def _side(context: Context, row: Row, side: str, metric: Row) -> str:
    value = row[f"value_{side}"]
    start = "baseline" if side == "before" else "after"
    first, last = row[f"{start}_first_month"], row[f"{start}_last_month"]
    if value is None:
        return HIDDEN if row["verdict"] == "suppressed" else MISSING
    shown = quantity(value, metric["decimals"], metric["unit"], context.language)
    if first is None or last is None:
        return shown
    years_of = str(first.year) if first.year == last.year else f"{first.year}\u2013{last.year}"
    return f"{shown} ({years_of})"


def _shown(context: Context, row: Row | None, metric: Row) -> str:
    if row is None or (row["value"] is None and row["suppression_reason"] is None):
        return MISSING
    if row["value"] is None:
        return HIDDEN
    return quantity(row["value"], metric["decimals"], metric["unit"], context.language)


def _reason(row: Row | None, reasons: dict[str, str]) -> str:
    code = row and (row["suppression_reason"] or row["missing_reason"])
    return reasons.get(code, "") if code else ""
