"""Can everyone use the pages? The accessibility statement."""

import streamlit as st

from dashboards.components.statement import statement
from dashboards.context import Context


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("access_title"), anchor=False)
    statement(context.language, context.generation)
