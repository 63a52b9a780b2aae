"""Choosing a unit and a metric: by a list on the page, or by the address."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards.components import links
from dashboards.components.reader import note_refused
from dashboards.context import Context
from dashboards.reports.life import life_columns

Row = dict[str, Any]


def choose_unit(context: Context) -> Row | None:
    """Draw the list of the reader's units and return the chosen one; ``None`` when it is not there.

    The rows are already cut to the reader's scope, so another unit's code in the address is simply
    not found.
    """
    columns = ("unit_id", "unit_name", "sector", "lean_status", "lean_start_date")
    units = {
        row["unit_id"]: row
        for row in context.rows(
            "dim_units", (*columns, *life_columns(context)), order_by=("sector", "unit_name")
        )
    }
    if not units:
        st.title(context.t("page_unit"), anchor=False)
        st.info(context.t("no_units"))
        return None
    wanted = links.chosen("enhet")
    if wanted is not None and wanted not in units:
        st.title(context.t("page_unit"), anchor=False)
        st.warning(context.t("unit_not_found"))
        note_refused(context, "enhet", wanted)
    codes = list(units)
    unit_id = st.selectbox(
        context.t("choose_unit"),
        codes,
        index=codes.index(wanted) if wanted in units else (None if wanted else 0),
        format_func=lambda code: f"{units[code]['unit_name']} ({units[code]['sector']})",
        placeholder=context.t("choose_unit"),
    )
    if unit_id is None:
        return None
    links.choose("enhet", unit_id)
    return units[unit_id]


def choose_metric(context: Context, metrics: Sequence[Row]) -> Row | None:
    """Draw the list of metrics and return the chosen one; ``None`` when there is none.

    Args:
        context: The frame's message.
        metrics: Rows with ``metric_id`` and ``label``, in the order wanted.
    """
    known = {row["metric_id"]: row for row in metrics}
    if not known:
        return None
    codes = list(known)
    wanted = links.chosen("maltall")
    metric_id = st.selectbox(
        context.t("choose_metric"),
        codes,
        index=codes.index(wanted) if wanted in known else 0,
        format_func=lambda code: str(known[code]["label"]),
    )
    links.choose("maltall", metric_id)
    return known[metric_id]


def choose_among(context: Context, units: dict[str, str]) -> str | None:
    """Draw a list of units for a part of a page; return the code, or ``None`` for no unit.

    Args:
        context: The frame's message.
        units: Code to name, the reader's own, in the order wanted.
    """
    if not units:
        return None
    wanted = links.chosen("enhet")
    codes = list(units)
    unit_id = st.selectbox(
        context.t("choose_unit"),
        codes,
        index=codes.index(wanted) if wanted in units else None,
        format_func=lambda code: units[code],
        placeholder=context.t("choose_unit"),
    )
    if unit_id is not None:
        links.choose("enhet", unit_id)
    return unit_id
