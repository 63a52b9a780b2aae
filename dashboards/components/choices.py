"""Choosing from a list: on the page, or by the address; a unit and a metric are chosen here too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import links
from dashboards.components.document import name_document
from dashboards.components.nearest import offer_nearest
from dashboards.components.reader import note_refused
from dashboards.components.tables import plain
from dashboards.components.told_apart import told_apart
from dashboards.context import Context
from dashboards.reports.life import life_columns

Row = dict[str, Any]
ALL = "alle"


@dataclass(frozen=True)
class Listed:
    """A list to choose from.

    Attributes:
        label: What the list is called.
        names: Code to what it is called, in the order wanted.
        first: The code when the address says none of ``names``; ``None`` for no choice.
    """

    label: str
    names: Mapping[str, str]
    first: str | None


def pick(
    context: Context, key: str, listed: Listed, draw: Callable[..., Any] = st.selectbox
) -> str | None:
    """Draw a list whose choice stands in the address; return the code, or ``None`` for no choice.

    The list has a key and its state is set from the address before it is drawn, so the first, the
    second and the fifth choice all hold, and so does going back.

    Args:
        context: The frame's message.
        key: The list's code in the address, one of ``link_keys.CHOICES``.
        listed: What there is to choose from.
        draw: ``st.selectbox``, or another widget with options and a key.
    """
    asked = links.chosen(key)
    shown = asked if asked in listed.names else listed.first
    if asked is None and shown is not None:
        links.choose(key, shown)
    links.asks(key)
    names = told_apart(listed.names)
    widget = f"list_{key}"
    st.session_state[widget] = shown
    code: str | None = draw(
        listed.label,
        list(names),
        index=None if listed.first is None else 0,
        format_func=names.__getitem__,
        key=widget,
        on_change=partial(_follow, key, widget, context.language),
    )
    return code


def _follow(key: str, widget: str, language: str) -> None:
    links.follow(key, st.session_state[widget] or "", language)


def pick_of(
    context: Context, key: str, listed: Listed, draw: Callable[..., Any] = st.selectbox
) -> str:
    """Draw a list in which something is always chosen, and return its code.

    Args:
        context: The frame's message.
        key: The list's code in the address.
        listed: What there is to choose from; ``first`` is one of its names.
        draw: As in :func:`pick`.
    """
    return pick(context, key, listed, draw) or str(listed.first)


def pick_year(context: Context, key: str, years: Sequence[int]) -> int:
    """Draw a list of years and return the chosen one; the first when nothing else is.

    Args:
        context: The frame's message.
        key: The list's code in the address.
        years: At least one, in the order wanted.
    """
    names = {str(year): str(year) for year in years}
    return int(pick_of(context, key, Listed(context.t("year"), names, str(years[0]))))


def pick_or_all(
    context: Context, key: str, label: str, names: Mapping[str, str], all_of_them: str
) -> str | None:
    """Draw a list that begins with *all of them*; return the code, ``None`` for all.

    Args:
        context: The frame's message.
        key: The list's code in the address.
        label: What the list is called.
        names: Code to what it is called.
        all_of_them: What the first line is called.
    """
    code = pick_of(context, key, Listed(label, {ALL: all_of_them, **names}, ALL))
    return None if code == ALL else code


def choose_unit(context: Context, place: DeltaGenerator | None = None) -> Row | None:
    """Draw the list of the reader's units and return the chosen one; ``None`` when it is not there.

    The rows are already cut to the reader's scope, so another unit's code in the address is simply
    not found.

    Args:
        context: The frame's message.
        place: Where the list is drawn; without it, here.
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
    is_known = wanted is None or wanted in units
    if not is_known:
        st.title(context.t("page_unit"), anchor=False)
        st.warning(context.t("unit_not_found"))
        note_refused(context, "enhet", str(wanted))
        called = {code: row["unit_name"] for code, row in units.items()}
        offer_nearest(context, str(wanted), called, _address(context, "enhet"))
    names = {code: f"{row['unit_name']} ({row['sector']})" for code, row in units.items()}
    first = next(iter(units)) if is_known else None
    listed = Listed(context.t("choose_unit"), names, first)
    unit_id = pick(context, "enhet", listed, st.selectbox if place is None else place.selectbox)
    if unit_id is None:
        return None
    name_document(units[unit_id]["unit_name"], context.t("page_unit"))
    return units[unit_id]


def _address(context: Context, key: str) -> Callable[[str], str]:
    # of the same page with another choice
    kept = {"enhet": links.chosen("enhet") or ""}
    return lambda code: links.address("enhet", context.language, **{**kept, key: code})


def choose_metric(
    context: Context,
    metrics: Sequence[Row],
    known: Mapping[str, Row],
    draw: Callable[..., Any] = st.selectbox,
) -> Row | None:
    """Draw the list of metrics and return the chosen one; ``None`` when there is none.

    A metric in the address that is not in the list is named before the first one is shown.

    Args:
        context: The frame's message.
        metrics: Rows with ``metric_id`` and ``label``, in the order wanted.
        known: All of the edition's metrics by their code, with ``label``.
        draw: As in :func:`pick`.
    """
    there = {row["metric_id"]: row for row in metrics}
    if not there:
        return None
    asked = links.chosen("maltall")
    if asked is not None and asked not in there:
        if asked in known:
            st.info(context.t("metric_not_here", metric=plain(known[asked]["label"])))
        else:
            st.warning(context.t("metric_not_found"))
            called = {code: row["label"] for code, row in there.items()}
            offer_nearest(context, asked, called, _address(context, "maltall"))
    names = {code: str(row["label"]) for code, row in there.items()}
    listed = Listed(context.t("choose_metric"), names, next(iter(there)))
    return there[pick_of(context, "maltall", listed, draw)]


def choose_among(context: Context, units: dict[str, str]) -> str | None:
    """Draw a list of units for a part of a page; return the code, or ``None`` for no unit.

    Args:
        context: The frame's message.
        units: Code to name, the reader's own, in the order wanted.
    """
    if not units:
        return None
    asked = links.chosen("enhet")
    if asked is not None and asked not in units:
        st.info(context.t("unit_not_here"))
    return pick(context, "enhet", Listed(context.t("choose_unit"), units, None))
