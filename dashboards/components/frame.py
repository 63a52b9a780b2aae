"""The parts of the frame: tools and notice at the top, the login, the foot.

How it looks is in ``pukk.css``.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.access import WHOLE_MUNICIPALITY
from dashboards.components import links
from dashboards.components.document import PRODUCT
from dashboards.components.statement import statement
from dashboards.components.tables import plain
from dashboards.components.told_apart import told_apart
from dashboards.context import Context
from dashboards.marts import description
from dashboards.reports import released_notice
from dashboards.settings import state_folder_for
from dashboards.text.catalogue import t
from pipelines.desk.nights import LATE_AFTER_HOURS, is_late
from pipelines.words.catalogue import DEFAULT_LANGUAGE, languages, text
from pipelines.words.numbers import month


@dataclass(frozen=True)
class Tools:
    """The places of the frame's tools; the language is chosen before the pages are known.

    Attributes:
        find: Where a unit is searched for.
        edition: Where the edition links to what is new.
        language: Where the language is chosen.
    """

    find: DeltaGenerator
    edition: DeltaGenerator
    language: DeltaGenerator


def tools() -> Tools:
    """Return the places of the tools, beside the pages where there is room for them."""
    box = st.container(key="frame_tools", horizontal=True, vertical_alignment="center")
    return Tools(box.container(), box.container(), box.container())


def choose_language(place: DeltaGenerator, first: str) -> str:
    """Draw the language switch and return the code; the address decides, ``first`` without one."""
    names = languages()
    asked = st.query_params.get("lang") or st.session_state.get("chosen_language")
    st.session_state["lang"] = asked if asked in names else first
    # in every language at once: who cannot read the page must find the way out of it
    label = " / ".join(dict.fromkeys(text("language.switch", code) for code in names))
    language: str = place.selectbox(
        label, list(names), format_func=lambda code: names[code], key="lang",
        on_change=lambda: links.write(st.session_state["lang"]), label_visibility="collapsed",
    )  # fmt: skip
    st.session_state["chosen_language"] = language
    return language


def find_unit(place: DeltaGenerator, context: Context) -> str | None:
    """Draw the search for a unit, for who has more than one; return the one just chosen."""
    rows = context.rows("dim_units", ("unit_id", "unit_name"), order_by=("unit_name",))
    if len(rows) > 1:
        names = told_apart({row["unit_id"]: row["unit_name"] for row in rows})
        place.selectbox(
            context.t("find_unit"), list(names), index=None, format_func=names.__getitem__,
            key="find_unit", placeholder=context.t("find_unit_here"), on_change=_found,
            label_visibility="collapsed",
        )  # fmt: skip
    found: str | None = st.session_state.pop("found_unit", None)
    return found


def _found() -> None:
    # a search is over when it has found: the list is empty again on the page it leads to
    st.session_state["found_unit"] = st.session_state["find_unit"]
    st.session_state["find_unit"] = None


def name_edition(place: DeltaGenerator, context: Context) -> None:
    """Say which edition is shown, as the way to what is new in it."""
    number = description(context.generation).get("generation", "")
    if not context.has("mart_changes"):
        place.html(f'<p class="pk-edition">{escape(context.t("edition", number=number))}</p>')
        return
    to = escape(links.address("nytt", context.language))
    words = escape(context.t("edition_news", number=number))
    place.html(f'<p class="pk-edition"><a href="{to}">{words}</a></p>')


def say_whose_figures(context: Context) -> None:
    """Say on one line what the figures are not; and what is amiss with the edition or the link."""
    name, notice = "name", context.column("notice")
    (who,) = context.rows("mart_municipality", (name, notice))
    # a text in the style sheet's sense: what could end it is written as codes
    brand = json.dumps(f"{PRODUCT} · {who[name]}", ensure_ascii=False).replace("<", "\\3c ")
    st.html(f"<style>:root {{ --brand: {brand}; }}</style>")
    said = [who[notice] or "", context.t("local") if context.viewer.is_local else ""]
    with st.container(key="frame_notice"):
        st.html(f"<p>{escape(' '.join(text for text in said if text))}</p>")
    number = str(description(context.generation).get("generation", ""))
    if made_for := links.edition_of_link(number):
        st.info(context.t("link_of_other_edition", number=plain(made_for)))
    if context.viewer.role in WHOLE_MUNICIPALITY and _is_night_late(context):
        st.warning(context.t("night_late", hours=context.number(LATE_AFTER_HOURS)))
    if released := released_notice.notice(context):
        st.warning(plain(released))
    if context.caution:
        st.warning(plain(context.caution.text(context.language)))


def _is_night_late(context: Context) -> bool:
    # asked here too, for what is to miss a night must not be stopped by what stopped it
    try:
        return is_late(state_folder_for(context.generation), datetime.now(UTC))
    except (sqlite3.Error, OSError, ValueError):
        return False


def say_where_it_comes_from(context: Context) -> None:
    """Close the page: until when, what is hidden, who is reading, and the way out."""
    (who,) = context.rows("mart_municipality", ("name", "last_month"))
    published = description(context.generation).get("published_at")
    day = context.day(datetime.fromisoformat(published)) if published else ""
    until = month(who["last_month"], context.language)
    about = links.address("omtallene", context.language)
    st.html(
        f'<footer class="pk-foot"><span>{escape(who["name"])}</span>'
        f"<span>{escape(context.t('figures_until', month=until, day=day))}</span>"
        f"<span>{escape(context.t('hidden'))}</span>"
        f'<a href="{escape(about)}">{escape(context.t("about_link"))}</a></footer>'
    )
    if not context.viewer.is_local:
        st.caption(context.t("signed_in", subject=plain(context.viewer.subject)))
        st.button(context.t("log_out"), on_click=st.logout)


def say_nothing_is_shown(language: str, *, is_damaged: bool) -> None:
    """Say that there is nothing yet, or nothing whole any more, and the way out."""
    if is_damaged:
        st.title(t("damaged_title", language), anchor=False)
        st.warning(t("damaged_body", language))
        st.markdown(t("damaged_way_out", language))
        return
    st.title(t("empty_title", language), anchor=False)
    st.warning(t("empty_body", language))
    st.markdown(t("empty_way_out", language))


def say_edition_is_older(language: str) -> None:
    """Say that the edition does not tell whose its rows are, so that a limited reader gets none."""
    st.title(t("older_edition_title", language), anchor=False)
    st.warning(t("older_edition_body", language))
    st.markdown(t("older_edition_way_out", language))


def ask_for_login(language: str, generation: str | None, *, is_known: bool) -> None:
    """Ask for login, or say that the one who is logged in has no access here.

    Args:
        language: ``nb`` or ``en``.
        generation: The published file; only what everyone may see is read from it.
        is_known: Whether somebody is logged in.
    """
    st.title(t("login_title", language), anchor=False)
    if is_known:
        st.warning(t("no_access", language))
        st.button(t("log_out", language), on_click=st.logout)
    else:
        st.markdown(t("login_body", language))
        st.button(t("log_in", language), on_click=st.login, type="primary")
    # the statement is for everyone, also those who are not let in
    with st.expander(t("access_link", language)):
        statement(language, generation)


def say_something_went_wrong(reference: str) -> None:
    """Say that the page failed, with a reference to the log and nothing about the inside."""
    language = st.session_state.get("lang", DEFAULT_LANGUAGE)
    st.error(t("went_wrong", language, reference=reference))
