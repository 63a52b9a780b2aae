"""Which eight-bit code page a Norwegian text is written in: Windows, Macintosh or DOS.

The same byte is ``å`` in one and a sign nobody writes in another, so each code page is judged by
what the text would then say. Unicode is recognised in ``encoding``.
"""

import re
from collections.abc import Collection
from functools import cache

from pipelines.ingest.recognised import RECOGNISED

_WINDOWS, _MACINTOSH, _DOS = "cp1252", "mac_roman", "cp865"
_PAGES = (_WINDOWS, _MACINTOSH, _DOS)
_OWN = frozenset(RECOGNISED["codepages.letters"])
# what else stands in Norwegian files: names, quotation marks, dashes, signs
_USUAL = frozenset("éèêëóòôöüäáàâíïñçÉÈÖÜÄ«»–—’‘“”…§°€£·½¼¾²³µ´®©™\u00a0\u00ad")
_USUAL_IN_WORDS = frozenset("éèêëóòôöüäáàâíïñçÉÈÖÜÄ’´\u00a0\u00ad")
_OWN_POINTS, _USUAL_POINTS, _STRANGE_POINTS, _BROKEN_WORD_POINTS = 3, 0, -2, -3
_HIGH = re.compile(rb"(?s)(?<=(.))([\x80-\xff])(?=(.))")
_MARK = b"\xef\xbb\xbf"  # of a UTF-8 file that was joined with another
_UNICODE_LEADS = frozenset(bytes([lead]) for lead in (0xC2, 0xC3, 0xE2))

Place = tuple[bytes, bytes, bytes]
"""A high byte between its neighbours."""


def guess_code_page(raw: bytes) -> str | None:
    """Return the code page under which the text reads best; None when it mixes two of them.

    Windows is taken unless another one gives more Norwegian letters in places where they fit.

    Args:
        raw: Bytes that are no Unicode.
    """
    return page_of(places_in(raw))


def places_in(raw: bytes) -> set[Place]:
    """Return the different high bytes of some lines, each between its neighbours."""
    return set(_HIGH.findall(b"\n" + raw.replace(_MARK, b" ") + b"\n"))


def page_of(places: Collection[Place]) -> str | None:
    """Return what ``guess_code_page`` returns of a text in which these places are.

    Args:
        places: Each different place counts once: a column of the same word says no more than the
            word.
    """
    scores = {page: sum(_points(place, page) for place in places) for page in _PAGES}
    best = max(_PAGES, key=lambda page: scores[page])
    chosen = best if scores[best] > 0 else _WINDOWS
    return None if any(_belongs_elsewhere(place, chosen) for place in places) else chosen


def _belongs_elsewhere(place: Place, chosen: str) -> bool:
    """A byte that breaks a word under the chosen page and is a Norwegian letter under another."""
    if place[0] in _UNICODE_LEADS or _points(place, chosen) != _BROKEN_WORD_POINTS:
        return False
    return any(_points(place, page) == _OWN_POINTS for page in _PAGES if page != chosen)


@cache
def _points(place: Place, page: str) -> int:
    before, letter, after = (byte.decode(page, errors="ignore") for byte in place)
    if not letter:
        return _BROKEN_WORD_POINTS
    if letter in _OWN:
        # a capital after a small letter is no Norwegian word, and a letter alone says nothing
        if letter.isupper() and before.islower():
            return _STRANGE_POINTS
        return _OWN_POINTS if before.isalpha() or after.isalpha() else _USUAL_POINTS
    is_within = before.isalpha() and after.isalpha()
    if letter in _USUAL and (not is_within or letter in _USUAL_IN_WORDS):
        return _USUAL_POINTS
    return _BROKEN_WORD_POINTS if before.isalpha() or after.isalpha() else _STRANGE_POINTS
