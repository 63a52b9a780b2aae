"""A metric beside what KOSTRA groups or other municipalities have, where somebody has said it.

The figures of others are facts of the municipality's own file, each with its year and the
definition it is by; they stand beside and never in one line with the municipality's own.
"""

from typing import Any

import streamlit as st

from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.group import ALL, Group
from dashboards.reports.group_series import group_series
from pipelines.words.numbers import MISSING, quantity

Row = dict[str, Any]
_COLUMNS = ("metric_id", "compared_with")


def with_others(context: Context, metric: Row) -> None:
    """Draw the figures of others beside the municipality's own of the same year.

    Args:
        context: The frame's message.
        metric: The catalogue's row.
    """
    st.header(context.t("with_others"), anchor=False)
    rows = _facts(context, metric["metric_id"])
    if not rows:
        st.info(context.t("no_others", metric=plain(metric["label"])))
        return
    own = _own_years(context, metric)

    def said(value: float | None) -> str:
        return quantity(value, metric["decimals"], metric["unit"], context.language) or MISSING

    table(
        [
            {
                context.t("year"): str(row["as_of"].year),
                context.t("whose"): row["compared_with"],
                context.t("their_figure"): said(row["value"]),
                context.t("municipalitys_figure"): said(own.get(row["as_of"].year)),
                context.t("their_definition"): row["source_note"],
            }
            for row in rows
        ]
    )
    st.caption(context.t("with_others_words"))


def _facts(context: Context, metric_id: str) -> list[Row]:
    if context.present("mart_facts", _COLUMNS) != _COLUMNS:
        # an edition from before others' figures could be said
        return []
    columns = ("as_of", "value", "source_note", "compared_with")
    order = ("as_of", "compared_with")
    return context.rows("mart_facts", columns, order_by=order, metric_id=metric_id)


def _own_years(context: Context, metric: Row) -> dict[int, float]:
    months = group_series(
        context, Group(ALL, "", frozenset(), level=("municipality", "all")), metric
    )
    if months is not None:
        return dict(months.years)
    if not context.has("mart_metric_years"):
        return {}
    rows = context.rows(
        "mart_metric_years", ("year", "value"), level="municipality", group_id="all",
        metric_id=metric["metric_id"],
    )  # fmt: skip
    return {row["year"]: row["value"] for row in rows if row["value"] is not None}
