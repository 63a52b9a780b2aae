"""How a page answers first: the answer as its title, and what follows as lines one can open."""

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboards.components import links
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.link_keys import ALL_OPEN, OPENED


def answered(question: str, answer: str, under: str = "") -> None:
    """Draw the head of a page: what it asks in small, and the answer as its title.

    Args:
        question: What the page asks; the title itself where there is no answer.
        answer: The answer.
        under: What is said of it.
    """
    small = f'<span class="eyebrow">{escape(question)}</span><br>' if answer else ""
    quiet = f'<p class="quiet">{escape(under)}</p>' if under else ""
    st.html(f'<div class="pk an"><h1>{small}{escape(answer or question)}</h1>{quiet}</div>')


def part(
    title: str, said: str, draw: Callable[[], None] | None = None, *, opened_by: str = ""
) -> None:
    """Draw a part of a page as one line, and the rest of it first when the line is opened.

    Args:
        title: What the part is about; one of its kind on the page.
        said: Its answer in a sentence; may be empty. It is part of the line, so what changes with a
            choice on the page does not belong here: the line would be another, and closed.
        draw: Draws the rest; without it the line is all there is.
        opened_by: Key of the address whose choice is made in here: a link that says it shows it.

    A part that is closed is not made, so a page costs what is seen of it.
    """
    line = f"**{plain(title)}** {plain(said)}".strip()
    if draw is None:
        st.markdown(line)
        return
    is_open = _all_are_open() or (bool(opened_by) and links.chosen(opened_by) is not None)
    fold = st.expander(line, expanded=is_open, key=f"part_{title}", on_change="rerun")
    if fold.open:
        with fold:
            draw()


def open_all(context: Context, page: str) -> None:
    """Draw the link that opens every part of a page, to print it or search in it, or closes them.

    Args:
        context: The frame's message.
        page: The page's code in the address.
    """
    words = context.t("close_all") if _all_are_open() else context.t("open_all")
    to = links.address(page, context.language, **{OPENED: "" if _all_are_open() else ALL_OPEN})
    st.html(f'<p class="small pk"><a href="{escape(to)}">{escape(words)}</a></p>')


def _all_are_open() -> bool:
    return links.chosen(OPENED) == ALL_OPEN
