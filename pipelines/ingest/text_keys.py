"""Names and codes that people write in several ways, brought to one form for comparison.

Only keys for comparing live here; the values that are stored are decided in ``mapping``.
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipelines.ingest.recognised import RECOGNISED

# each a letter and what it is compared as
_LETTERS = str.maketrans(
    {pair[0]: pair[1] for pair in RECOGNISED["text_keys.written_as_plain"].split()}
)
_NOISE = re.compile(r"[\s.:;,_*'\"\-–]+")
_KEPT = 10_000  # cells of a column, and rows tried as a header, say the same words over again


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> str:
    """Return a comparison key: case, spaces, dots, dashes and the spelling of æøå do not matter.

    ``Fraværs-kode``, ``FRAVAERSKODE`` and ``fravarskode `` get the same key.
    """
    lowered = unicodedata.normalize("NFKC", text).casefold().strip()
    folded = _NOISE.sub("", lowered.translate(_LETTERS))
    return folded.replace("ae", "a").replace("oe", "o").replace("aa", "a")


@lru_cache(maxsize=_KEPT)
def fold_words(text: str) -> str:
    """Return ``text`` lowered, with every run of white space as one space and no outer marks."""
    lowered = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(lowered.split()).strip(" :.*'\"")


def close_match(wanted: str, found: Sequence[str]) -> str | None:
    """Return the name in ``found`` that begins with the same words or looks most alike, or None."""
    for name in found:
        pairs = zip(fold_words(wanted).split(), fold_words(name).split(), strict=False)
        if all(one == other for one, other in pairs) and fold(wanted) and fold(name):
            return name
    by_key = {fold(name): name for name in found if fold(name)}
    hits = difflib.get_close_matches(fold(wanted), list(by_key), n=1, cutoff=0.6)
    return by_key[hits[0]] if hits else None


def code_key(code: str) -> str:
    """Return a code's comparison key: trimmed, one space, case-free; leading zeros kept."""
    return " ".join(unicodedata.normalize("NFKC", code).casefold().split())


def without_leading_zeros(code: str) -> str:
    """Return ``code`` without leading zeros; a code of zeros only becomes ``0``."""
    return code.lstrip("0") or ("0" if code else "")
