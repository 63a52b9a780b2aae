"""Bytes to text: which encoding a file is written in, and text that was decoded wrongly before us.

Nothing is guessed silently: what was repaired comes back as a note, what cannot be repaired
without doubt rejects the file.
"""

import re
from typing import NamedTuple

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.codepages import guess_code_page
from pipelines.ingest.shapes import Note
from pipelines.ingest.text_marks import (
    beyond_ascii,
    lost_letters,
    without_foreign_marks,
    without_marks,
    without_tail,
)
from pipelines.words.messages import say

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "cp1252", "cp-865": "cp865"}
_UTF16_SHARE = 0.3
_SAMPLE = 4096
# how the bytes 80-BF look when they are taken for Windows or Latin-1 text
_HIGH = bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore") + "".join(
    chr(code) for code in range(0x80, 0xC0)
)
_LATIN_PAIR = re.compile(
    f"(?:[\u00c2-\u00df][{re.escape(_HIGH)}]|\u00e2[{re.escape(_HIGH)}]{{2}})+"
)
_DOS_HIGH = bytes(range(0x80, 0xC0)).decode("cp865")
_DOS_PAIR = re.compile(f"(?:[\u251c\u252c][{re.escape(_DOS_HIGH)}])+")
_MAC_HIGH = bytes(range(0x80, 0xC0)).decode("mac_roman")
_MAC_PAIR = re.compile(f"(?:[\u221a\u00ac][{re.escape(_MAC_HIGH)}])+")
# a lead without its partner, a replacement or control character, or the letter of a DOS or
# Macintosh file where a word has another
_LEFTOVER = re.compile(
    "\ufffd|[\x80-\x9f]|\u00c3(?![A-Za-z\u00c0-\u00d6])|\u251c"
    "|[A-Za-z][\u00b5\u03c3\u2018\u2020\u203a][a-z]"
    "|[A-Za-z][\u0152\u00bf\u00be]|[\u0152\u00bf\u00af\u2248][a-z]"
    "|[a-z][\u00af\u00c2\u00ca\u2248\u2206]"
)
_SUSPECT = re.compile(
    "|".join(part.pattern for part in (_LATIN_PAIR, _DOS_PAIR, _MAC_PAIR, _LEFTOVER))
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# everything suspect holds one of the first, or one each of the last two; looking for them first is
# many times quicker
_ALONE = (
    frozenset("\ufffd\u00c2\u00c3\u00ca\u251c\u252c\u221a\u00ac\u2206")
    | frozenset("\u00b5\u03c3\u2018\u2020\u203a\u0152\u00bf\u00be\u00af\u2248")
    | frozenset(map(chr, range(0x80, 0xA0)))
)
_LEADS = frozenset(map(chr, range(0xC2, 0xE0))) | {"\u00e2"}
_FOLLOWERS = frozenset(_HIGH)


class Decoded(NamedTuple):
    """Text, the name of its encoding, and what was repaired."""

    text: str
    encoding: str
    notes: tuple[Note, ...]


def decode(raw: bytes, configured: str = "auto") -> Decoded:
    """Return the text of a file.

    Args:
        raw: The whole file.
        configured: ``auto`` or the encoding the feed names; a byte order mark wins over it.

    Raises:
        DeliveryRejectedError: ``encoding`` (not decodable, or two code pages), ``nul``,
            ``mojibake``, ``truncated`` (half a UTF-16 character at the end).
    """
    encoding = _bom(raw) or (configured if configured != "auto" else _guess(raw))
    codec = _CODECS.get(encoding, encoding)
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as broken:
        if codec.startswith("utf-16"):
            raise DeliveryRejectedError(
                "truncated",
                say("ingest.encoding.ends_in_a_character"),
                way_out=say("ingest.encoding.copy_again"),
            ) from None
        line = raw.count(b"\n", 0, broken.start) + 1
        raise DeliveryRejectedError(
            "encoding",
            say("ingest.encoding.not_encoded_so", encoding=encoding),
            where=f"linje {line}",
            way_out=say("ingest.encoding.save_as_utf8_or_set_encoding"),
        ) from None
    text, notes = without_tail(text)
    repaired, count = repair(without_foreign_marks(text))
    name = encoding.removesuffix("-sig")
    repairs = (_repair_note(count),) if count else ()
    return Decoded(without_marks(repaired), name, (*repairs, *notes))


def repair(text: str) -> tuple[str, int]:
    """Return ``text`` with wrongly decoded UTF-8 put right, and the number of places repaired.

    Raises:
        DeliveryRejectedError: ``mojibake``, when it cannot be put right without doubt.
    """
    if text.isascii() or not _may_be_suspect(beyond_ascii(text)):
        return text, 0
    if not any(map(_SUSPECT.search, _foreign_places(text))):
        return text, 0
    repaired, count = text, 0
    for _ in range(2):  # text can have been through the mill twice
        repaired, latin = _LATIN_PAIR.subn(lambda hit: _again(hit, "cp1252"), repaired)
        repaired, dos = _DOS_PAIR.subn(lambda hit: _again(hit, "cp865"), repaired)
        repaired, mac = _MAC_PAIR.subn(lambda hit: _again(hit, "mac_roman"), repaired)
        count += latin + dos + mac
    left = _LEFTOVER.search(repaired)
    if left:
        raise lost_letters(repaired, left.start())
    return repaired, count


def _may_be_suspect(letters: frozenset[str]) -> bool:
    is_pair = not _LEADS.isdisjoint(letters) and not _FOLLOWERS.isdisjoint(letters)
    return is_pair or not _ALONE.isdisjoint(letters)


def _foreign_places(text: str) -> set[str]:
    """Return the different runs of other than ASCII, each between its neighbours.

    What is suspect is such letters with at most one ASCII letter on either side, and a file says
    the same words over and over.
    """
    return {text[max(hit.start() - 1, 0) : hit.end() + 1] for hit in _FOREIGN.finditer(text)}


def _repair_note(count: int) -> Note:
    return Note(
        "mojibake_repaired",
        say("ingest.encoding.repaired_characters", count=count),
    )


def _again(hit: re.Match[str], codec: str) -> str:
    raw = b"".join(_byte(letter, codec) for letter in hit.group())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return hit.group()


def _byte(letter: str, codec: str) -> bytes:
    try:
        return letter.encode(codec)
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _bom(raw: bytes) -> str | None:
    return next((name for mark, name in _BOMS if raw.startswith(mark)), None)


def _guess(raw: bytes) -> str:
    sample = raw[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd / half > _UTF16_SHARE and even < odd / 10:
        return "utf-16-le"
    if even / half > _UTF16_SHARE and odd < even / 10:
        return "utf-16-be"
    if is_unicode(raw):
        return "utf-8"
    page = guess_code_page(raw)
    if page is None:
        raise DeliveryRejectedError(
            "encoding",
            say("ingest.encoding.two_encodings_mixed"),
            way_out=say("ingest.encoding.save_parts_as_utf8"),
        )
    return page


def is_unicode(raw: bytes) -> bool:
    """Return whether bytes are text in UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
