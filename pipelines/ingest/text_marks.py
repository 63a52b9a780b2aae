"""Characters that stand in a file and are no part of its text: they are taken out or refused.

Byte order marks (also inside a file that was joined from several), zero-width and direction marks,
soft hyphens, the end-of-file mark of DOS and NUL padding. Which encoding the bytes are written in
is decided in ``encoding``.
"""

import re
import unicodedata

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.shapes import Note
from pipelines.words.messages import say

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+"
)
# a byte order mark of UTF-8 that was read as Windows, Macintosh or DOS text
_MARK_AS_TEXT = re.compile(RECOGNISED["text_marks.byte_order_marks"])
_IN_A_MARK = frozenset(RECOGNISED["text_marks.byte_order_marks"]) - set(map(chr, range(128)))
_ASCII = bytes(range(128))
_END_OF_FILE = "\x1a"
_TAIL = "\x00\x1a \t\r\n"
_LONE_END = re.compile(r"(?:^\x1a+|\x1a+(?=\r?$))", re.MULTILINE)
_LOST_LETTER = re.compile(r"[^\W\d_]\x1a|\x1a[^\W\d_]")


def without_tail(text: str) -> tuple[str, tuple[Note, ...]]:
    """Return a file's text without end-of-file mark and padding, and a note about padding.

    A mark says that the file is whole, so a last line before it gets the line break it lacks. NUL
    alone says nothing: the line stays as it was, and a cut one is found as in any other file.
    """
    body = text.rstrip(_TAIL)
    tail = text[len(body) :]
    marked, padded = _END_OF_FILE in tail, tail.count("\x00")
    if not marked and not padded:
        return text, ()
    breaks = tail[: len(tail) - len(tail.lstrip(" \t\r\n"))]
    if marked:
        is_ended = "\n" in breaks or "\r" in breaks
        return body + breaks + ("" if is_ended else "\n"), ()
    told = say("ingest.text_marks.nul_tail", padded=padded)
    return body + breaks, (Note("nul_padding", told),)


def without_marks(text: str) -> str:
    """Return a file's text without characters that nobody sees.

    Raises:
        DeliveryRejectedError: ``nul`` for a NUL in the text, ``mojibake`` for a letter that an
            earlier system replaced by the substitute character.
    """
    text = visible(text)
    if _END_OF_FILE in text:
        text = _LONE_END.sub("", text)
        lost = _LOST_LETTER.search(text)
        if lost:
            raise lost_letters(text, lost.start())
    if "\x00" in text:
        raise DeliveryRejectedError(
            "nul",
            say("ingest.text_marks.nul_characters"),
            where=f"linje {line_of(text, text.index(chr(0)))}",
            way_out=say("ingest.text_marks.export_again"),
        )
    return text


def visible(text: str) -> str:
    """Return text without zero-width characters, and letters with their marks as one character."""
    if text.isascii():
        return text
    text = without_foreign_marks(text)
    if any(map(_INVISIBLE.match, beyond_ascii(text))):
        text = _INVISIBLE.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def without_foreign_marks(text: str) -> str:
    """Return text without byte order marks that were read in another encoding (``ï»¿``)."""
    if text.isascii() or _IN_A_MARK.isdisjoint(beyond_ascii(text)):
        return text
    return _MARK_AS_TEXT.sub("", text)


def beyond_ascii(text: str) -> frozenset[str]:
    """Return the different characters of a text that are not ASCII, many times quicker than a set.

    What is searched for in a whole file is looked for among these first.
    """
    raw = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return frozenset(raw.decode("utf-8", "surrogatepass"))


def line_of(text: str, place: int) -> int:
    """Return the number of the line that holds a place in the text."""
    return 1 + len(re.findall(r"\r\n|\r|\n", text[:place]))


def lost_letters(text: str, place: int) -> DeliveryRejectedError:
    """Return the error for Norwegian letters that cannot be put right."""
    return DeliveryRejectedError(
        "mojibake",
        say("ingest.text_marks.letters_destroyed"),
        where=f"linje {line_of(text, place)}",
        way_out=say("ingest.text_marks.save_as_utf8"),
    )
