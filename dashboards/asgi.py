"""The server around the pages, as ``streamlit run dashboards/asgi.py`` looks for it.

That is what ``pukk serve`` starts. What the server does beyond drawing pages is in
``dashboards.server``.
"""

from pathlib import Path

import streamlit as st

from dashboards.server import settings

app = st.App(str(Path(__file__).with_name("app.py")), **settings())
