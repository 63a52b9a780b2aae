"""What each realised gain is held against, and what that says."""

from functools import partial
from typing import Any

import streamlit as st

from dashboards.components.figures import folded
from dashboards.components.folds import part
from dashboards.components.tables import table
from dashboards.context import Context
from dashboards.reports.told import told

Row = dict[str, Any]
_SHOWN = 15


def held_against(context: Context) -> None:
    """Draw what each realised gain is held against, and what that says."""
    status = context.column("held_status")
    wanted = ("held_against", "held_status", status)
    if context.present("mart_gains", wanted) != wanted:
        return
    columns = ("unit_name", "title", "realised_fte", "gain_kind", *wanted)
    rows = [
        row
        for row in told(context, "mart_gains", columns, ("held",), order_by=("unit_name", "title"))
        if row["held_against"]
    ]
    if not rows:
        part(context.t("held_against"), context.t("none_realised"))
        return
    said = context.t("n_gains", n=context.number(len(rows)))
    part(context.t("held_against"), said, partial(_held, context, rows, status))


def _held(context: Context, rows: list[Row], status: str) -> None:
    cash = [row["realised_fte"] for row in rows if row["gain_kind"] == "cash"]
    st.markdown(
        context.t(
            "held_against_words",
            realised=context.number(sum(row["realised_fte"] for row in rows), 1),
            cash=context.number(sum(cash), 1),
        )
    )
    by_status: dict[str, list[float]] = {}
    for row in rows:
        by_status.setdefault(row[status], []).append(row["realised_fte"])
    table(
        [
            {
                context.t("what_is_seen"): words,
                context.t("gains"): context.number(len(fte)),
                context.t("realised_fte"): context.number(sum(fte), 1),
            }
            for words, fte in sorted(by_status.items(), key=lambda each: -sum(each[1]))
        ]
    )
    lines = [
        {
            context.t("unit"): row["unit_name"],
            context.t("gain"): row["title"],
            context.t("realised_fte"): context.number(row["realised_fte"], 1),
            context.t("in_words"): row["held"],
        }
        for row in rows
    ]
    folded(context, lines, _SHOWN)
