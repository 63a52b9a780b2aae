"""The reader's kept questions on the page: keep, rename, share, delete, and undo.

Where they are kept is ``pipelines.desk.saved_queries``.
"""

import streamlit as st

from dashboards.components.reader import reader, state_folder
from dashboards.context import Context
from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.saved_queries import SavedQuery, delete, rename, restore, save, visible_to

_DELETED = "deleted_query"


def kept(context: Context) -> list[SavedQuery]:
    """Return the questions the reader may pick: their own and the shared."""
    return visible_to(state_folder(context), reader(context).actor)


def keep_form(context: Context, sql: str) -> None:
    """Draw the form that keeps the question as it stands."""
    with st.form("keep_query", clear_on_submit=True, border=False):
        title = st.text_input(context.t("ask_title"), max_chars=120)
        is_shared = st.checkbox(context.t("ask_share"))
        if not st.form_submit_button(context.t("ask_keep")):
            return
    try:
        save(state_folder(context), reader(context).actor, title, sql, is_shared=is_shared)
    except PersonalTextError:
        st.warning(context.t("ask_keep_personal"))
        return
    except ValueError:
        st.warning(context.t("ask_keep_what"))
        return
    st.toast(context.t("ask_kept"))
    st.rerun()


def manage(context: Context) -> None:
    """Draw the reader's own questions, each with rename, share and delete."""
    me, state = reader(context).actor, state_folder(context)
    deleted: SavedQuery | None = st.session_state.get(_DELETED)
    if deleted is not None:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.info(context.t("ask_deleted", title=deleted.title))
        if right.button(context.t("undo")):
            restore(state, me, deleted.query_id)
            del st.session_state[_DELETED]
            st.rerun()
    mine = [query for query in kept(context) if query.owner == me]
    if not mine:
        st.caption(context.t("ask_none_kept"))
    for query in mine:
        key = f"query_{query.query_id}"
        columns = st.columns([5, 2, 1.3, 1.3], vertical_alignment="bottom")
        title = columns[0].text_input(context.t("ask_title"), query.title, 120, key=f"{key}_title")
        is_shared = columns[1].checkbox(
            context.t("ask_share"), query.is_shared, key=f"{key}_shared"
        )
        if columns[2].button(context.t("ask_change"), key=f"{key}_change") and title.strip():
            _rename(context, query, title, is_shared=is_shared)
        if columns[3].button(context.t("ask_delete"), key=f"{key}_delete"):
            delete(state, me, query.query_id)
            st.session_state[_DELETED] = query
            st.rerun()


def _rename(context: Context, query: SavedQuery, title: str, *, is_shared: bool) -> None:
    try:
        rename(state_folder(context), query.owner, query.query_id, title, is_shared=is_shared)
    except PersonalTextError:
        st.warning(context.t("ask_keep_personal"))
        return
    st.rerun()
