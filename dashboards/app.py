"""The frame of every page: language, who is reading, whose figures, which generation.

Run by ``dashboards/asgi.py``. A page is drawn by its view; this file decides only which page, for
whom, and says what must be said on all of them.
"""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from dashboards.access import LOCAL_VIEWER, Viewer, viewer_for
from dashboards.components import frame, links
from dashboards.components.document import PRODUCT, name_document
from dashboards.components.downloads import report_buttons
from dashboards.components.nearest import offer_nearest
from dashboards.components.reader import access_table, note_login, note_page, note_refused
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.link_keys import LANGUAGE
from dashboards.marts import current_standing, file_of, first_language, states_scope
from dashboards.pages import PAGES, Page, first_page
from dashboards.provider import Provider, login_settings
from dashboards.settings import login_file, published_folder
from dashboards.text.catalogue import t
from pipelines.desk.generations import has_remains
from pipelines.desk.standing_words import words_about

if TYPE_CHECKING:
    from streamlit.navigation.page import Page as StreamlitPage

ROOT = ""
"""The address of the page a reader starts on."""


def main() -> None:
    """Draw the frame and the page inside it."""
    st.set_page_config(page_title=PRODUCT, page_icon="📈", layout="wide")
    # the titles of the pages are read when st.Page is made, so the language comes first
    links.take_address()
    tools = frame.tools()
    language = frame.choose_language(tools.language, first_language())
    claims = _claims()
    viewer = _viewer(claims)
    now = current_standing()
    file = file_of(now) if now else None
    if claims and file is not None:
        note_login(viewer, claims, str(file))
    if viewer is None:
        frame.ask_for_login(language, str(file) if file else None, is_known=bool(claims))
        return
    if now is None or file is None:
        folder = published_folder() or Path()
        frame.say_nothing_is_shown(language, is_damaged=has_remains(folder))
        return
    if not (viewer.scope.is_everything or states_scope(str(file))):
        frame.say_edition_is_older(language)
        return
    context = Context(str(file), language, viewer, words_about(now))
    allowed = [page for page in PAGES if viewer.role in page.roles]
    first = _first(context, allowed)
    found = frame.find_unit(tools.find, context)
    pages = _pages(context, allowed, first)
    chosen = st.navigation(list(pages.values()), position="top")
    if found is not None:
        links.choose("enhet", found)
        st.switch_page(pages["enhet"], query_params={"enhet": found, LANGUAGE: language})
    frame.name_edition(tools.edition, context)
    frame.say_whose_figures(context)
    _say_page_is_unknown(context, allowed)
    chosen.run()
    report_buttons(context)
    frame.say_where_it_comes_from(context)
    # so that the address can be sent to someone
    links.write(language)


def _first(context: Context, allowed: list[Page]) -> Page:
    code = first_page(context.viewer.scope, len(context.rows("dim_units", ("unit_id",))))
    return next(page for page in allowed if page.code == code)


def _pages(context: Context, allowed: list[Page], first: Page) -> "dict[str, StreamlitPage]":
    """Every page by its code, and the one at the root, which is the first under another address."""

    def made(page: Page, *, is_root: bool, is_seen: bool) -> "StreamlitPage":
        return st.Page(
            partial(_open, context, page, first),
            title=t(page.title_key, context.language),
            # Streamlit wants a path of its own also for what lies at the root
            url_path="start" if is_root else page.code,
            default=is_root,
            # for others it does not exist, and its address says so in our words
            visibility="visible" if is_seen and page in allowed else "hidden",
        )

    # the menu marks the address the reader came by: only that one of the two is seen in it
    is_by_name = urlsplit(st.context.url or "").path.strip("/") == first.code
    found = {}
    for page in PAGES:
        if page is first:
            found[ROOT] = made(page, is_root=True, is_seen=not is_by_name)
        is_seen = page.is_in_menu and (page is not first or is_by_name)
        found[page.code] = made(page, is_root=False, is_seen=is_seen)
    return found


def _claims() -> dict[str, object]:
    # empty without a login
    if not login_file() or not st.user.get("is_logged_in", False):
        return {}
    return {str(key): value for key, value in st.user.to_dict().items()}


def _viewer(claims: dict[str, object]) -> Viewer | None:
    # asked at every rerun: a line taken out of the access table counts at once
    if not login_file():
        return LOCAL_VIEWER
    return viewer_for(claims, access_table(), datetime.now(UTC), _provider()) if claims else None


@st.cache_resource
def _provider() -> Provider:
    # as the server started with it: another provider takes a new start
    return Provider.of(login_settings(login_file())["auth"])


def _open(context: Context, page: Page, first: Page) -> None:
    # a page the reader may not open does not exist for them: they land on the first one
    shown = page
    if context.viewer.role not in page.roles:
        st.warning(context.t("page_not_found"))
        note_refused(context, page.code)
        shown = first
    note_page(context, shown.code)
    name_document(context.t(shown.title_key))
    shown.show(context)


def _say_page_is_unknown(context: Context, allowed: list[Page]) -> None:
    asked = links.unknown_page()
    if asked is None:
        return
    st.warning(context.t("page_unknown", page=plain(asked)))
    titles = {page.code: context.t(page.title_key) for page in allowed}
    offer_nearest(context, asked, titles, lambda code: links.address(code, context.language))


main()
