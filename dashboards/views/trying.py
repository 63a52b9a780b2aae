"""Try files before they are delivered: what is read, what falls out, and why. Nothing is kept."""

import sqlite3
from collections.abc import Sequence

import streamlit as st

from dashboards.components.reader import check_access, reader, state_folder
from dashboards.components.sections import draw
from dashboards.context import Context
from dashboards.reports.tried import tried_section
from dashboards.settings import inbox_for, municipality_folder
from pipelines.desk.trying import MAX_FILES, MAX_MB, TIMEOUT_S, Tried, try_logged

_FOLDED = 30


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_try"), anchor=False)
    limits = {
        "files": context.number(MAX_FILES),
        "mb": context.number(MAX_MB),
        "seconds": context.number(TIMEOUT_S),
    }
    st.markdown(context.t("try_about", **limits))
    if municipality_folder() is None:
        st.info(context.t("try_not_set_up"))
        return
    with st.form("try", clear_on_submit=True):
        given = st.file_uploader(
            context.t("try_files"), accept_multiple_files=True, max_upload_size=MAX_MB
        )
        feed = st.text_input(context.t("try_feed"))
        is_asked = st.form_submit_button(context.t("try_now"), type="primary")
    if is_asked and given:
        with st.spinner(context.t("try_reading")):
            show_tried(context, [(each.name, each.getvalue()) for each in given], feed.strip())


def show_tried(context: Context, files: Sequence[tuple[str, bytes]], feed: str = "") -> None:
    """Try files and draw what would become of them.

    Args:
        context: The frame's message.
        files: Names and contents, in memory alone.
        feed: Read every file by this feed; empty for the one its name says.

    Raises:
        PermissionError: The reader's line in the access table is gone or changed.
    """
    folder = municipality_folder()
    if folder is None:
        return
    check_access(context)
    try:
        tried = try_logged(
            state_folder(context),
            reader(context),
            folder,
            inbox_for(context.generation),
            files,
            feed or None,
        )
    except (sqlite3.Error, OSError):
        st.error(context.t("try_not_logged"))
        return
    if tried.code != "ok":
        st.error(_refused(context, tried))
        if tried.said:
            st.text(tried.said)
        return
    for trial in tried.trials:
        draw(tried_section(context, trial), folded=_FOLDED)


def _refused(context: Context, tried: Tried) -> str:
    return {
        "too_many": context.t("try_too_many", files=context.number(MAX_FILES)),
        "too_large": context.t("try_too_large", mb=context.number(MAX_MB)),
        "stopped": context.t("try_stopped"),
        "refused": context.t("try_set_up_refused"),
    }[tried.code]
