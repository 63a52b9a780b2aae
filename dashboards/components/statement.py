"""The accessibility statement: what remains, what was tested, and how to complain."""

import streamlit as st

from dashboards.access import LOCAL_VIEWER
from dashboards.components.tables import plain
from dashboards.marts import Question, read, tables
from dashboards.text.catalogue import t

_WHO = "mart_municipality"


def statement(language: str, generation: str | None) -> None:
    """Write the statement; it needs no login and no figures.

    Args:
        language: ``nb`` or ``en``.
        generation: The published file, which says whom to contact; ``None`` before there is one.
    """
    st.markdown(t("access_about", language))
    st.header(t("access_not", language), anchor=False)
    _points(
        t("access_not_words", language),
        t("access_not_grid", language),
        t("access_not_chart", language),
        t("access_not_reader", language),
        t("access_not_norwegian", language),
    )
    st.header(t("access_tested", language), anchor=False)
    _points(
        t("access_tested_axe", language),
        t("access_tested_keyboard", language),
        t("access_tested_size", language),
        t("access_tested_pdf", language),
    )
    st.header(t("access_complain", language), anchor=False)
    st.markdown(t("access_complain_words", language))
    st.markdown(_contact(language, generation))
    st.markdown(t("access_complain_authority", language))


def _contact(language: str, generation: str | None) -> str:
    columns = ("name", "accessibility_contact")
    # an edition from before the contact could be stated has no such column
    if generation and set(columns) <= tables(generation).get(_WHO, frozenset()):
        # nobody's figures, and the municipality's own public words: for whoever asks, also of an
        # edition that does not say whose its rows are
        (who,) = read(generation, LOCAL_VIEWER.scope, Question(_WHO, columns))
        if who["accessibility_contact"]:
            name, contact = plain(who["name"]), plain(who["accessibility_contact"])
            words = t("access_contact", language, name=name, contact=contact)
            return f"**{words}**"
    return t("access_no_contact", language)


def _points(*texts: str) -> None:
    st.markdown("\n".join(f"- {text}" for text in texts))
