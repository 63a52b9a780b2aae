"""A chart with the same figures as a table below it, and what to say when nothing is delivered."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboards.charts.export import titled
from dashboards.components.downloads import Taken, picture_buttons, table_buttons
from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.words.numbers import month


def figure(
    context: Context,
    spec: dict[str, Any],
    alt: str,
    rows: Sequence[Mapping[str, object]],
    taken: Taken,
) -> None:
    """Draw a chart and, folded below it, its figures and the buttons that hand it over.

    Args:
        context: The frame's message.
        spec: The chart.
        alt: The chart in words.
        rows: The same figures as texts, for the table.
        taken: What the files are called, and the figures in them.
    """
    st.vega_lite_chart(spec, width="stretch", theme=None, alt=alt)
    with st.expander(context.t("figures_behind")):
        table(rows)
        if taken.cells:
            table_buttons(context, taken)
        (who,) = context.rows("mart_municipality", ("name", "last_month"))
        until = month(who["last_month"], context.language)
        whose = context.t("report_subtitle", name=who["name"], month=until)
        picture_buttons(context, titled(spec, taken.title, whose), taken.subject, taken.unit)


def folded(context: Context, rows: Sequence[Mapping[str, object]], shown: int) -> None:
    """Draw the first rows of a table, and the rest where one can open it.

    Args:
        context: The frame's message.
        rows: The rows, the most important first.
        shown: How many to show at once.
    """
    table(rows[:shown])
    if len(rows) > shown:
        with st.expander(context.t("all_rows", n=len(rows))):
            table(rows[shown:])


def not_delivered(context: Context, what: str, contract: str) -> None:
    """Say that something is not delivered, and the way out.

    Args:
        context: The frame's message.
        what: What is missing, as the page calls it.
        contract: Name of the contract it would come with.
    """
    st.info(context.t("not_delivered", what=plain(what), contract=plain(contract)))
