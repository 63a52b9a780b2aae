"""Parts of a report drawn on a page: the page and the paper say the same."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards.components.folds import part
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
    _inside(section, section.paragraphs, folded)


def draw_folded(
    section: Section, *, folded: int, and_then: Callable[[], None] | None = None
) -> None:
    """Draw a part as a line with its heading, and all of it when it is opened.

    Args:
        section: What to draw.
        folded: Rows from which a table in it is folded away under its own caption.
        and_then: Draws what belongs under it.
    """

    def draw_rest() -> None:
        _inside(section, section.paragraphs, folded)
        if and_then is not None:
            and_then()

    # its words change with what is chosen above, and a line with other words is another, and closed
    part(section.heading, "", draw_rest)


def _inside(section: Section, paragraphs: Sequence[str], folded: int | None = None) -> None:
    for paragraph in paragraphs:
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
