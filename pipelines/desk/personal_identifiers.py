"""Personal identifiers in a text: identity numbers in every written form, accounts, addresses.

The one definition for whoever reads a text: ingest, the publishing guard, the access log, SQL
answers. How numbers are written is in ``written_numbers``, what makes one an identity number in
``identity_numbers``; names are no identifiers, and headings are judged in
``pipelines.ingest.personal``. Nothing here keeps or repeats what it found.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.desk.identity_numbers import is_iban
from pipelines.desk.numbers_apart import MONTH_WORD, numbers_apart
from pipelines.desk.telephones import MAY_BE_ONE, telephones
from pipelines.desk.written_numbers import FEWEST_DIGITS, Certainty, Form, Written, written_numbers
from pipelines.words.messages import say

Kind = Literal["identity_number", "bank_account", "email", "pseudonym", "telephone"]
HIDDEN = "[skjult]"
WORDS_NB: Mapping[Kind, str] = {
    "identity_number": say("desk.personal_identifiers.identity_number"),
    "bank_account": "bankkontonummer",
    "pseudonym": say("desk.personal_identifiers.pseudonym"),
    "email": say("desk.personal_identifiers.email"),
    "telephone": say("desk.personal_identifiers.telephone"),
}
"""Each kind in words, the gravest first."""
_LETTERS_LIKE = "OolI"
"""Letters that are typed or read for the digits 0 and 1."""
# counting is for plain digits alone: over all of Unicode's it takes ten times as long. A text with
# one of the others is looked at, however few it has
MAY_HOLD = (
    rf"(?:[0-9][^0-9]*){{{FEWEST_DIGITS}}}|@|p_[0-9a-f]{{16}}"
    r"|[^\P{Nd}\x00-\x7f]|[^\P{No}\x00-\x7f]"
    rf"|(?:[0-9{_LETTERS_LIKE}][ ./-]{{0,2}}){{11}}|[0-9]\.?[ -]?(?i:{MONTH_WORD})|{MAY_BE_ONE}"
)
"""What a text has that holds any identifier, in the regular expressions of Polars and DuckDB."""

_HASH = re.compile(
    r"(?<![0-9A-Za-z])(?=[0-9A-Fa-f-]*[A-Fa-f])"
    r"(?:[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,})(?![0-9A-Za-z])"
)
_PSEUDONYM = re.compile(r"(?<![0-9A-Za-z])p_[0-9a-f]{16,64}(?![0-9A-Za-z])")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
# a mailbox of a house, not of a person
_SHARED_MAILBOX = re.compile(
    r"(?:post|firmapost|epost|e-post|mail|info|kontakt|contact|support|service|servicetorg|admin"
    r"|no-?reply|ikke-?svar|faktura|regnskap|arkiv|resepsjon|sentralbord|kommune|personvern|pvo)"
    r"(?:mottak)?(?:[.+_-].*)?",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"[^\W\d_]+(?:[._-][^\W\d_]+)+\d*(?:\+.*)?")
_LIKE_DIGITS = re.compile(
    rf"(?<![^\W_])(?=[{_LETTERS_LIKE}]*\d)(?=\d*[{_LETTERS_LIKE}])[\d{_LETTERS_LIKE}]+(?![^\W_])"
)
_AS_DIGITS = str.maketrans(_LETTERS_LIKE, "0011")
_DAY_IN_WORDS = re.compile(rf"\d\W{{0,3}}(?:{MONTH_WORD})", re.IGNORECASE)
_MAY_BE_TELEPHONE = re.compile(MAY_BE_ONE)
_FEWEST_REAL = 4
_IBAN = re.compile(r"(?<![0-9A-Za-z])NO\d{2}(?: ?\d{4}){2} ?\d{3}(?![0-9A-Za-z])")
# a decimal number, a day or a moment: most long figures of a file, and never an identifier
_ORDINARY = re.compile(
    r"[-+]?(?!\d{5,8}[.,]\d{5}$)\d{1,9}[.,]\d+"
    r"|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_INVISIBLE = {"Cf", "Mn", "Me"}
_PLAIN = {"Pd": "-", "Zs": " ", "Zl": " ", "Zp": " "}
_LIKE = {"\u2212": "-", "\u2043": "-", "\u2044": "/", "\u2215": "/", "\u2026": "."} | dict.fromkeys(
    # blank, and no spaces by their category
    "\u115f\u1160\u2800\u3164\uffa0",
    " ",
)
_MANY = 10
"""From so many numbers of one written form, a column's other cells say what kind it is."""
_MOST, _CHANCE = 0.5, 0.1
_BY_CHANCE = {"loose", "six_five", "apart", "before", "words_between"}
"""The forms in which other things are written as well."""
_SURE = {"", "eleven", "six_five", "said"}


@dataclass(frozen=True)
class Found:
    """A place in a text that has the form of an identifier; ``certainty`` says whether it is one.

    Attributes:
        kind: What it would be.
        start: Its first character.
        end: Behind its last.
        certainty: As in ``Written``; an e-mail address is certain when it is a full name's, likely
            when it is not known to be an office's.
        form: How the number is written; empty for what is no number.
    """

    kind: Kind
    start: int
    end: int
    certainty: Certainty
    form: Form | Literal[""] = ""


def identifiers_in(text: str) -> list[Found]:
    """Return every identifier of a text, certain or likely, in order.

    Args:
        text: Any text; full-width digits and invisible characters are seen through.
    """
    found = (found for found in _candidates(text) if found.certainty != "none")
    return sorted(found, key=lambda hit: (hit.start, -hit.end))


def hits_in_column(texts: Collection[str]) -> dict[str, Kind]:
    """Return which of a column's texts hold an identifier, and the gravest kind in each.

    Eleven digits that begin with a date are an identity number until the column's others say that
    they are codes: where ten or more are written alike and most have wrong check digits, only
    those with right ones count. Forms in which other things are written as well (ten digits, a
    date apart from its number) count when there are more of them than chance gives.

    Args:
        texts: The column's different texts.
    """
    seen = {text: list(_candidates(text)) for text in texts}
    alike: dict[tuple[str, str], list[bool]] = {}
    for candidates in seen.values():
        is_certain: dict[tuple[str, str], bool] = {}
        for found in candidates:
            key = (found.kind, found.form)
            is_certain[key] = is_certain.get(key, False) or found.certainty == "certain"
        for written, certain in is_certain.items():
            alike.setdefault(written, []).append(certain)
    hits: dict[str, Kind] = {}
    for text, candidates in seen.items():
        kinds = {
            found.kind for found in candidates if _counts(found, alike[found.kind, found.form])
        }
        gravest = next((kind for kind in WORDS_NB if kind in kinds), None)
        if gravest:
            hits[text] = gravest
    return hits


def masked(text: str) -> str:
    """Return a text in which every identifier is replaced by ``[skjult]``."""
    parts: list[str] = []
    place = 0
    for hit in identifiers_in(text):
        if hit.start >= place:
            parts += [text[place : hit.start], HIDDEN]
        place = max(place, hit.end)
    return "".join([*parts, text[place:]])


def hold_certain(texts: Iterable[str | None]) -> bool:
    """Return whether a column's texts hold an identifier beyond doubt.

    For texts that may as well be figures: no likeness counts, and forms that chance gives only when
    there are more of them than that, as in ``hits_in_column``.

    Args:
        texts: Some of a column's texts, None for those that are missing.
    """
    alike: dict[tuple[Kind, Form | Literal[""]], list[bool]] = {}
    for text in set(texts):
        # most texts, and cheaply
        if not text or not ("@" in text or "p_" in text or _has_digits(text)):
            continue
        is_certain: dict[tuple[Kind, Form | Literal[""]], bool] = {}
        for found in _candidates(text):
            if found.certainty == "certain" and found.form in _SURE:
                return True
            key = (found.kind, found.form)
            is_certain[key] = is_certain.get(key, False) or found.certainty == "certain"
        for written, certain in is_certain.items():
            alike.setdefault(written, []).append(certain)
    return any(
        _counts(Found(kind, 0, 0, "certain", form), each)
        for (kind, form), each in alike.items()
        if form in _BY_CHANCE and any(each)
    )


def are_mostly_identity_numbers(texts: Collection[str]) -> bool:
    """Return whether so many texts are identity numbers that a column is one of persons."""
    certain = {"identity_number", "bank_account"}
    n_certain = sum(
        any(f.kind in certain and f.certainty == "certain" for f in _candidates(text))
        for text in texts
    )
    return n_certain >= _MANY and n_certain >= _MOST * len(texts)


def _counts(found: Found, alike: Sequence[bool]) -> bool:
    """Return whether a place counts beside those of its column that are written alike."""
    is_many, share = len(alike) >= _MANY, sum(alike) / len(alike)
    if found.certainty == "likely" and found.kind == "email":
        return False  # an office as well as a person, where it is meant to be read
    if found.certainty == "likely":
        return not is_many or share >= _MOST
    if found.certainty == "none":
        return False
    if found.form in {"amount", "account"}:
        return share >= _MOST
    return found.form not in _BY_CHANCE or not is_many or share >= _CHANCE


def _candidates(text: str) -> Iterator[Found]:
    if _ORDINARY.fullmatch(text):
        return
    plain, places = _plain(text)
    for found in _plain_candidates(plain):
        start, end = places[found.start], places[found.end - 1] + 1
        yield Found(found.kind, start, end, found.certainty, found.form)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with plain digits, spaces and hyphens, and where each character stood."""
    if text.isascii():
        return text, range(len(text))
    kept: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        category = unicodedata.category(letter)
        if category in _INVISIBLE:
            continue
        digit = unicodedata.digit(letter, None)
        compatible = unicodedata.normalize("NFKC", letter)
        if digit is not None:
            plain = str(digit)
        else:
            likened = _LIKE.get(letter) or _PLAIN.get(category)
            plain = likened or (compatible if len(compatible) == 1 else letter)
        kept.append(plain)
        places.append(place)
    return "".join(kept), places


def _plain_candidates(text: str) -> Iterator[Found]:
    for hit in _PSEUDONYM.finditer(text):
        yield Found("pseudonym", *hit.span(), "certain")
    for hit in _EMAIL.finditer(text):
        yield Found("email", *hit.span(), _of_a_person(hit[0].partition("@")[0]))
    for hit in _IBAN.finditer(text):
        is_right = is_iban(hit[0].replace(" ", ""))
        yield Found("bank_account", *hit.span(), "certain" if is_right else "none")
    for start, end in telephones(text) if _MAY_BE_TELEPHONE.search(text) else ():
        yield Found("telephone", start, end, "certain")
    if not _has_digits(text):
        return
    text = _HASH.sub(lambda hit: "x" * len(hit[0]), text)
    for number in (*written_numbers(text), *numbers_apart(text)):
        yield _as_found(number)
    if _LIKE_DIGITS.search(text):
        likened = _LIKE_DIGITS.sub(lambda hit: hit[0].translate(_AS_DIGITS), text)
        for number in (*written_numbers(likened), *numbers_apart(likened)):
            if number.certainty == "certain":
                yield _as_found(number)


def _as_found(number: Written) -> Found:
    kind: Kind = "bank_account" if number.form == "account" else "identity_number"
    return Found(kind, number.start, number.end, number.certainty, number.form)


def _has_digits(text: str) -> bool:
    """Return whether a text has as many digits as a number needs, or what stands for digits."""
    n_digits = sum(map(str.isdigit, text))
    if n_digits >= FEWEST_DIGITS:
        return True
    if n_digits == FEWEST_DIGITS - 1 and (
        _DAY_IN_WORDS.search(text) or _MAY_BE_TELEPHONE.search(text)
    ):
        return True
    return (
        n_digits >= _FEWEST_REAL
        and any(letter in text for letter in _LETTERS_LIKE)
        and _LIKE_DIGITS.search(text) is not None
    )


def _of_a_person(mailbox: str) -> Certainty:
    if _SHARED_MAILBOX.fullmatch(mailbox):
        return "none"
    return "certain" if _FULL_NAME.fullmatch(mailbox) else "likely"
