"""The accessibility statement: what remains, what was tested, and how to complain."""

import streamlit as st

from dashboards.text.catalogue import t


def statement(language: str) -> None:
    """Write the statement; it needs no login and no figures.

    Args:
        language: ``nb`` or ``en``.
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
    st.markdown(t("access_complain_authority", language))


def _points(*texts: str) -> None:
    st.markdown("\n".join(f"- {text}" for text in texts))
