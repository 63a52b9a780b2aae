"""The parts of the frame: the bar at the top, the notices, the login, the foot."""

from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import links
from dashboards.components.statement import statement
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.marts import description
from dashboards.text.catalogue import t
from pipelines.words.catalogue import DEFAULT_LANGUAGE, languages, text
from pipelines.words.numbers import month

_STYLE = """
<style>
  .stMain .block-container { max-width: 76rem; padding-top: 4.5rem; padding-bottom: 4rem; }
  .stApp .stHeading h1 { font-size: 2rem; letter-spacing: -0.01em; padding-bottom: 0.4rem; }
  .stApp .stHeading h2 { font-size: 1.4rem; padding-top: 1.6rem; padding-bottom: 0.4rem; }
  .stApp .stHeading h3 { font-size: 1.1rem; padding-top: 1.2rem; padding-bottom: 0.4rem; }
  .stMarkdown p, .stMarkdown li { max-width: 46rem; }
  .stApp [data-testid="stCaptionContainer"], .stApp [data-testid="stCaptionContainer"] p {
    opacity: 1; color: #4a5563;
  }
  [data-testid="stTable"] th { color: #4a5563; font-weight: 600; text-align: left; }
  [data-testid="stTable"] td { font-variant-numeric: tabular-nums; }
  /* words and figures are kept whole; a table that gets too wide is scrolled */
  [data-testid="stTable"] :is(th, td) [data-testid="stMarkdownContainer"],
  [data-testid="stTable"] :is(th, td) [data-testid="stMarkdownContainer"] p {
    overflow: visible; overflow-wrap: break-word; white-space: normal; min-width: 6ch;
  }
  /* but a fingerprint is one long word */
  [data-testid="stTable"] td code {
    overflow-wrap: anywhere; white-space: normal; color: inherit; background: none; padding: 0;
  }
  /* the charts' own buttons hand over files nobody logs, in words that are not ours */
  .stElementContainer:has([data-testid="stVegaLiteChart"]) [data-testid="stElementToolbar"] {
    display: none;
  }
  [data-testid="stSidebarNavLink"]:focus-visible, .stMain:focus-visible {
    outline: 2px solid #0b5a8a; outline-offset: -2px;
  }
  @media print { [data-testid="stSidebar"], .stDownloadButton { display: none; } }
</style>
"""


def style() -> None:
    """Lay the pages' typography on top of Streamlit's."""
    st.html(_STYLE)


def bar() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return the two halves of the line on top: whose figures, and the language."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    return left, right


def choose_language(halves: tuple[DeltaGenerator, DeltaGenerator], first: str) -> str:
    """Draw the language switch and return the code; the address decides, ``first`` without one."""
    names = languages()
    asked = st.query_params.get("lang") or st.session_state.get("chosen_language")
    st.session_state["lang"] = asked if asked in names else first
    # in every language at once: who cannot read the page must find the way out of it
    label = " / ".join(dict.fromkeys(text("language.switch", code) for code in names))
    language: str = halves[1].selectbox(
        label, list(names), format_func=lambda code: names[code], key="lang",
        on_change=lambda: links.write(st.session_state["lang"]),
    )  # fmt: skip
    st.session_state["chosen_language"] = language
    return language


def say_whose_figures(halves: tuple[DeltaGenerator, DeltaGenerator], context: Context) -> None:
    """Say whose figures, until when, published when; and what they are not."""
    notice = context.column("notice")
    (who,) = context.rows("mart_municipality", ("name", "last_month", notice))
    told = description(context.generation)
    published = told.get("published_at")
    halves[0].markdown(f"**{plain(who['name'])}**")
    halves[0].caption(
        context.t(
            "figures_until",
            month=month(who["last_month"], context.language),
            day=context.day(datetime.fromisoformat(published)) if published else "",
            number=told.get("generation", ""),
        )
    )
    if made_for := links.edition_of_link(str(told.get("generation", ""))):
        st.info(context.t("link_of_other_edition", number=plain(made_for)))
    if context.caution:
        st.warning(plain(context.caution.text(context.language)))
    if who[notice]:
        st.info(plain(who[notice]))
    if context.viewer.is_local:
        st.caption(context.t("local"))


def say_where_it_comes_from(context: Context) -> None:
    """Close the page: who is reading, with a way out, and what hidden figures look like."""
    st.divider()
    st.caption(context.t("hidden"))
    to = links.address("tilgjengelighet", context.language)
    st.markdown(f"[{context.t('access_link')}]({to})")
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
