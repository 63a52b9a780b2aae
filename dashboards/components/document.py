"""What the document is called in the browser: its subject, its page, the product."""

import streamlit as st

PRODUCT = "Pukk"


def name_document(*parts: str) -> None:
    """Call the document by its parts, the most particular first; the last call counts."""
    st.set_page_config(page_title=" · ".join((*parts, PRODUCT)))
