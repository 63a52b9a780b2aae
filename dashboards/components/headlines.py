"""What may be said, in words: conclusion, sentence with its figures, and the next step."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards.charts.icons import verdict_icon
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import plain
from dashboards.context import Context
from pipelines.words.verdict_class import COMPARED

_FIGURES = ("value_before", "value_after", "change", "n_before", "n_after")
_ESTIMATE = ("estimate", "estimate_lo", "estimate_hi")


def say(context: Context, rows: Sequence[dict[str, Any]]) -> None:
    """Write the headlines of one unit, the ones most in need of talk first.

    Args:
        context: The frame's message.
        rows: From :func:`dashboards.reports.told.headlines`, in the order wanted.
    """
    metrics = _metrics(context)
    for row in rows:
        name = plain(metrics[row["metric_id"]])
        with st.container(border=True):
            icon = verdict_icon(row["verdict_class"], is_filled=row["basis"] == COMPARED)
            st.markdown(f"{icon} **{name}: {plain(row['verdict'])}**")
            # the sentence says what lowers the certainty too
            st.markdown(plain(row["sentence"]))
            step = row[context.column("next_step")]
            if step:
                st.markdown(f"{context.t('next_step')}: {plain(step)}")


def take_along(
    context: Context, subject: str, title: str, rows: Sequence[dict[str, Any]], unit: str = ""
) -> None:
    """Offer headlines as a file: before, after, change, what the comparison gave, and the words.

    Args:
        context: The frame's message.
        subject: What it shows, as the log and the file's name say it.
        title: Heading of the file.
        rows: From :func:`dashboards.reports.told.headlines`, with these columns and ``unit_name``.
        unit: The unit the rows are limited to.
    """
    metrics = _metrics(context)
    headings = (
        context.t("unit"), context.t("metric"), context.t("before"), context.t("after"),
        context.t("change"), context.t("n_before"), context.t("n_after"),
        context.t("estimate_alone"), context.t("interval_low"), context.t("interval_high"),
        context.t("conclusion"), context.t("in_words"),
    )  # fmt: skip
    cells = [
        (
            row["unit_name"],
            metrics[row["metric_id"]],
            *(row[name] for name in _FIGURES),
            *(row[name] if row["basis"] == COMPARED else None for name in _ESTIMATE),
            row["verdict"],
            row["sentence"],
        )
        for row in rows
    ]
    table_buttons(context, Taken(subject, title, headings, cells, unit=unit))


def _metrics(context: Context) -> dict[str, str]:
    label = context.column("label")
    return {
        row["metric_id"]: row[label] for row in context.rows("dim_metrics", ("metric_id", label))
    }
