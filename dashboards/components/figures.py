"""A chart with the same figures as a table below it, and what to say when nothing is delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards.components.downloads import table_buttons
from dashboards.components.tables import table
from dashboards.context import Context


@dataclass(frozen=True)
class Taken:
    """A chart's figures as a file to take away.

    Attributes:
        subject: What it shows, as the log and the file's name say it.
        title: Heading of the file.
        headings: Of the columns.
        cells: Rows of figures as figures, not as texts.
    """

    subject: str
    title: str
    headings: Sequence[str]
    cells: Sequence[Sequence[Any]]


def figure(
    context: Context,
    spec: dict[str, Any],
    alt: str,
    rows: Sequence[Mapping[str, object]],
    taken: Taken | None = None,
) -> None:
    """Draw a chart and, folded below it, its figures.

    Args:
        context: The frame's message.
        spec: The chart.
        alt: The chart in words.
        rows: The same figures as texts, for the table.
        taken: The same figures for a file; ``None`` where the page offers them elsewhere.
    """
    st.vega_lite_chart(spec, width="stretch", theme=None, alt=alt)
    with st.expander(context.t("figures_behind")):
        table(rows)
        if taken:
            table_buttons(context, taken.subject, taken.title, taken.headings, taken.cells)


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
    st.info(context.t("not_delivered", what=what, contract=contract))
