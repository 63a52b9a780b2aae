"""Who is reading, and where what they do is written down, as the desk wants it.

The log itself is in ``desk``; who may see what is in ``dashboards.access``.
"""

import logging
import os
import sqlite3
from pathlib import Path

import streamlit as st

from dashboards.components import links
from dashboards.context import Context
from pipelines.desk.logged import Reader, log_seen

_LOG = logging.getLogger(__name__)


def state_folder(context: Context) -> Path:
    """Return the municipality's state folder: ``PUKK_STATE``, or the one beside ``published``."""
    given = os.environ.get("PUKK_STATE")
    return Path(given) if given else Path(context.generation).parent.parent / "state"


def reader(context: Context) -> Reader:
    """Return the reader as the log names them; in local mode there is no name to give."""
    return Reader(context.viewer.subject or context.viewer.role.value, context.viewer.role.value)


def note_page(context: Context, page: str) -> None:
    """Log that a page was opened; a rerun of the same page for the same unit is not a new view.

    Args:
        context: The frame's message.
        page: The page's code.
    """
    unit = links.chosen("enhet") or ""
    if st.session_state.get("noted_page") == (page, unit):
        return
    try:
        log_seen(state_folder(context), reader(context), Path(context.generation), page, unit)
    except (sqlite3.Error, OSError):
        # what is only looked at is shown all the same; nothing leaves without an entry
        _LOG.exception("A page view could not be logged")
        return
    st.session_state["noted_page"] = (page, unit)
