"""Parts of a report drawn on a page: the page and the paper say the same."""

import streamlit as st

from dashboards.components.tables import plain, table
from dashboards.reports.pdf import Section

_LONG = 200
"""Rows from which a folded table is drawn when it is opened: a browser lays out cell by cell."""


def draw(section: Section, *, folded: int | None = None) -> None:
    """Draw a part under its heading: paragraphs, then tables.

    Args:
        section: What to draw.
        folded: Rows from which a table is folded away under its caption; ``None`` folds nothing.
    """
    st.header(plain(section.heading), anchor=False)
    for paragraph in section.paragraphs:
        st.markdown(plain(paragraph))
    for each in section.tables:
        rows = [dict(zip(each.head, row, strict=True)) for row in each.rows]
        if folded is not None and len(rows) > folded:
            title = f"{plain(each.caption)} ({len(rows)})"
            fold = st.expander(title, on_change="rerun" if len(rows) > _LONG else "ignore")
            # None: nobody asks whether it is open, and it holds its rows at once
            if fold.open is not False:
                with fold:
                    table(rows)
            continue
        st.markdown(f"**{plain(each.caption)}**")
        table(rows)
