"""How far has Lean come, and what needs talk? All units, over ``mart_adoption``."""

import streamlit as st

from dashboards.context import Context


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_overview"), anchor=False)
