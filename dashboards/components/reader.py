"""Who is reading, and where what they do is written down, as the desk wants it.

The log itself is in ``desk``; who may see what is in ``dashboards.access``.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from dashboards.access import Viewer, still_has
from dashboards.components import links
from dashboards.context import Context
from dashboards.identity import name_in_log
from dashboards.settings import access_file, state_folder_for
from pipelines.desk.events import log_configuration
from pipelines.desk.logged import Reader, log_login, log_refused, log_seen

_LOG = logging.getLogger(__name__)
_LONGEST_CODE = 60


def state_folder(context: Context) -> Path:
    """Return the municipality's state folder: ``PUKK_STATE``, or the one beside ``published``."""
    return state_folder_for(context.generation)


def access_table() -> Path | None:
    """Return the access table; ``None`` when none is set up."""
    return access_file()


def check_access(context: Context) -> None:
    """Check the reader's line once more, just before a file is made for them.

    Raises:
        PermissionError: The line is gone or changed since the page was drawn; it is in the log.
    """
    if still_has(context.viewer, access_table(), datetime.now(UTC)):
        return
    log_refused(state_folder(context), reader(context), "download")
    raise PermissionError("the reader's line in the access table is gone or changed")


def note_login(viewer: Viewer | None, claims: Mapping[str, object], generation: str) -> None:
    """Log a login once, whoever it lets in; and one that gives access to nothing, as refused.

    Args:
        viewer: Who it is; ``None`` when they may see nothing.
        claims: The identity token's claims.
        generation: The published file, which tells where the log is.
    """
    login = (str(claims.get("sub", "")), str(claims.get("iat", "")), viewer is not None)
    if login in _noted_logins():
        return
    state = state_folder_for(generation)
    try:
        _note_access_table(state)
        if viewer is None:
            log_refused(state, Reader(name_in_log(claims), ""), "login")
        else:
            log_login(state, Reader(viewer.subject, viewer.role.value))
    except (sqlite3.Error, OSError):
        _LOG.exception("A login could not be logged")
        return
    _noted_logins().add(login)


def _note_access_table(state: Path) -> None:
    # who may see what is set-up too; whoever changed the file is the file's to tell
    table = access_table()
    if table is not None and table.is_file():
        sha256 = hashlib.sha256(table.read_bytes()).hexdigest()
        log_configuration(state, "access", sha256)


def note_refused(context: Context, subject: str, unit: str = "") -> None:
    """Log that the reader asked for a page or a unit that is not theirs, once per session.

    Args:
        context: The frame's message.
        subject: The page.
        unit: The unit as the address has it.
    """
    noted = st.session_state.setdefault("noted_refusals", set())
    asked = (subject, unit[:_LONGEST_CODE])
    if asked in noted:
        return
    try:
        log_refused(state_folder(context), reader(context), *asked)
    except (sqlite3.Error, OSError):
        _LOG.exception("A refusal could not be logged")
        return
    noted.add(asked)


@st.cache_resource
def _noted_logins() -> set[tuple[str, str, bool]]:
    return set()


def reader(context: Context) -> Reader:
    """Return the reader as the log names them; in local mode there is no name to give."""
    viewer = context.viewer
    return Reader(
        viewer.subject or viewer.role.value,
        viewer.role.value,
        is_limited=not viewer.scope.is_everything,
    )


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
