"""Tables a screen reader can read: texts in a real table, never a canvas.

A cell is text. What comes from data is shown as it stands, so nothing in it can become a link, a
picture or a heading; only :class:`Drawn` cells are passed on as Markdown.
"""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:^-])")


class Drawn(str):
    """A cell made by our own code (a picture, a link): shown as Markdown."""

    __slots__ = ()


def plain(text: object) -> str:
    """Return a text that Markdown shows as it stands."""
    return _MARKDOWN.sub(r"\\\1", str(text))


def table(rows: Sequence[Mapping[str, object]]) -> None:
    """Draw rows as a table, first column as the row's name.

    Args:
        rows: Column heading to cell; the same headings in every row.
    """
    cells = {
        heading: [
            row[heading] if isinstance(row[heading], Drawn) else plain(row[heading]) for row in rows
        ]
        for heading in rows[0]
    }
    # as Arrow already, or Streamlit makes a pandas frame of it first, at ten times the cost
    st.table(pa.table(cells), hide_index=True)
