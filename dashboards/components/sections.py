"""Parts of a report drawn on a page: the page and the paper say the same."""

import streamlit as st

from dashboards.components.tables import plain, table
from dashboards.reports.pdf import Section


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
            with st.expander(f"{plain(each.caption)} ({len(rows)})"):
                table(rows)
            continue
        st.markdown(f"**{plain(each.caption)}**")
        table(rows)
