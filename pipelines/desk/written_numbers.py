"""The ways in which a person's number is written: which digits of a text may be one.

Text in, places out, with what speaks for each. Date and check digits are judged in
``identity_numbers``; what a column's other cells say, in ``personal_identifiers``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipelines.desk.identity_numbers import has_birth_date, is_account_number, is_right
from pipelines.desk.recognised import RECOGNISED

Certainty = Literal["certain", "likely", "none"]
Form = Literal[
    "eleven", "six_five", "loose", "amount", "account", "said", "apart", "before", "words_between"
]

FEWEST_DIGITS = 9
_SPACE = r"(?:[\s\x00-\x1f\x7f]|&nbsp;|&#160;)"
_USUAL = "-.,:/\\_'`|+*~·•"
_MARKS = rf"[{re.escape(_USUAL)}\"#&();<=>^\[\]{{}}]"
_GAP = rf"{_SPACE}{{0,8}}{_MARKS}{{1,4}}{_SPACE}{{0,8}}|{_SPACE}{{1,8}}"
_WIDE = 4
"""A gap of so many characters does not hold two halves together, unless check digits do."""
_CHAIN = re.compile(rf"\d+(?:(?:{_GAP})\d+)*")
_DIGITS = re.compile(r"\d+")
# a digit and one mark, ten times over: whatever the mark is, a letter too
_EACH_APART = re.compile(r"(?<!\d)\d(\D)\d(?:\1\d){9}(?!\d)")
# zeros that a field's width has put before, or the country's telephone code
_PREFIXED = re.compile(r"(?<!\d)(?:0{0,4}47|0{1,4})\d{6}[ -]?\d{5}(?!\d)")
_SCIENTIFIC = re.compile(r"(?<![\d.,])(\d)[.,](\d{7,15})[eE]\+?0?(9|10)(?!\d)")
_LABEL = re.compile(
    RECOGNISED["written_numbers.said_before_number"],
    re.IGNORECASE,
)
_ACCOUNT_LABEL = re.compile(
    r"(?:bank-?\s?konto(?:n(?:umme)?r)?|konto-?n(?:umme)?r)\W{0,4}$", re.IGNORECASE
)
_LABEL_REACH = 24
_LONGEST = 13
_ELEVEN, _TWO, _FOUR = 11, 2, 4
_WHOLE: dict[tuple[int, ...], Form] = {(11,): "eleven", (6, 5): "six_five", (6, 3, 2): "six_five"}
_ZERO_LOST = {(10,), (5, 5), (5, 3, 2)}
_YEAR_OF_FOUR = {(13,), (8, 5), (8, 3, 2)}
_THOUSANDS = {(1, 3, 3, 3), (2, 3, 3, 3)}
_ACCOUNT = (4, 2, 5)
_ENDS = {(5,), (3, 2)}
_CENTURIES = {"18", "19", "20"}


@dataclass(frozen=True)
class Written:
    """Digits that have the form of a number about a person.

    Attributes:
        start: Their first character.
        end: Behind their last.
        certainty: ``certain`` when date and check digits are right or a word before says what it
            is; ``likely`` when the date is right and little else is written so; else ``none``.
        form: How it is written.
    """

    start: int
    end: int
    certainty: Certainty
    form: Form


@dataclass(frozen=True)
class _Window:
    """Groups of digits that stand beside each other in a text."""

    text: str
    groups: tuple[tuple[int, int], ...]
    is_whole_chain: bool
    is_decimal: bool
    is_fraction: bool

    @property
    def parts(self) -> list[str]:
        return [self.text[start:end] for start, end in self.groups]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(end - start for start, end in self.groups)

    @property
    def digits(self) -> str:
        return "".join(self.parts)

    @property
    def gaps(self) -> list[str]:
        return [
            self.text[before[1] : after[0]]
            for before, after in zip(self.groups, self.groups[1:], strict=False)
        ]

    @property
    def start(self) -> int:
        return self.groups[0][0]

    @property
    def end(self) -> int:
        return self.groups[-1][1]

    @property
    def is_glued(self) -> bool:
        """Whether letters stand on both sides."""
        return self.text[self.start - 1 : self.start].isalpha() and (
            self.text[self.end : self.end + 1].isalpha()
        )

    def follows(self, label: re.Pattern[str]) -> bool:
        return label.search(self.text[max(self.start - _LABEL_REACH, 0) : self.start]) is not None


def written_numbers(text: str) -> Iterator[Written]:
    """Yield every place in a text whose digits have a form that such numbers are written in.

    Args:
        text: A text in which digits, spaces and hyphens are plain ones.
    """
    for hit in _SCIENTIFIC.finditer(text):
        yield _scientific(hit)
    text = _SCIENTIFIC.sub(lambda hit: "x" * len(hit[0]), text)
    for hit in (*_EACH_APART.finditer(text), *_PREFIXED.finditer(text)):
        digits = "".join(_DIGITS.findall(hit[0]))[-_ELEVEN:]
        is_weak = hit.re is _PREFIXED
        certainty: Certainty = "certain" if is_right(digits, is_weak=is_weak) else "none"
        yield Written(*hit.span(), certainty, "loose")
    for chain in _CHAIN.finditer(text):
        for window in _windows(text, chain):
            yield from _account(window)
            identity = _identity(window)
            if identity is not None:
                yield identity


def _windows(text: str, chain: re.Match[str]) -> Iterator[_Window]:
    groups = [hit.span() for hit in _DIGITS.finditer(text, *chain.span())]
    is_each_apart = len(groups) == _ELEVEN and all(end - start == 1 for start, end in groups)
    if len(groups) > 1 and not is_each_apart and _is_zero_decimals(text, groups[-2], groups[-1]):
        groups.pop()
    for first in range(len(groups)):
        n_digits = 0
        is_fraction = _is_point(text, groups[first - 1 : first + 1])
        for last in range(first, len(groups)):
            n_digits += groups[last][1] - groups[last][0]
            if n_digits > _LONGEST:
                break
            if n_digits >= FEWEST_DIGITS:
                yield _Window(
                    text,
                    tuple(groups[first : last + 1]),
                    is_whole_chain=first == 0 and last == len(groups) - 1,
                    is_decimal=is_fraction or _is_point(text, groups[last : last + 2]),
                    is_fraction=is_fraction,
                )


def _is_zero_decimals(text: str, whole: tuple[int, int], decimals: tuple[int, int]) -> bool:
    return _is_point(text, [whole, decimals]) and not text[slice(*decimals)].strip("0")


def _is_point(text: str, pair: list[tuple[int, int]]) -> bool:
    return len(pair) > 1 and text[pair[0][1] : pair[1][0]] in {".", ","}


def _identity(window: _Window) -> Written | None:
    """Return what a window is as an identity number; None when it has no form of one."""
    split = _split_date(window)
    if split:
        is_tight = _is_tight(window)
        return _judged(window, split, "loose", is_likely=is_tight, is_weak=not is_tight)
    shape, digits = window.shape, window.digits
    if shape in _WHOLE:
        is_point = bool(window.gaps) and window.gaps[0] in {".", ","} and digits[0] != "0"
        if is_point or (window.is_decimal and shape == (11,)):
            is_part = window.is_fraction and shape == (11,)
            return None if is_part else _judged(window, digits, "loose", is_likely=False)
        is_likely = shape == (11,) or (window.is_whole_chain and not _is_posting(window))
        form = "loose" if _is_apart(window) else _WHOLE[shape]
        return _judged(window, digits, form, is_likely=is_likely)
    if shape in _THOUSANDS and digits[0] != "0":
        return _judged(window, digits.zfill(11), "amount", is_likely=False)
    if window.is_decimal and len(shape) == 1:
        return None
    if shape in _ZERO_LOST:
        return _judged(window, f"0{digits}", "loose", is_likely=False)
    if shape in _YEAR_OF_FOUR:
        return _of_four(window)
    if len(digits) == _ELEVEN and window.is_whole_chain and not _is_list(window):
        return _judged(window, digits, "loose", is_likely=set(shape) == {1})
    return None


def _of_four(window: _Window) -> Written | None:
    """Return what a window is whose year has four digits, last or first: «19680703 12345»."""
    digits, found = window.digits, []
    if digits[4:6] in _CENTURIES:
        found.append(digits[:4] + digits[6:])
    if digits[:2] in _CENTURIES:
        found.append(digits[6:8] + digits[4:6] + digits[2:4] + digits[8:])
    judged = [_judged(window, each, "loose", is_likely=False, is_weak=True) for each in found]
    return next((one for one in judged if one.certainty == "certain"), next(iter(judged), None))


def _is_list(window: _Window) -> bool:
    """Return whether decimal numbers stand in a row: «418192.25,9.05»."""
    return len(set(window.gaps)) > 1 and any(gap.strip() in {".", ","} for gap in window.gaps)


def _is_posting(window: _Window) -> bool:
    """Return whether the gap is one that budget references have: «241001/10100», or lists."""
    return _is_apart(window) or any(set(gap) & set("/:|\\*+,_") for gap in window.gaps)


def _is_apart(window: _Window) -> bool:
    """Return whether what stands between holds no halves together: only check digits tell then."""
    return any(
        len(gap) >= _WIDE
        or len(gap.strip()) > _TWO
        or any(not mark.isspace() and mark not in _USUAL for mark in gap)
        for gap in window.gaps
    )


def _split_date(window: _Window) -> str:
    """Return eleven digits when day, month and year stand apart, in this order or the other."""
    day_month_year, rest = window.shape[:3], window.shape[3:]
    if day_month_year == (_FOUR, _TWO, _TWO) and rest in _ENDS:
        year, month, day, *number = window.parts
        return day + month + year[-2:] + "".join(number) if year[:2] in _CENTURIES else ""
    if (
        rest not in _ENDS
        or max(day_month_year[:2]) > _TWO
        or (day_month_year[2] not in {_TWO, _FOUR})
    ):
        return ""
    day, month, year, *number = window.parts
    if len(year) == _FOUR and year[:2] not in _CENTURIES:
        return ""
    return day.zfill(2) + month.zfill(2) + year[-2:] + "".join(number)


def _is_tight(window: _Window) -> bool:
    """Return whether date and number are written as one: «01.01.70-12345», not a date and a sum."""
    joiner = window.gaps[2]
    is_joined = "-" in joiner or "/" in joiner
    is_spaced = all(not gap.strip() for gap in window.gaps)
    return window.is_whole_chain and window.shape[:3] == (2, 2, 2) and (is_joined or is_spaced)


def _judged(
    window: _Window, digits: str, form: Form, *, is_likely: bool, is_weak: bool = False
) -> Written:
    certainty: Certainty = "none"
    if window.follows(_LABEL) or is_right(digits, is_weak=is_weak):
        certainty = "certain"
    elif is_likely and has_birth_date(digits) and not window.is_glued:
        certainty = "likely"
    return Written(window.start, window.end, certainty, form)


def _account(window: _Window) -> Iterator[Written]:
    """Yield an account number when the window is written as one."""
    is_grouped = window.shape == _ACCOUNT and set(window.gaps) in ({"."}, {" "})
    if is_grouped or (window.shape == (11,) and window.follows(_ACCOUNT_LABEL)):
        is_right = is_account_number(window.digits)
        yield Written(window.start, window.end, "certain" if is_right else "none", "account")


def _scientific(hit: re.Match[str]) -> Written:
    """Return what a number with an exponent is: a spreadsheet writes long numbers so."""
    length = int(hit[3]) + 1
    digits = (hit[1] + hit[2]).ljust(length, "0")
    is_whole = not digits[length:].strip("0")
    digits = digits[:length].zfill(11)
    certainty: Certainty = "certain" if is_whole and is_right(digits) else "none"
    return Written(*hit.span(), certainty, "loose")
