"""How far has Lean come, and what needs talk? All the reader's units."""

import streamlit as st

from dashboards.components import talk
from dashboards.components.choices import pick_or_all
from dashboards.components.counts import counts
from dashboards.components.downloads import table_buttons
from dashboards.components.figures import Taken, figure
from dashboards.components.tables import plain, table
from dashboards.components.together import together
from dashboards.context import Context
from dashboards.reports.whole import verdicts

_ROWS = 20


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("overview_title"), anchor=False)
    together(context)
    _how_far(context)
    _what_may_be_said(context)
    _what_needs_talk(context)


def _how_far(context: Context) -> None:
    columns = ("as_of_date", "units_total", "units_trained", "units_in_progress",
               "units_not_started")  # fmt: skip
    rows = context.rows("mart_adoption", columns, order_by=("as_of_date",), is_month_end=True)
    if not rows:
        return
    now = rows[-1]
    is_all = context.viewer.scope.is_everything
    st.header(context.t("how_far") if is_all else context.t("how_far_all"), anchor=False)
    figures = (
        ("units_trained", context.t("in_operation")),
        ("units_in_progress", context.t("in_progress")),
        ("units_not_started", context.t("not_yet_started")),
        ("units_total", context.t("units_in_all")),
    )
    for column, (name, words) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(words, context.number(now[name]))
    st.caption(context.t("as_of", day=context.day(now["as_of_date"])))


def _what_may_be_said(context: Context) -> None:
    row = counts(context)
    if row is None:
        return
    st.header(context.t("what_may_be_said"), anchor=False)
    if not context.viewer.scope.is_everything:
        st.caption(context.t("own_units_only"))
    words = context.t(
        "counts_words",
        series=context.number(row["n_series"]),
        compared=context.number(row["n_by_comparison"]),
        alone=context.number(row["n_by_chart"]),
    )
    st.markdown(words)
    st.markdown(f"**{plain(row['chance'])}**")
    drawn = verdicts(context)
    if drawn is None:
        return
    title = context.t("what_may_be_said")
    taken = Taken("konklusjoner-antall", title, list(drawn.rows[0]), drawn.cells)
    figure(context, drawn.spec, drawn.alt, drawn.rows, taken)


def _what_needs_talk(context: Context) -> None:
    st.header(context.t("needs_talk"), anchor=False)
    lines = talk.lines(context)
    if not lines:
        st.info(context.t("nothing_started"))
        return
    sectors = sorted({line.sector for line in lines if line.sector})
    sector = pick_or_all(
        context, "sektor", context.t("sector"), {name: name for name in sectors},
        context.t("all_sectors"),
    )  # fmt: skip
    lines = [line for line in lines if sector in (None, line.sector)]
    st.markdown(
        context.t(
            "needs_talk_words",
            shown=min(_ROWS, len(lines)),
            all=context.number(len(lines)),
        )
    )
    # a picture per line takes its time: the rest is drawn only when asked for
    is_all = len(lines) > _ROWS and st.toggle(context.t("all_rows", n=context.number(len(lines))))
    table(talk.cells(context, lines if is_all else lines[:_ROWS]))
    table_buttons(
        context,
        "oversikt",
        context.t("needs_talk"),
        talk.headings(context),
        [talk.figures(line) for line in lines],
    )
