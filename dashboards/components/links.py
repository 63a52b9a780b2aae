"""Deep links: our own codes in the address, and what is chosen kept from page to page.

``?lang`` and those in ``KEYS`` hold codes, never labels, so a link works in any language.
The choice lives in the session; the address is a copy of it, because Streamlit empties the address
when the reader changes page.
"""

from urllib.parse import urlencode

import streamlit as st

KEYS = ("enhet", "maltall", "maned")


def chosen(key: str) -> str | None:
    """Return the code chosen for a key; the address counts the first time it is asked for.

    Args:
        key: One of ``KEYS``.
    """
    value: str | None = st.session_state.get(_kept(key)) or st.query_params.get(key)
    return value


def choose(key: str, code: str | None) -> None:
    """Keep a choice for the session and show it in the address."""
    st.session_state[_kept(key)] = code
    if code is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = code


def write(language: str) -> None:
    """Write the language and the choices into the address."""
    st.query_params["lang"] = language
    for key in KEYS:
        code = chosen(key)
        if code is not None:
            choose(key, code)


def _kept(key: str) -> str:
    return f"chosen_{key}"


def address(page: str, language: str, **codes: str) -> str:
    """Return the address of a page with its choices, relative to the site."""
    return f"/{page}?{urlencode({**codes, 'lang': language})}"
