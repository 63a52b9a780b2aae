"""Offering the names nearest to one that does not exist; a code is as good as its name."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

import streamlit as st

from dashboards.components.tables import plain
from dashboards.context import Context

_MOST = 3


def offer_nearest(
    context: Context, asked: str, names: Mapping[str, str], address: Callable[[str], str]
) -> None:
    """Draw links to at most three that look like what was asked for; nothing when none does.

    Args:
        context: The frame's message.
        asked: As somebody wrote it.
        names: Code to name of what the reader may open.
        address: From a code to its address.
    """
    near = nearest(asked, names)
    if near:
        named = ", ".join(f"[{plain(names[code])}]({address(code)})" for code in near)
        st.markdown(f"{context.t('did_you_mean')} {named}?")


def nearest(asked: str, names: Mapping[str, str]) -> list[str]:
    """Return at most three codes whose code or name looks like what was asked for, nearest first.

    Args:
        asked: As somebody wrote it.
        names: Code to name of what there is.
    """
    written = {text.casefold(): code for code, name in names.items() for text in (code, name)}
    found = get_close_matches(asked.casefold(), written, n=2 * _MOST)
    return list(dict.fromkeys(written[text] for text in found))[:_MOST]
