"""A birth date and the five digits of a person, apart in a text: in either order, words or none.

Text in, places out. Halves that stand together are in ``written_numbers``; what makes eleven digits
an identity number is in ``identity_numbers``.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.desk.identity_numbers import could_be_alive, has_birth_date, has_check_digits
from pipelines.desk.recognised import RECOGNISED
from pipelines.desk.written_numbers import Certainty, Form, Written

_FIVE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_MONTHS = RECOGNISED["numbers_apart.months"].split()
MONTH_WORD = "|".join(_MONTHS)
_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_YEAR = r"(?:\d{4}|\d{2})"


def _forms(*forms: str) -> tuple[re.Pattern[str], ...]:
    # a day begins at the first of its digits, and one may begin inside another: «12 15 06 83»
    return tuple(
        re.compile(rf"(?<!\d)(?=(?P<whole>{form}(?!\d)))", re.IGNORECASE) for form in forms
    )


_IN_DIGITS = _forms(
    r"(?P<y>\d{4})(?P<mark>\s?[./ -]\s?)(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})" + _TIME,
    rf"(?P<d>\d{{1,2}})(?P<mark>\s?[./ -]\s?)(?P<m>\d{{1,2}})(?P=mark)(?P<y>{_YEAR}){_TIME}",
    r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d{4}|\d\d)",
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
)
_MONTH = re.compile(MONTH_WORD, re.IGNORECASE)
_IN_WORDS = _forms(
    rf"(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|de)?[\s-]?(?:of\s)?(?P<word>{MONTH_WORD})"
    rf"[.,-]?\s?'?(?P<y>{_YEAR})",
    rf"(?<![^\W_])(?P<word>{MONTH_WORD})\.?\s?(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?,?"
    rf"\s(?P<y>{_YEAR})",
    rf"(?P<y>\d{{4}})\s?(?P<word>{MONTH_WORD})\.?\s?(?P<d>\d{{1,2}})",
)
_CENTURIES = {"18", "19", "20"}
_FOUR = 4
_SAID = re.compile(RECOGNISED["numbers_apart.said"], re.IGNORECASE)
_SAID_OF_NUMBER = re.compile(RECOGNISED["numbers_apart.said_of_number"], re.IGNORECASE)
_OTHER_NUMBER = re.compile(RECOGNISED["numbers_apart.other_number"], re.IGNORECASE)
_AMOUNT_BEHIND = re.compile(RECOGNISED["numbers_apart.amount_behind"], re.IGNORECASE)
_FRACTION = re.compile(r"\d[.,]$")
_REACH = 80
"""So far apart two halves are of one person when a word says what one of them is."""
_NEAR, _SHORT_WORDS = 40, 16
"""So far, and so many characters with letters among them, when no word does."""
_WORD_REACH = 24
_YOUNGEST = 13
"""Younger than any who works: a day of the last years is one of an invoice unless a word says."""


@dataclass(frozen=True)
class _Day:
    start: int
    end: int
    digits: str
    year: int | None


def numbers_apart(text: str) -> Iterator[Written]:
    """Yield every date with five digits near it that may be one person's number.

    With a word that says so, right check digits are enough, and five digits called a person's are
    one's whatever their check digits. Without, the two stand beside each other, the number fits
    somebody old enough to work, and what stands before it does not call it something else; chance
    gives such pairs, so a column's others are asked (``personal_identifiers``).

    Args:
        text: A text in which digits, spaces and hyphens are plain ones.
    """
    fives = [hit.span() for hit in _FIVE.finditer(text)]
    if not fives:
        return
    ends = [end for _, end in fives]
    for day in _days(text):
        first = bisect_left(ends, day.start - _REACH)
        for start, end in fives[first:]:
            if start > day.end + _REACH:
                break
            if end <= day.start or start >= day.end:
                found = _judged(text, day, start, end)
                if found is not None:
                    yield found


def _days(text: str) -> Iterator[_Day]:
    for form in (*_IN_DIGITS, *(_IN_WORDS if _MONTH.search(text) else ())):
        for hit in form.finditer(text):
            parts = hit.groupdict()
            month = parts["m"] if parts.get("m") else f"{_month(parts['word'])}"
            year = parts["y"]
            digits = parts["d"].zfill(2) + month.zfill(2) + year[-2:]
            is_year = len(year) != _FOUR or year[:2] in _CENTURIES
            if is_year and has_birth_date(f"{digits}00000"):
                full = int(year) if len(year) == _FOUR else None
                yield _Day(hit.start(), hit.start() + len(hit["whole"]), digits, full)


def _month(word: str) -> int:
    return next(
        place for place, month in enumerate(_MONTHS, 1) if re.fullmatch(month, word, re.IGNORECASE)
    )


def _judged(text: str, day: _Day, start: int, end: int) -> Written | None:
    """Return what a day and five digits are; None when they do not belong together."""
    whole = min(day.start, start), max(day.end, end)
    between = text[min(day.end, end) : max(day.start, start)]
    digits = day.digits + text[start:end]
    is_right = has_check_digits(digits)
    if _SAID_OF_NUMBER.search(text[max(start - _WORD_REACH, 0) : start]):
        return Written(*whole, "certain", "said")
    around = text[max(whole[0] - _WORD_REACH, 0) : whole[1] + _WORD_REACH]
    if is_right and _SAID.search(around):
        return Written(*whole, "certain", "said")
    has_letters = any(map(str.isalpha, between))
    if (
        any(map(str.isdigit, between))
        or len(between) > (_SHORT_WORDS if has_letters else _NEAR)
        or _OTHER_NUMBER.search(text[max(start - _WORD_REACH, 0) : start])
        or _AMOUNT_BEHIND.search(text[end : end + 4])
        or _FRACTION.search(text[max(start - 2, 0) : start])
    ):
        return None
    certainty: Certainty = (
        "certain" if is_right and could_be_alive(digits, day.year, youngest=_YOUNGEST) else "none"
    )
    form: Form = "words_between" if has_letters else "before" if end <= day.start else "apart"
    return Written(*whole, certainty, form)
