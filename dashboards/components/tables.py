"""Tables a screen reader can read: texts in a real table, never a canvas.

A cell is text. What comes from data is shown as it stands, so nothing in it can become a link, a
picture or a heading; only :class:`Drawn` cells are passed on as Markdown.
"""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import streamlit as st

_FINGERPRINT = re.compile(r"[0-9a-f]{40,}")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:^&-])")
_NUMBERED = re.compile(r"^(\d+)\.")


class Drawn(str):
    """A cell made by our own code (a picture, a link): shown as Markdown."""

    __slots__ = ()


def plain(text: object) -> str:
    """Return a text that Markdown shows as it stands, a fingerprint as code that may be broken."""
    shown = str(text)
    if _FINGERPRINT.fullmatch(shown):
        return f"`{shown}`"
    # four spaces in front would make it code, and a number with a point a list
    return _NUMBERED.sub(r"\1\\.", _MARKDOWN.sub(r"\\\1", shown.lstrip()))


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


def filled(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the rows without the columns nobody has delivered anything for; the first stays.

    Args:
        rows: At least one, the same headings in every row.
    """
    first, *others = rows[0]
    kept = [first, *(heading for heading in others if any(row[heading] for row in rows))]
    return [{heading: row[heading] for heading in kept} for row in rows]
