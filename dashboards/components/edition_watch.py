"""A page that nobody touches: shown anew by itself when another edition is published.

So it is when the reader's line in the access table is gone: a click would see that, and none comes.
"""

from datetime import UTC, datetime

import streamlit as st

from dashboards.access import still_has
from dashboards.components.reader import access_table
from dashboards.context import Context
from dashboards.marts import current_standing, file_of

_EVERY_S = 60


def follow_editions(context: Context) -> None:
    """Look once a minute whether another edition or access counts, and draw the page anew then."""

    @st.fragment(run_every=_EVERY_S)
    def look() -> None:
        now = current_standing()
        is_newer = now is not None and str(file_of(now)) != context.generation
        if is_newer or not still_has(context.viewer, access_table(), datetime.now(UTC)):
            st.rerun()

    look()
