"""A column of dates: what its texts must agree on, and what the contract wants of them.

A period becomes its first day, or its last day in a column that ends something. Digits alone
(``20241``, ``45322``, ``200112``) are read in one way for the whole column or not at all. The
unique texts of a column are parsed, not its rows; the ways of writing are in ``date_forms``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pipelines.ingest.clock import is_midnight_in_utc
from pipelines.ingest.date_forms import Span, is_far_ahead, is_no_end, is_open_end, parse_date
from pipelines.ingest.numbers import Parsed
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.text_keys import fold_words
from pipelines.words.messages import say

__all__ = ["DateColumn", "doubts", "joined_dates", "parse_date", "parse_dates", "read_dates"]

_DAY_NUMBER = re.compile(r"\d{5}(?:[.,]\d+)?")
_UNPADDED = re.compile(r"(?:19|20)\d\d[-/ ]?([1-9])")
_PADDED = re.compile(r"\d{4}[-/ ]?(\d{2})")
_SIX_DIGITS = re.compile(r"\d{6}")
_DAY_AND_MONTH = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(?:\d{4}|\d{2})(?:[ T].*)?")
_FROM_1904 = timedelta(days=1462)
_QUARTERS, _OCTOBER, _MONTHS = 4, 10, 12

_YEAR_AND_NUMBER = re.compile(RECOGNISED["dates.year_and_month"])
_PARTS = (
    (frozenset({"kvartal", "kv", "quarter"}), "{year}K{number}"),
    (frozenset({"uke", "ukenr", "ukenummer", "veke", "week"}), "uke {number} {year}"),
    (frozenset({"tertial", "termin"}), "{number}. tertial {year}"),
)

_WHY_UNPADDED = say("ingest.dates.unpadded_months_or_quarters")
_WHY_DAY_NUMBER = say("ingest.dates.five_digits_among_dates")
_WHY_AMERICAN = say("ingest.dates.american_dates")
_WHY_SIX = say("ingest.dates.six_digits_two_meanings")
_WHY_LONGER = say("ingest.dates.period_longer_than_a_month")
_WHY_UTC = say("ingest.dates.clock_near_midnight")
_WHY_WEEK = say("ingest.dates.week_is_no_month")


@dataclass(frozen=True)
class DateColumn:
    """What is known about a column of dates before it is read.

    Attributes:
        formats: Names of the ways of writing to try, in order; None tries all but ``mdy``,
            ``year`` and ``year_month_unpadded``.
        as_end: Whether a month, quarter, week or year stands for its last day.
        year: The year of texts without one (``uke 52``, ``des``), known from the file's name.
        typed: The file has real dates, so a number cell among them is a day number.
        from_1904: Its day numbers count from 1904.
        is_month: The contract wants the first day of a month.
        as_month: Which of its months a longer period stands for, where a month is wanted.
        utc: Whether times of day without a zone are UTC; None when nobody said.
    """

    formats: Sequence[str] | None = None
    as_end: bool = False
    year: int | None = None
    typed: bool = False
    from_1904: bool = False
    is_month: bool = False
    as_month: str | None = None
    utc: bool | None = None


def parse_dates(
    text: pl.Series,
    formats: Sequence[str] | None = None,
    *,
    as_end: bool = False,
    year: int | None = None,
) -> Parsed:
    """Return a text column as Date; open ends and blanks are null. See ``read_dates``."""
    return read_dates(text, DateColumn(formats=formats, as_end=as_end, year=year))


def read_dates(text: pl.Series, column: DateColumn) -> Parsed:
    """Return a text column as Date; open ends and blanks are null.

    Args:
        text: The column (String).
        column: What is known about it.

    Returns:
        The dates, which cells could not be read, and why where there is more to say than that.
    """
    unique = _said(text.unique().to_list(), column)
    why = dict(doubts(unique, column))
    unpadded = column.formats is None and not why and any(map(_UNPADDED.fullmatch, unique))
    found: dict[str, date] = {}
    for value in unique:
        if value in why:
            continue
        span = _span(value, column, unpadded=unpadded)
        if span is None:
            continue
        reason = _too_long(span, column) if column.is_month else None
        if reason:
            why[value] = reason
        else:
            found[value] = _day(span, column)
    bad = [value for value in unique if value not in found]
    if column.as_end:
        found = {value: day for value, day in found.items() if not is_no_end(day)}
    return Parsed(
        values=text.replace_strict(found, default=None, return_dtype=pl.Date),
        bad=text.is_in(bad).fill_null(value=False),
        why=text.replace_strict(why, default=None, return_dtype=pl.String) if why else None,
    )


def doubts(texts: Iterable[str | None], column: DateColumn) -> Mapping[str, str]:
    """Return the texts that cannot be read for sure beside the column's others, and why.

    Args:
        texts: The different texts of a whole column.
        column: What is known about it.
    """
    return {} if column.formats is not None else _disagreements(_said(texts, column), column)


def joined_dates(text: pl.Series, headers: Sequence[str]) -> pl.Series:
    """Return texts put together from a year and a number as texts that can only be read one way.

    Args:
        text: ``2024-3``, ``3-2024`` ...: the file columns' cells with a mark between.
        headers: The file columns; ``Kvartal`` makes the number a quarter and ``Uke`` a week.
    """
    words = {fold_words(header) for header in headers}
    form = next((form for names, form in _PARTS if names & words), "{year}-{number:02d}")
    plain = {}
    for value in text.drop_nulls().unique().to_list():
        hit = _YEAR_AND_NUMBER.fullmatch(value.strip())
        if hit:
            year, number = hit["y1"] or hit["y2"], int(hit["n1"] or hit["n2"])
            plain[value] = form.format(year=year, number=number)
    return text.replace(plain)


def _said(texts: Iterable[str | None], column: DateColumn) -> list[str]:
    """Return the texts that say a day: no blank, no open end."""
    said = [text for text in texts if text and not is_open_end(text)]
    return [text for text in said if not (column.as_end and is_far_ahead(text))]


def _span(text: str, column: DateColumn, *, unpadded: bool) -> Span | None:
    if unpadded and _UNPADDED.fullmatch(text):
        return parse_date(text, ["year_month_unpadded"])
    span = parse_date(text, column.formats, year=column.year, utc=bool(column.utc))
    if span and column.from_1904 and _DAY_NUMBER.fullmatch(text):
        return span[0] + _FROM_1904, span[1] + _FROM_1904
    return span


def _disagreements(texts: Sequence[str], column: DateColumn) -> Mapping[str, str]:
    """Return the texts of digits alone that cannot be read for sure, and why."""
    why: dict[str, str] = {}
    if column.is_month and column.utc is None:
        why |= dict.fromkeys(filter(is_midnight_in_utc, texts), _WHY_UTC)
    why |= dict.fromkeys(_perhaps_american(texts), _WHY_AMERICAN)
    unpadded = {text: int(hit[1]) for text in texts if (hit := _UNPADDED.fullmatch(text))}
    padded = {text: int(hit[1]) for text in texts if (hit := _PADDED.fullmatch(text))}
    six = {text for text in texts if _SIX_DIGITS.fullmatch(text)}
    if unpadded and not _are_months(unpadded, padded, len(texts)):
        why |= dict.fromkeys(unpadded, _WHY_UNPADDED)
    numbers = {text for text in texts if _DAY_NUMBER.fullmatch(text) and text not in unpadded}
    if numbers and not column.typed and any(parse_date(t) for t in texts if t not in numbers):
        why |= dict.fromkeys(numbers, _WHY_DAY_NUMBER)
    # one wrong month is a slip of the pen; mostly wrong ones are not year and month at all
    if six and 2 * sum(parse_date(text) is not None for text in six) < len(six):
        why |= dict.fromkeys(six, _WHY_SIX)
    return why


def _perhaps_american(texts: Sequence[str]) -> list[str]:
    """Return the texts with the month first, and those that may have it, when some surely do.

    As long as more texts surely have the day first, the others are slips of the pen.
    """
    pairs = {
        text: (int(hit[1]), int(hit[3]))
        for text in texts
        if (hit := _DAY_AND_MONTH.fullmatch(text))
    }
    american = [text for text, (one, two) in pairs.items() if one <= _MONTHS < two]
    n_norwegian = sum(two <= _MONTHS < one for one, two in pairs.values())
    if not american or n_norwegian > len(american):
        return []
    return [*american, *(t for t, (one, two) in pairs.items() if max(one, two) <= _MONTHS)]


def _are_months(unpadded: Mapping[str, int], padded: Mapping[str, int], n_texts: int) -> bool:
    """Only years with unpadded months, and at least one month that is no quarter's number."""
    is_alone = len(unpadded) + len(padded) == n_texts
    numbers = [*unpadded.values(), *padded.values()]
    return is_alone and max(numbers) > _QUARTERS and min(padded.values(), default=12) >= _OCTOBER


def _day(span: Span, column: DateColumn) -> date:
    first, last = span
    if not column.is_month:
        return last if column.as_end else first
    if first == last:
        return first.replace(day=1) if _is_month_end(first) else first
    return (last if column.as_month == "last" else first).replace(day=1)


def _too_long(span: Span, column: DateColumn) -> str | None:
    first, last = span
    if first == last:
        return None
    if first.day != 1 or not _is_month_end(last):
        return _WHY_WEEK
    is_longer = (first.year, first.month) != (last.year, last.month)
    return _WHY_LONGER if is_longer and column.as_month is None else None


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1
