"""How do things stand, unit by unit? Units by metrics, or units by pitfalls."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import links, matrix
from dashboards.components.choices import ALL, Listed, pick_of, pick_or_all
from dashboards.components.downloads import Taken, status_button, table_buttons
from dashboards.components.signs import to_series, to_topic
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.reports.shown import STANDS_OUT, Shown, shown
from dashboards.reports.status import (
    BY_SECTOR,
    BY_START,
    BY_TALK,
    as_file,
    parts_of,
    signals,
    waiting_units,
)
from dashboards.views import pitfalls
from pipelines.words.verdict_class import CLASSES

Row = dict[str, Any]
_METRICS, _PITFALLS = "maltall", "fallgruver"
_PRESS, _CHART, _FOLLOW = "trykk", "diagram", "oppfolging"


def show(context: Context) -> None:
    """Draw the page."""
    found = shown(context)
    n = sum(any(r["verdict_class"] in STANDS_OUT for r in rows) for rows in found.units.values())
    title = context.t("status_title", n=n, all=len(found.units))
    st.title(title if found.rows else context.t("page_status"), anchor=False)
    tabs = {_METRICS: context.t("tab_metrics"), _PITFALLS: context.t("page_pitfalls")}
    listed = Listed(context.t("what_is_shown"), tabs, _METRICS)
    draw = partial(st.radio, horizontal=True, label_visibility="collapsed")
    # what is filtered by stands beside what is shown, so that the matrix begins high on the page
    places = st.columns([1, 1, 1, 1], vertical_alignment="bottom")
    with places[0]:
        tab = pick_of(context, "fane", listed, draw)
    if tab == _PITFALLS:
        pitfalls.show(context)
    elif found.rows:
        _metrics(context, found, places)
    else:
        st.info(context.t("nothing_started"))


def _metrics(context: Context, found: Shown, places: Sequence[DeltaGenerator]) -> None:
    links.asks("klasse")
    asked = links.chosen("klasse")
    verdict_class = asked if asked in CLASSES else None
    sector, order = _choose(context, found, places)
    with places[3]:
        to = _leads_to(context)
    parts = parts_of(context, found, sector=sector, order=order, verdict_class=verdict_class)
    address = {
        "sektor": sector or ALL, "sortert": order, "fane": _METRICS,
        _PRESS: _CHART if to is to_series else _FOLLOW,
    }  # fmt: skip
    begun = {rows[0]["sector"] for rows in found.units.values()}
    is_whole = not verdict_class and sector is None
    waiting = {name: units for name, units in waiting_units(context).items() if name not in begun}
    words = context.t("status_words") if to is to_series else context.t("status_words_follow")
    st.html(
        f'<div class="pk">{matrix.chips(context, found, verdict_class, address)}'
        f'<p class="quiet">{words}</p>'
        f'<div class="wide">{matrix.table(context, found, parts, signals(context), to)}</div>'
        f'<div class="ph">{matrix.phone(context, found, parts, to)}</div>'
        f"{matrix.not_begun(context, waiting) if is_whole else ''}</div>"
    )
    if found.left_out:
        names = ", ".join(name.lower() for name in found.left_out)
        st.caption(context.t("left_out", metrics=plain(names)))
    headings, rows = as_file(context, found)
    table_buttons(context, Taken("status", context.t("status_file"), headings, rows))
    status_button(context)


def _leads_to(context: Context) -> Callable[[Context, Row], str]:
    names = {_CHART: context.t("press_chart"), _FOLLOW: context.t("press_follow")}
    listed = Listed(context.t("press"), names, _CHART)
    return to_topic if pick_of(context, _PRESS, listed) == _FOLLOW else to_series


def _choose(
    context: Context, found: Shown, places: Sequence[DeltaGenerator]
) -> tuple[str | None, str]:
    sectors = sorted({rows[0]["sector"] for rows in found.units.values() if rows[0]["sector"]})
    with places[1]:
        sector = pick_or_all(
            context, "sektor", context.t("sector"), {name: name for name in sectors},
            context.t("all_sectors"),
        )  # fmt: skip
    orders = {
        BY_SECTOR: context.t("sector"),
        BY_TALK: context.t("by_talk"),
        BY_START: context.t("start"),
    }
    with places[2]:
        order = pick_of(context, "sortert", Listed(context.t("sorted_by"), orders, BY_SECTOR))
    return sector, order
