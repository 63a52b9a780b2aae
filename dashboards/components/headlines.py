"""What may be said, in words: conclusion, sentence with its figures, and the next step."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards.components.downloads import table_buttons
from dashboards.components.tables import plain
from dashboards.context import Context

_FIGURES = ("value_before", "value_after", "n_before", "n_after", "estimate", "estimate_lo",
            "estimate_hi")  # fmt: skip


def say(context: Context, rows: Sequence[dict[str, Any]]) -> None:
    """Write the headlines of one unit, the ones most in need of talk first.

    Args:
        context: The frame's message.
        rows: Rows of ``mart_headlines`` in the order wanted, texts in the reader's language.
    """
    metrics = _metrics(context)
    for row in rows:
        name = plain(metrics[row["metric_id"]])
        with st.container(border=True):
            st.markdown(f"**{name}: {plain(row[context.column('headline')])}**")
            # the sentence says what lowers the certainty too
            st.markdown(plain(row[context.column("sentence")] or ""))
            step = row[context.column("next_step")]
            if step:
                st.markdown(f"{context.t('next_step')}: {plain(step)}")


def take_along(
    context: Context, subject: str, title: str, rows: Sequence[dict[str, Any]], unit: str = ""
) -> None:
    """Offer headlines as a file: before, after, the estimate with its interval, and the words.

    Args:
        context: The frame's message.
        subject: What it shows, as the log and the file's name say it.
        title: Heading of the file.
        rows: Rows of ``mart_headlines`` with these columns and ``unit_name``.
        unit: The unit the rows are limited to.
    """
    metrics = _metrics(context)
    headings = (
        context.t("unit"), context.t("metric"), context.t("before"), context.t("after"),
        context.t("n_before"), context.t("n_after"), context.t("change"),
        context.t("interval_low"), context.t("interval_high"), context.t("conclusion"),
        context.t("in_words"),
    )  # fmt: skip
    cells = [
        (
            row["unit_name"],
            metrics[row["metric_id"]],
            *(row[name] for name in _FIGURES),
            row[context.column("headline")],
            row[context.column("sentence")],
        )
        for row in rows
    ]
    table_buttons(context, subject, title, headings, cells, unit=unit)


def _metrics(context: Context) -> dict[str, str]:
    label = context.column("label")
    return {
        row["metric_id"]: row[label] for row in context.rows("dim_metrics", ("metric_id", label))
    }
