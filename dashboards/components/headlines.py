"""What may be said, in words: conclusion, sentence with its figures, and the next step."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboards.components.tables import plain
from dashboards.context import Context


def say(context: Context, rows: Sequence[dict[str, Any]]) -> None:
    """Write the headlines of one unit, the ones most in need of talk first.

    Args:
        context: The frame's message.
        rows: Rows of ``mart_headlines`` in the order wanted, texts in the reader's language.
    """
    metrics = {
        row["metric_id"]: row[context.column("label")]
        for row in context.rows("dim_metrics", ("metric_id", context.column("label")))
    }
    for row in rows:
        name = plain(metrics[row["metric_id"]])
        with st.container(border=True):
            st.markdown(f"**{name}: {plain(row[context.column('headline')])}**")
            # the sentence says what lowers the certainty too
            st.markdown(plain(row[context.column("sentence")] or ""))
            step = row[context.column("next_step")]
            if step:
                st.markdown(f"{context.t('next_step')}: {plain(step)}")
