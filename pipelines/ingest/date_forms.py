"""Dates, months, quarters and weeks as Norwegian exports write them, one text at a time.

A text becomes the first and last day of what it says. What a whole column must agree on, and what
its contract wants of it, is decided in ``dates``.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from pipelines.contracts.times import months_after
from pipelines.ingest.clock import local_day, split_clock
from pipelines.ingest.recognised import RECOGNISED

CENTURY_PIVOT = 70
"""Two-digit years from this on are 19xx."""

_NEVER = "2099|2199|2999|9999"  # the last day of these years is how systems write «no end»
_OPEN_END = re.compile(
    rf"31[./-]12[./-](?:{_NEVER})|(?:{_NEVER})-12-31|(?:{_NEVER})1231"
    "|00[./-]00[./-]0000|0000-00-00|0+"
)
_FAR_YEAR = r"(?:2[2-9]\d\d|[3-9]\d{3})"
_FAR_AHEAD = re.compile(
    rf"\d{{1,2}}[./-]\d{{1,2}}[./-]{_FAR_YEAR}|{_FAR_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}|{_FAR_YEAR}\d{{4}}"
)
_NO_END_FROM = date(2100, 1, 1)
_TURN_OF_YEAR = {(1, 1), (12, 30), (12, 31)}
_TURNS_FROM = 2049
_LAST_DAYS = {date(2038, 1, 18), date(2038, 1, 19), date(2079, 6, 6)}
"""The last days that clocks of 32 and of 16 bits can hold."""
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_FIRST, _EXCEL_LAST = 21_000, 80_000  # 1957-06-29 to 2119-01-10; 20241 is a month, no day
_EXCEL_OPEN_ENDS = {"73050", "2958465"}  # 2099-12-31 and 9999-12-31
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_DECEMBER = 12
_QUARTER = r"kvartal|kvart\.?|kv\.?|quarter"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan", "februar february feb", "mars march mar", "april apr",
            "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep",
            "oktober october okt oct", "november nov", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

Span = tuple[date, date]
"""First and last day of what the text says."""


def parse_date(
    text: str,
    formats: Sequence[str] | None = None,
    *,
    year: int | None = None,
    utc: bool = False,
) -> Span | None:
    """Return the first and last day one text stands for in Norway, or None.

    Args:
        text: What the cell says.
        formats: Names of the ways of writing to try, in order; None tries ``AUTO``.
        year: The year of a text without one (``uke 52``, ``des``).
        utc: Times of day without a zone are UTC.
    """
    plain, clock = split_clock(text, utc=utc)
    for name in formats or AUTO:
        span = _READERS[name](plain)
        if span:
            return local_day(span, clock) if clock else span
    return _yearless(plain, year) if year and formats is None else None


def is_open_end(text: str) -> bool:
    """Return whether a text is a system's way of writing that there is no end."""
    plain, _ = split_clock(text)
    return bool(_OPEN_END.fullmatch(plain)) or plain in _EXCEL_OPEN_ENDS


def is_far_ahead(text: str) -> bool:
    """Return whether a text is a date after 2199, which ends nothing and begins nothing."""
    plain, _ = split_clock(text)
    return bool(_FAR_AHEAD.fullmatch(plain))


def is_no_end(day: date) -> bool:
    """Return whether an end is one that systems write when there is none.

    That is a day after this century, a turn of a year far ahead (2050-12-31, 2049-12-31), or the
    last day that some clock can hold.

    Args:
        day: What stands as the end of something.
    """
    is_turn = day.year >= _TURNS_FROM and (day.month, day.day) in _TURN_OF_YEAR
    return day >= _NO_END_FROM or is_turn or day in _LAST_DAYS


def _day(year: int, month: int, day: int) -> Span | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _month(year: int, month: int) -> Span | None:
    first = _day(year, month, 1)
    if first is None:
        return None
    return first[0], months_after(first[0], 1) - timedelta(days=1)


def _full_year(text: str) -> int:
    number = int(text)
    if len(text) > 2:  # noqa: PLR2004 - two digits leave the century out
        return number
    return number + (1900 if number >= CENTURY_PIVOT else 2000)


def _iso(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    return _day(*(int(part) for part in hit.groups())) if hit else None


def _dmy(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{1,2})[-/.] ?(\d{1,2})[-/.] ?(\d{4})", text)
    if hit:
        return _day(int(hit[3]), int(hit[2]), int(hit[1]))
    hit = re.fullmatch(RECOGNISED["date_forms.day_month_word"], text)
    if hit and hit[2] in _MONTHS:
        return _day(_full_year(hit[3]), _MONTHS[hit[2]], int(hit[1]))
    return None


def _dmy_short(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})", text)
    return _day(_full_year(hit[3]), int(hit[2]), int(hit[1])) if hit else None


def _mdy(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", text)
    return _day(_full_year(hit[3]), int(hit[1]), int(hit[2])) if hit else None


def _ymd(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    return _day(*(int(part) for part in hit.groups())) if hit else None


def _excel(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{5})(?:[.,]\d+)?", text)
    if not hit or not _EXCEL_FIRST <= int(hit[1]) <= _EXCEL_LAST:
        return None
    found = _EXCEL_EPOCH + timedelta(days=int(hit[1]))
    return found, found


def _year_month(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{4})[-/.m ]?(\d{2})", text) or re.fullmatch(r"(\d{4})m(\d)", text)
    if hit:
        return _month(int(hit[1]), int(hit[2]))
    hit = re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text)
    return _month(int(hit[2]), int(hit[1])) if hit else None


def _year_month_unpadded(text: str) -> Span | None:
    hit = re.fullmatch(r"(\d{4})[-/ ]?(\d|1[0-2])", text)
    return _month(int(hit[1]), int(hit[2])) if hit and hit[2] != "0" else None


def _month_name(text: str) -> Span | None:
    hit = re.fullmatch(RECOGNISED["date_forms.month_word_year"], text)
    name, number = (hit[1], hit[2]) if hit else ("", "")
    if not hit:
        hit = re.fullmatch(RECOGNISED["date_forms.year_month_word"], text)
        name, number = (hit[2], hit[1]) if hit else ("", "")
    return _month(_full_year(number), _MONTHS[name]) if name in _MONTHS else None


def _quarter(text: str) -> Span | None:
    hit = (
        re.fullmatch(r"(?P<y>\d{4})[ /-]?[kq](?P<q>[1-4])", text)
        or re.fullmatch(rf"(?P<q>[1-4])\.? ?(?:{_QUARTER}|[kq])[ /-]*(?P<y>\d{{4}})", text)
        or re.fullmatch(rf"(?:{_QUARTER}|[kq]) ?(?P<q>[1-4])[ ,/-]*(?P<y>\d{{4}})", text)
        or re.fullmatch(rf"(?P<y>\d{{4}})[ ,/-]*(?P<q>[1-4])\.? ?(?:{_QUARTER})", text)
    )
    if not hit:
        return None
    year, last = int(hit["y"]), 3 * int(hit["q"])
    first, end = _month(year, last - 2), _month(year, last)
    return (first[0], end[1]) if first and end else None


def _week(text: str) -> Span | None:
    hit = re.fullmatch(r"(?:uke|veke|week) ?(?P<w>\d{1,2})[ ,/-]+(?P<y>\d{4})", text) or (
        re.fullmatch(r"(?P<y>\d{4})[ -]?(?:u|w|uke|veke|week) ?(?P<w>\d{1,2})", text)
    )
    return _iso_week(int(hit["y"]), int(hit["w"])) if hit else None


def _iso_week(year: int, week: int) -> Span | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=6)


def _year(text: str) -> Span | None:
    first = _day(int(text), 1, 1) if re.fullmatch(r"\d{4}", text) else None
    return (first[0], date(first[0].year, _DECEMBER, 31)) if first else None


def _yearless(text: str, year: int) -> Span | None:
    week = re.fullmatch(r"(?:uke|veke|week|u|w) ?(\d{1,2})", text)
    if week:
        return _iso_week(year, int(week[1]))
    name = text.rstrip(".")
    return _month(year, _MONTHS[name]) if name in _MONTHS else None


_READERS: dict[str, Callable[[str], Span | None]] = {
    "iso": _iso,
    "dmy": _dmy,
    "dmy_short": _dmy_short,
    "ymd": _ymd,
    "excel": _excel,
    "year_month": _year_month,
    "month_name": _month_name,
    "quarter": _quarter,
    "week": _week,
    "mdy": _mdy,
    "year": _year,
    "year_month_unpadded": _year_month_unpadded,
}
AUTO = tuple(name for name in _READERS if name not in {"mdy", "year", "year_month_unpadded"})
"""What is tried when the feed says nothing."""
