"""The address is the state: our own codes in it, and what is chosen kept from page to page.

``?lang`` and the keys hold codes, never labels, so a link works in any language. What the address
says counts at every run, so that Back, Forward and a copied link show what they name; what it does
not say is as the reader last chose, because Streamlit empties the address when the reader changes
page. A choice is written at once (a step to go back to); the rest of the address is completed when
the page is drawn, which ``pukk.js`` makes no step of its own.
"""

from urllib.parse import urlencode

import streamlit as st

from dashboards.link_keys import CARRIED, CHOICES, EDITION, LANGUAGE, UNKNOWN

_DRAWN = "address_asks"


def take_address() -> None:
    """Let the address decide; called once per run, before anything is drawn."""
    for key in CHOICES:
        if key in st.query_params:
            st.session_state[_kept(key)] = st.query_params[key]
    st.session_state[_DRAWN] = set()


def chosen(key: str) -> str | None:
    """Return the code chosen for a key; ``None`` when nothing is.

    Args:
        key: One of ``CHOICES``.
    """
    value: str | None = st.session_state.get(_kept(key)) or st.query_params.get(key)
    return value or None


def choose(key: str, code: str) -> None:
    """Keep a choice for the session; an empty code is the choice of nothing."""
    st.session_state[_kept(key)] = code


def is_asked(key: str, code: str) -> bool:
    """Return whether the address itself says a choice: what was chosen before does not count."""
    return bool(st.query_params.get(key) == code)


def asks(key: str) -> None:
    """Note that the page asks for a key, so that the address says it also when it is not chosen."""
    st.session_state.setdefault(_DRAWN, set()).add(key)


def write(language: str) -> None:
    """Write the language and the choices into the address, in one step."""
    # what stands there stays: an address that loses a key would be another step to go back through
    said = st.session_state.get(_DRAWN, set()) | set(st.query_params) - {EDITION}
    codes = {key: st.session_state.get(_kept(key)) or "" for key in CHOICES}
    shown = {key: code for key, code in codes.items() if key in said or (code and key in CARRIED)}
    unknown = {UNKNOWN: path} if (path := unknown_page()) else {}
    st.query_params.from_dict({LANGUAGE: language, **shown, **unknown})


def unknown_page() -> str | None:
    """Return the path that was asked for and is no page; ``None`` when it is one."""
    return st.query_params.get(UNKNOWN)


def follow(key: str, code: str, language: str) -> None:
    """Keep what the reader has just chosen and make it a step in the browser's history."""
    choose(key, code)
    # a step made now is about what is shown now
    st.session_state.pop(_kept(EDITION), None)
    st.query_params.pop(UNKNOWN, None)
    write(language)


def edition_of_link(number: str) -> str | None:
    """Return the edition that the address was made for, when it is another than the one shown.

    Args:
        number: The edition that is shown.
    """
    made_for = chosen(EDITION)
    if made_for is None:
        choose(EDITION, number)
    return None if made_for in (None, number) else made_for


def address(page: str, language: str, **codes: str) -> str:
    """Return the address of a page with its choices, relative to the site."""
    return f"/{page}?{urlencode({**codes, LANGUAGE: language})}"


def _kept(key: str) -> str:
    return f"chosen_{key}"
