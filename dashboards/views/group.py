"""Did it change in the whole group? Its units, the group as a whole, and all side by side."""

from functools import partial
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import compared, elsewhere, links
from dashboards.components import group as drawn
from dashboards.components.choices import Listed, choose_metric, pick_of
from dashboards.components.document import name_document
from dashboards.components.downloads import Taken, group_council_buttons
from dashboards.components.figures import figure
from dashboards.components.headlines import take_along
from dashboards.components.tables import plain, table
from dashboards.components.told_apart import told_apart
from dashboards.context import Context
from dashboards.reports.group import CHOSEN, Group, courses, group_metrics, groups, newest
from dashboards.reports.group_council import group_sentence, pooled_of
from dashboards.reports.group_series import group_series
from dashboards.views import economy

Row = dict[str, Any]
_METRIC, _ECONOMY = "maltall", "okonomi"
_BETWEEN = "."


def show(context: Context) -> None:
    """Draw the page."""
    picked = (links.chosen("enheter") or "").split(_BETWEEN)
    known = groups(context, picked)
    names = {code: group.name for code, group in known.items()}
    # the answer stands above what it is asked with, which decides it
    answer, near = st.container(), st.container()
    places = st.columns([1, 1, 1], vertical_alignment="bottom")
    with places[0]:
        listed = Listed(context.t("choose_group"), names, _first(context, known))
        group = known[pick_of(context, "gruppe", listed)]
    metrics = group_metrics(context)
    with places[1]:
        metric = choose_metric(context, list(metrics.values()), metrics)
    with places[2]:
        tabs = {_METRIC: context.t("tab_metrics"), _ECONOMY: context.t("page_economy")}
        draw = partial(st.radio, horizontal=True, label_visibility="collapsed")
        tab = pick_of(context, "fane", Listed(context.t("what_is_shown"), tabs, _METRIC), draw)
    if group.code == CHOSEN:
        group = _choose_units(context, group, picked)
    near.html(drawn.chips(context, known, group, metric))
    if tab == _ECONOMY:
        answer.title(context.t("economy_title"), anchor=False)
        economy.show(context)
    elif metric is None:
        answer.title(context.t("page_group"), anchor=False)
        st.info(context.t("no_pilots"))
    else:
        _group(context, group, metric, answer)


def _first(context: Context, known: dict[str, Group]) -> str:
    # a director's own sector, where they have only one
    sectors = context.viewer.scope.sectors
    code = f"sektor.{sectors[0]}" if sectors else ""
    return code if code in known else next(iter(known))


def _choose_units(context: Context, group: Group, picked: list[str]) -> Group:
    rows = context.rows(
        "dim_units", ("unit_id", "unit_name", "lean_start_date"), order_by=("unit_name",)
    )
    names = told_apart({row["unit_id"]: row["unit_name"] for row in rows if row["lean_start_date"]})
    if not names:
        # nobody has started: a list of nothing is no choice
        return group
    links.asks("enheter")
    st.session_state["list_enheter"] = [unit for unit in picked if unit in names]
    st.multiselect(
        context.t("chosen_units"), list(names), format_func=names.__getitem__, key="list_enheter",
        on_change=lambda: links.follow(
            "enheter", _BETWEEN.join(st.session_state["list_enheter"]), context.language
        ),
    )  # fmt: skip
    st.caption(context.t("chosen_not_summed"))
    return group


def _group(context: Context, group: Group, metric: Row, answer: DeltaGenerator) -> None:
    metric_id = metric["metric_id"]
    rows = newest(context, group, metric_id)
    whole = pooled_of(context, group, metric_id)
    name_document(f"{group.name}, {metric['label'].lower()}", context.t("page_group"))
    said = group_sentence(context, group, metric, rows, whole)
    eyebrow = f"{group.name} · {metric['label']}"
    answer.html(
        f'<div class="pk an"><h1><span class="eyebrow">{escape(eyebrow)}</span><br>'
        f"{escape(said)}</h1></div>"
    )
    if rows:
        with st.popover(context.t("take_with")):
            group_council_buttons(context, group, metric)
    left, right = st.columns([740, 508], gap="large")
    left.html(f'<div class="pk">{drawn.units_forest(context, rows, metric, group, whole)}</div>')
    with right:
        _own_series(context, group, metric)
    st.html(
        f'<div class="pk">'
        f"{drawn.side_by_side(context, rows, metric, courses(context, rows, metric_id))}</div>"
    )
    if told := elsewhere.beside_group(context, group, metric_id):
        st.html(f'<div class="pk">{told}</div>')
    compared.with_others(context, metric)
    if rows:
        with st.expander(context.t("figures_behind")):
            _behind(context, rows, group, metric)
    st.caption(context.t("limits"))


def _own_series(context: Context, group: Group, metric: Row) -> None:
    found = group_series(context, group, metric)
    st.header(context.t("group_monthly", group=plain(group.name)), anchor=False)
    if found is None:
        # hidden, or a group that has no months of its own
        st.info(context.t("no_group_series"))
        return
    drawn = found.figure
    st.markdown(drawn.words)
    taken = Taken(
        f"gruppe-{metric['metric_id']}", f"{group.name}: {metric['label']}", list(drawn.rows[0]),
        drawn.cells,
    )  # fmt: skip
    figure(context, drawn.spec, drawn.alt, drawn.rows, taken)
    words = [context.t("group_months_words")]
    if found.left_out:
        words.append(context.t("group_left_out", n=context.number(found.left_out)))
    st.caption(" ".join(words))


def _behind(context: Context, rows: list[Row], group: Group, metric: Row) -> None:
    table(
        [
            {
                context.t("unit"): row["unit_name"],
                context.t("conclusion"): row["verdict"],
                context.t("in_words"): row["sentence"],
            }
            for row in rows
        ]
    )
    take_along(context, "gruppe", f"{group.name}: {metric['label']}", rows)
