"""The board: one unit on a wall screen, in large letters, shown anew when a new edition comes.

No frame and nothing to press; nobody's name, and nothing that is hidden.
"""

from html import escape
from typing import Any

import streamlit as st

from dashboards.charts.control import control_chart
from dashboards.charts.export import enlarged
from dashboards.components.edition_watch import follow_editions
from dashboards.components.tables import plain
from dashboards.components.unit_cards import board_cards, icon
from dashboards.context import Context
from dashboards.reports.actions import actions_of
from dashboards.reports.chart_words import chart_alt
from dashboards.reports.charted import Charted, charted
from dashboards.reports.common import edition_line, origin
from dashboards.reports.told import HIDDEN_CLASS
from dashboards.reports.unit_page import UnitPage, heading
from pipelines.words.numbers import MISSING, month, number, quantity, suffix

Row = dict[str, Any]
_QUESTIONS = 3
_OPEN_SHOWN = 5
_HEIGHT_PX = 300
_LETTERS = 1.3


def board(context: Context, page: UnitPage) -> None:
    """Draw the board of a unit.

    Args:
        context: The frame's message.
        page: The unit.
    """
    follow_editions(context)
    shown = [m for m in page.in_order() if m in page.series and not page.is_hidden(m)]
    metric_id = shown[0] if shown else None
    found = charted(context, page.chart_of(metric_id)) if metric_id else None
    said, now = st.columns([3, 1])
    with said:
        words = context.t("board_where", unit=page.unit["unit_name"])
        st.html(f'<p class="b-where">{escape(words)}</p>')
        st.title(plain(heading(context, page, metric_id, found)), anchor=False)
    if found is not None and found.data.points and metric_id:
        now.html(_now(context, page, metric_id, found))
    left, right = st.columns([7, 4], gap="large")
    with left:
        if found is None or not found.data.points or metric_id is None:
            st.info(context.t("no_figures"))
        else:
            _chart(context, page, metric_id, found)
    right.html(_talk(context, page) + _actions(context, page) + _decided(context, page))
    if metric_id:
        st.html(f'<div class="b-cards">{board_cards(context, page, metric_id)}</div>')
    whose, _ = origin(context)
    edition, rule = edition_line(context), context.t("board_rule")
    st.html(
        f'<p class="b-foot"><span>{escape(whose)} {escape(edition)}</span>'
        f"<span>{escape(rule)}</span></p>"
    )


def _now(context: Context, page: UnitPage, metric_id: str, found: Charted) -> str:
    metric = page.metrics[metric_id]
    last = next(row for row in reversed(found.data.points) if row["measured_value"] is not None)
    value = number(last["measured_value"], metric["decimals"], context.language)
    unit = suffix(metric["unit"], context.language)
    when = month(last["month"], context.language)
    if found.data.target is not None:
        aim = quantity(found.data.target, metric["decimals"], metric["unit"], context.language)
        when = context.t("board_target", month=when, value=aim)
    return (
        f'<p class="b-now">{value}\u00a0<span>{escape(unit)}</span>'
        f"<small>{escape(when)}</small></p>"
    )


def _chart(context: Context, page: UnitPage, metric_id: str, found: Charted) -> None:
    row = page.said.get(metric_id)
    name = escape(page.metrics[metric_id]["label"])
    words = escape(row["verdict"] if row else context.t("not_started"))
    st.html(f'<h2 class="b-h2">{icon(row) if row else ""}{name}: {words}</h2>')
    spec = enlarged(control_chart(found.data, context.language), _LETTERS)
    alt = chart_alt(context, found, page.unit["unit_name"])
    st.vega_lite_chart(spec | {"height": _HEIGHT_PX}, width="stretch", theme=None, alt=alt)


def _talk(context: Context, page: UnitPage) -> str:
    step = context.column("next_step")
    rows = sorted(page.said.values(), key=lambda row: row["talk_order"])
    steps = [
        row[step] for row in rows if row[step] and row["verdict_class"] != HIDDEN_CLASS
    ]  # fmt: skip
    lines = "".join(f"<li>{escape(each)}</li>" for each in list(dict.fromkeys(steps))[:_QUESTIONS])
    if not lines:
        return ""
    return f'<h2 class="b-h2">{escape(context.t("talk_about"))}</h2><ol class="b-list">{lines}</ol>'


def _actions(context: Context, page: UnitPage) -> str:
    found = actions_of(context, page.unit["unit_id"])
    heading_words = context.t("open_actions", n=len(found.still_open))
    html = f'<h2 class="b-h2">{escape(heading_words)}</h2>'
    if found.still_open:
        head = (
            f'<thead><tr><th scope="col">{escape(context.t("action"))}</th>'
            f'<th scope="col">{escape(context.t("owner_role"))}</th>'
            f'<th scope="col" class="u-number">{escape(context.t("age"))}</th></tr></thead>'
        )
        # what came last is what the board is about; what is oldest is counted in the heading
        newest = found.still_open[::-1][:_OPEN_SHOWN]
        body = "".join(
            f"<tr><td>{escape(row['action_id'])}</td>"
            f"<td>{escape(row['owner_role'] or MISSING)}</td>"
            f'<td class="u-number">{escape(_age(context, row))}</td></tr>'
            for row in newest
        )
        html += f'<table class="b-table">{head}<tbody>{body}</tbody></table>'
    for row in found.years[:1]:
        words = context.t("board_year", year=row["year"], new=row["n_actions"], done=row["n_done"])
        html += f'<p class="b-said">{escape(words)}</p>'
    return html


def _age(context: Context, row: Row) -> str:
    return context.t("age_days", n=number(row["age_days"], 0, context.language))


def _decided(context: Context, page: UnitPage) -> str:
    if page.cycle is None or not page.cycle["decision"]:
        return ""
    decision = context.labels("cycle_decision").get(page.cycle["decision"], "")
    day = context.day(page.cycle["step_act_date"])
    words = context.t("last_decided", decision=decision, day=day)
    return f'<p class="b-said">{escape(words)}</p>'
