"""Tables a screen reader can read: texts in a real table, never a canvas.

A cell is text. What comes from data is shown as it stands, so nothing in it can become a link, a
picture or a heading; only :class:`Drawn` cells are passed on as Markdown. A column of figures is
set to the right, so that ones stand under ones.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa
import streamlit as st

from pipelines.words.catalogue import all_texts, codes
from pipelines.words.numbers import HIDDEN, MISSING, NO_BREAK

_FINGERPRINT = re.compile(r"[0-9a-f]{40,}")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:^&-])")
_NUMBERED = re.compile(r"^(\d+)\.")
_NUMBER = r"[<±+\u2212-]?\d+(?:[\u00a0\u202f,]\d{3})*(?:[.,]\d+)?"
_YEAR = re.compile(r"(19|20)\d\d")
_SIGNS = frozenset(("", HIDDEN, MISSING))


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
    cells = {}
    for n, heading in enumerate(rows[0]):
        column = [row[heading] for row in rows]
        # the sheet of styles sets a column to the right whose heading is emphasized: Streamlit's
        # table knows columns of numbers alone, and ours are texts in the reader's language
        is_right = n > 0 and bool(heading) and are_figures(column)
        cells[f"*{plain(heading)}*" if is_right else heading] = [
            cell if isinstance(cell, Drawn) else plain(cell) for cell in column
        ]
    # as Arrow already, or Streamlit makes a pandas frame of it first, at ten times the cost
    st.table(pa.table(cells), hide_index=True, border="horizontal", width="content")


def are_figures(column: Sequence[object]) -> bool:
    """Return whether a column holds figures, with or without unit or interval, and nothing else.

    Args:
        column: The cells as shown. Years and days are names, not figures.
    """
    told = [str(cell) for cell in column if not isinstance(cell, Drawn)]
    if len(told) < len(column):
        return False
    known = [cell for cell in told if cell.strip() not in _SIGNS]
    return bool(known) and all(_figure().fullmatch(cell) for cell in known) and not all(
        _YEAR.fullmatch(cell) for cell in known
    )  # fmt: skip


@cache
def _figure() -> re.Pattern[str]:
    # a number, its unit of measure, and an interval in brackets after it or alone
    words = {
        word.strip()
        for code in codes()
        for key, word in all_texts(code).items()
        if key.startswith("unit.")
    }
    units = "|".join(re.sub(r"\\?\s", r"\\s", re.escape(word)) for word in sorted(words - {""}))
    ends = rf"{_NUMBER}[ {NO_BREAK}](?:…|til|to)[ {NO_BREAK}]{_NUMBER}"
    return re.compile(rf"(?:{_NUMBER}(?:\s?(?:{units}))?(?:\s\({ends}\))?|{ends})")


def filled(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the rows without the columns nobody has delivered anything for; the first stays.

    Args:
        rows: At least one, the same headings in every row.
    """
    first, *others = rows[0]
    kept = [first, *(heading for heading in others if any(row[heading] for row in rows))]
    return [{heading: row[heading] for heading in kept} for row in rows]
