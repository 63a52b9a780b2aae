"""What one column of an unknown file holds: figures, dates, months, yes or no, codes or text."""

import re
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from pipelines.ingest.dates import parse_dates
from pipelines.ingest.numbers import AmbiguousNumberError, parse_numbers
from pipelines.municipality.feeds import NumberFormat

Kind = Literal["number", "date", "month", "year_month", "year", "pair", "text"]
FIGURE = r"^\s*[-+(\u2212]?\s*\d[\d\s.,'\u00a0\u202f]*%?\)?\s*$|^\s*-\s*$"
_PAIR = re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*/\s*[-+]?\d+(?:[.,]\d+)?")
_YEAR = r"^(?:19|20)\d\d$"
_YEAR_MONTH = r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])$"
_SERIAL_DAY = r"^(?:3[6-9]|[4-6]\d)\d{3}$"
"""A spreadsheet's number of a day from 1998 to 2091."""
_OF_TIME = re.compile(r"(?i)period|m.ned|month|mnd|dato|date")
"""Six digits are a year and a month where the column is called so; elsewhere they are a code."""
_DAY = r"^\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})$|^\d{4}-\d\d-\d\d"
_MOST = 0.85
_MONTH_WORDS = (
    r"jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|des|dec|kvartal|[KkQq][1-4]$|^\d{4}-\d\d$"
)
_MONTH_IN_TEXT = re.compile(
    r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[kc]t|nov|de[sc])[a-z]*[-. ]?(?:19|20)\d\d",
    re.IGNORECASE,
)
_MAX_VALUES = 60


@dataclass(frozen=True)
class Profile:
    """One column.

    Attributes:
        header: Its name.
        kind: What most of its cells are.
        n_filled: How many cells hold anything.
        n_distinct: How many different texts.
        values: The different texts, when they are few.
        decimal: The decimal mark of its figures; empty when none of them has one.
        is_certain: Whether the decimal mark can be read in one way only.
        has_dash: Whether a lone dash stands among its figures.
        is_percent: Whether figures have a per cent sign behind.
        is_whole: Whether its figures are whole numbers.
        prefix: A text before the month, taken away by a pattern.
        is_month_end: Whether its dates are the last days of months.
        n_digits: How many digits all its codes have; 0 when they differ.
        has_points: Whether points stand between thousands.
        cells: Its cells.
    """

    header: str
    kind: Kind
    n_filled: int
    n_distinct: int
    values: tuple[str, ...] = ()
    decimal: str = ""
    is_certain: bool = True
    has_dash: bool = False
    is_percent: bool = False
    is_whole: bool = False
    prefix: str = ""
    is_month_end: bool = False
    n_digits: int = 0
    has_points: bool = False
    cells: pl.Series = field(default_factory=pl.Series, compare=False, repr=False)


def profile_of(header: str, cells: pl.Series) -> Profile:
    """Return what a column holds.

    Args:
        header: Its name.
        cells: Its cells (String), totals and footnotes among them.
    """
    text = cells.drop_nulls()
    unique = text.unique(maintain_order=True)
    values = tuple(unique.to_list()) if unique.len() <= _MAX_VALUES else ()
    lengths = {len(value) for value in unique.to_list() if value.isdigit()}
    same = lengths.pop() if len(lengths) == 1 else 0
    plain = Profile(header, "text", text.len(), unique.len(), values, n_digits=same, cells=cells)
    if _share(text, _YEAR) >= _MOST:
        return _as(plain, "year")
    if _OF_TIME.search(header) and _share(text, _YEAR_MONTH) >= _MOST:
        return _as(plain, "year_month")
    if sum(bool(_PAIR.fullmatch(value)) for value in text.to_list()) >= _MOST * text.len():
        return _as(plain, "pair", decimal=_mark(text)[0])
    is_serial = bool(_OF_TIME.search(header)) and _share(text, _SERIAL_DAY) >= _MOST
    if _share(text, FIGURE) >= _MOST and _share(text, _DAY) < _MOST and not is_serial:
        return _figures(plain, text)
    prefix = _month_prefix(unique)
    if prefix is not None:
        return _as(plain, "month", prefix=prefix)
    # by the rows, so that one odd text is one row, however few different texts there are
    dates = parse_dates(text).values
    if text.len() and dates.count() >= _MOST * text.len():
        if _share(text, f"(?i){_MONTH_WORDS}") >= _MOST:
            return _as(plain, "month")
        whole = dates.drop_nulls()
        ends = bool((whole == whole.dt.month_end()).all())
        return _as(plain, "date", is_month_end=ends)
    return plain


def _figures(plain: Profile, text: pl.Series) -> Profile:
    mark, is_certain = _mark(text)
    try:
        style = NumberFormat(decimal=mark) if mark in {",", "."} else None
        numbers = parse_numbers(text, style).values.drop_nulls()
    except AmbiguousNumberError:
        numbers = pl.Series([0.5])
    return _as(
        plain,
        "number",
        decimal=mark,
        is_certain=is_certain,
        has_dash=bool((text == "-").any()),
        is_percent=_share(text, "%") > 0,
        has_points=mark == "," and _share(text, r"\.") > 0,
        is_whole=bool((numbers == numbers.round(0)).all()),
    )


def _mark(text: pl.Series) -> tuple[str, bool]:
    """Return the decimal mark, and whether it is beyond doubt."""
    joined = text.unique().to_list()
    last = [hit.group(1) for value in joined if (hit := re.search(r"([.,])\d*%?\s*(?:/|$)", value))]
    if not last:
        return "", True
    odd = [v for v in joined if re.search(r"[.,]\d{1,2}%?\s*(?:/|$)|[.,]\d{4,}%?\s*(?:/|$)", v)]
    mark = max(set(last), key=last.count)
    return mark, bool(odd)


def _month_prefix(unique: pl.Series) -> str | None:
    """Return what stands before a month written in words with its year; None if that is not it."""
    found: set[str] = set()
    for value in unique.to_list():
        hit = _MONTH_IN_TEXT.search(value)
        if hit is None or hit.end() != len(value.rstrip()):
            if len(found) == 1 and next(iter(found)) and not re.search(r"\d", value):
                continue  # a total
            return None
        found.add(value[: hit.start()])
    return found.pop() if len(found) == 1 else None


def _share(text: pl.Series, pattern: str) -> float:
    share = text.str.contains(pattern).mean()
    return float(share) if isinstance(share, float) else 0.0


def _as(plain: Profile, kind: Kind, **found: object) -> Profile:
    return Profile(**{**vars(plain), "kind": kind, **found})
