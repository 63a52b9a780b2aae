"""Bytes to text: which encoding a file is written in, and text that was decoded wrongly before us.

Nothing is guessed silently: what was repaired comes back as a note, what cannot be repaired
without doubt rejects the file.
"""

import re
from typing import NamedTuple

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.shapes import Note

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "cp1252", "cp-865": "cp865"}
_UTF16_SHARE = 0.3
_SAMPLE = 4096
# æ, ø and å of CP865 between two letters; in cp1252 these bytes are quotation marks and a dagger
_CP865_LETTER = re.compile(rb"[A-Za-z][\x86\x91\x9b][A-Za-z]")
_CP865_BYTES = re.compile(rb"[\x86\x91\x9b\x8f\x92\x9d]")
_CP1252_BYTES = re.compile(rb"[\xe6\xf8\xe5\xc6\xd8\xc5]")

# how the bytes 80-BF look when they are taken for Windows or Latin-1 text
_HIGH = bytes(range(0x80, 0xC0)).decode("cp1252", errors="ignore") + "".join(
    chr(code) for code in range(0x80, 0xC0)
)
_LATIN_PAIR = re.compile(
    f"(?:[\u00c2-\u00df][{re.escape(_HIGH)}]|\u00e2[{re.escape(_HIGH)}]{{2}})+"
)
_DOS_HIGH = bytes(range(0x80, 0xC0)).decode("cp865")
_DOS_PAIR = re.compile(f"(?:[\u251c\u252c][{re.escape(_DOS_HIGH)}])+")
# a lead without its partner, a replacement character, or a DOS letter inside a word
_LEFTOVER = re.compile(
    "\ufffd|\u00c3(?![A-Za-z\u00c0-\u00d6])|\u251c|[A-Za-z][\u00b5\u03c3\u2018\u2020\u203a][a-z]"
)
_SUSPECT = re.compile(f"{_LATIN_PAIR.pattern}|{_LEFTOVER.pattern}")


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
        DeliveryRejectedError: ``encoding`` (not decodable), ``nul``, ``mojibake``, ``truncated``
            (half a UTF-16 character at the end).
    """
    encoding = _bom(raw) or (configured if configured != "auto" else _guess(raw))
    codec = _CODECS.get(encoding, encoding)
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as broken:
        if codec.startswith("utf-16"):
            raise DeliveryRejectedError(
                "truncated",
                "Filen slutter midt i et tegn.",
                way_out="Kopier hele filen til innboksen på nytt.",
            ) from None
        line = raw.count(b"\n", 0, broken.start) + 1
        raise DeliveryRejectedError(
            "encoding",
            f"Filen er ikke {encoding}.",
            where=f"linje {line}",
            way_out="Lagre eksporten som UTF-8, eller sett encoding for leveransen.",
        ) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise DeliveryRejectedError(
            "nul",
            "Filen inneholder NUL-tegn og er trolig skadet.",
            where=f"linje {line}",
            way_out="Eksporter filen på nytt.",
        )
    repaired, count = repair(text)
    name = encoding.removesuffix("-sig")
    return Decoded(repaired, name, (_repair_note(count),) if count else ())


def repair(text: str) -> tuple[str, int]:
    """Return ``text`` with wrongly decoded UTF-8 put right, and the number of places repaired.

    Raises:
        DeliveryRejectedError: ``mojibake``, when it cannot be put right without doubt.
    """
    if text.isascii() or not _SUSPECT.search(text):
        return text, 0
    repaired, count = text, 0
    for _ in range(2):  # text can have been through the mill twice
        repaired, latin = _LATIN_PAIR.subn(lambda hit: _again(hit, "cp1252"), repaired)
        repaired, dos = _DOS_PAIR.subn(lambda hit: _again(hit, "cp865"), repaired)
        count += latin + dos
    left = _LEFTOVER.search(repaired)
    if left:
        line = repaired.count("\n", 0, left.start()) + 1
        raise DeliveryRejectedError(
            "mojibake",
            "Bokstavene æ, ø og å er ødelagt i filen og kan ikke rettes sikkert.",
            where=f"linje {line}",
            way_out="Eksporter på nytt fra fagsystemet og lagre som UTF-8.",
        )
    return repaired, count


def _repair_note(count: int) -> Note:
    return Note(
        "mojibake_repaired",
        f"Feiltolkede tegn (som «Ã¦» for «æ») ble rettet {count} steder i filen.",
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
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_single_byte(raw)
    return "utf-8"


def _guess_single_byte(raw: bytes) -> str:
    windows_letters = len(_CP1252_BYTES.findall(raw))
    if not windows_letters and _CP865_LETTER.search(raw):
        return "cp865"
    try:
        raw.decode("cp1252")
    except UnicodeDecodeError:
        return "cp865" if len(_CP865_BYTES.findall(raw)) > windows_letters else "cp1252"
    return "cp1252"
