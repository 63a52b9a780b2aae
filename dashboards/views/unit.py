"""One unit: what was tried, what changed, and what may be said."""

import streamlit as st

from dashboards.context import Context


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_unit"), anchor=False)
