"""One unit in one screen: what happened to the metric its round aimed at, and how the rest stands.

The sentence, the chart, the round and the gains come first, then the other metrics as cards; below,
folded, stands everything they rest on.
"""

from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dashboards.components import control, links, unit_cards
from dashboards.components.board import board
from dashboards.components.choices import Listed, choose_metric, choose_unit, pick
from dashboards.components.downloads import council_buttons
from dashboards.components.effect import before_after, lasting
from dashboards.components.headlines import say, take_along
from dashboards.components.remarks import of_unit
from dashboards.components.rounds import baseline, rounds
from dashboards.components.standing import standing
from dashboards.components.tables import plain, table
from dashboards.components.worth import worth
from dashboards.components.years import years
from dashboards.context import Context
from dashboards.link_keys import BOARD, VIEW
from dashboards.reports.actions import actions_of, factors_table, open_table, years_table
from dashboards.reports.charted import Series, charted
from dashboards.reports.life import life
from dashboards.reports.news import News, news
from dashboards.reports.unit_page import UnitPage, heading, unit_page
from pipelines.words.news import group_word

Row = dict[str, Any]


def show(context: Context) -> None:
    """Draw the page."""
    told, listed = st.columns([3, 1], vertical_alignment="top")
    unit = choose_unit(context, listed)
    if unit is None:
        return
    page = unit_page(context, unit)
    if links.is_asked(VIEW, BOARD):
        board(context, page)
        return
    left, right = st.columns([7, 3], gap="large")
    with left:
        named, listed, taken = st.columns([9, 5, 2], vertical_alignment="center")
        with listed:
            metric = _metric(context, page)
        series = page.chart_of(metric["metric_id"]) if metric else None
        if metric is not None:
            named.html(unit_cards.metric_heading(context, page, metric["metric_id"]))
            with taken.popover(context.t("take_with")):
                _take_with(context, page, metric["metric_id"])
        if metric is None or series is None:
            st.info(context.t("no_figures"))
        else:
            _chart(context, page, metric, series)
    with told:
        _head(context, page, metric, series)
    with right:
        st.html(unit_cards.round_words(context, page))
        st.html(unit_cards.gains_words(context, page))
    unit_cards.cards(context, page, metric["metric_id"] if metric else "")
    st.html(unit_cards.last_line(context, page))
    _folded(context, page, metric, series)


def _head(context: Context, page: UnitPage, metric: Row | None, series: Series | None) -> None:
    status = context.labels("lean_status").get(page.unit["lean_status"] or "", "")
    known = (page.unit["sector"], page.unit["unit_name"], status)
    st.html(f'<p class="u-eyebrow">{" · ".join(escape(part) for part in known if part)}</p>')
    found = charted(context, series) if series else None
    metric_id = metric["metric_id"] if metric else None
    st.title(plain(heading(context, page, metric_id, found)), anchor=False)
    if counted := unit_cards.status_line(context, page):
        st.html(counted)


def _take_with(context: Context, page: UnitPage, metric_id: str) -> None:
    unit_id = page.unit["unit_id"]
    is_told = metric_id in page.said and not page.is_hidden(metric_id)
    council_buttons(context, unit_id, metric_id, is_told=is_told)
    to = links.address("enhet", context.language, enhet=unit_id, visning=BOARD)
    st.markdown(f"[{context.t('to_the_board')}]({to})")
    to = links.address("forklar", context.language, enhet=unit_id, maltall=metric_id)
    st.markdown(f"[{context.t('explain_link')}]({to})")
    to = links.address("oppfolging", context.language, enhet=unit_id, maltall=metric_id)
    st.markdown(f"[{context.t('take_up')}]({to})")


def _metric(context: Context, page: UnitPage) -> Row | None:
    listed = [page.metrics[metric] for metric in page.in_order()]
    # the heading beside it says which it is
    draw = partial(st.selectbox, label_visibility="collapsed")
    return choose_metric(context, listed, page.metrics, draw)


def _chart(context: Context, page: UnitPage, metric: Row, series: Series) -> None:
    if page.is_hidden(metric["metric_id"]):
        st.info(context.t("hidden_chosen"))
    elif not _has_chart(page, metric):
        st.info(context.t("shown_per_year", where=context.t("years_folded")))
    else:
        control.show(context, series, is_named=True)


def _has_chart(page: UnitPage, metric: Row) -> bool:
    return metric["metric_id"] in page.series and not page.is_hidden(metric["metric_id"])


def _folded(context: Context, page: UnitPage, metric: Row | None, series: Series | None) -> None:
    unit_id, said = page.unit["unit_id"], page.every
    if metric and series and _has_chart(page, metric):
        # by name, so that ten years of months are left out on paper
        with st.container(key="unit_behind"):
            control.behind(context, series)
    if said:
        with st.expander(context.t("all_folded")):
            say(context, said)
            title = f"{page.unit['unit_name']}: {context.t('all_folded')}"
            take_along(context, "konklusjoner", title, said, unit_id)
    if metric and series:
        # a link that asks for the comparison shows it
        is_asked = links.chosen("diagram") == "comparison"
        with st.expander(context.t("comparison_folded"), expanded=is_asked):
            _compared(context, page, metric, series)
    if (fresh := news(context, unit_id)) is not None:
        with st.expander(context.t("news_folded")):
            _news(context, fresh)
    with st.expander(context.t("rounds_folded")):
        for line in life(context, page.unit):
            st.caption(plain(line))
        rounds(context, unit_id, page.metrics)
        if metric:
            baseline(context, unit_id, metric | {"cycle_id": page.cycle_id})
    with st.expander(context.t("years_folded")):
        years(context, unit_id, page.metrics)
    with st.expander(context.t("worth_folded")):
        worth(context, unit_id, page.metrics, said)
    with st.expander(context.t("standing_folded")):
        standing(context, unit_id)
    with st.expander(context.t("actions_folded")):
        _actions(context, unit_id)
    with st.expander(context.t("remarks")):
        names = {code: str(row["label"]) for code, row in page.metrics.items()}
        shown = metric["metric_id"] if metric else ""
        of_unit(context, (unit_id, page.unit["unit_name"]), shown, names)


def _news(context: Context, fresh: News) -> None:
    st.markdown(plain(fresh.until))
    if not fresh.is_comparable:
        return
    for group, rows in fresh.groups.items():
        st.markdown(f"**{plain(group_word(group, context.language))}**")
        st.markdown("\n".join(f"- {plain(row['sentence'])}" for row in rows))
    if not fresh.groups:
        st.info(context.t("news_nothing_here"))


def _actions(context: Context, unit_id: str) -> None:
    found = actions_of(context, unit_id)
    if not found.years:
        st.info(context.t("no_actions"))
    if found.years:
        table(years_table(context, found.years))
    if found.still_open:
        st.markdown(f"**{context.t('open_actions', n=len(found.still_open))}**")
        table(open_table(context, found.still_open))
    if factors := factors_table(context, unit_id):
        st.markdown(f"**{context.t('factors_words')}**")
        table(factors)


def _compared(context: Context, page: UnitPage, metric: Row, series: Series) -> None:
    kinds = {"value": context.t("own_figures"), "comparison": context.t("against_others")}
    found = context.rows(
        "mart_control_chart_phases", ("series_id",),
        unit_id=series.unit_id, metric_id=series.metric_id, series="comparison",
    )  # fmt: skip
    if found:
        listed = Listed(context.t("which_chart"), kinds, "value")
        kind = pick(context, "diagram", listed, partial(st.radio, horizontal=True))
        if kind == "comparison":
            control.show(context, replace(series, kind="comparison"))
    row = page.said.get(metric["metric_id"])
    if row:
        before_after(context, row, metric)
        lasting(context, row, metric)
