"""How figures, units of measure, dates and months are written, in each language.

The one formatter of sentences, tables, charts, PDF and files; the marks and words come from
``format`` and ``unit`` of the word files. Spaces inside a figure do not break, the minus is a true
one, and times are told by the clock of Oslo. What is missing is empty, what is hidden is ``:``;
the two are never mixed.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from math import floor, isfinite
from zoneinfo import ZoneInfo

from pipelines.words.catalogue import DEFAULT_LANGUAGE, find, section, text

HIDDEN = ":"
"""Shown in place of a figure with too few people behind it."""

MISSING = "\u2013"
"""Shown in a table in place of a figure that was not delivered."""

NO_BREAK = "\u00a0"
MINUS = "\u2212"
_SIGNIFICANT = 9
_OSLO = ZoneInfo("Europe/Oslo")


@cache
def _marks(language: str) -> tuple[str, str]:
    return text("format.decimal", language), text("format.thousands", language)


def number(
    value: float | Decimal | None, decimals: int, language: str, *, signed: bool = False
) -> str:
    """Return a number as ``1 234,5``, in English ``1,234.5``; missing is empty, never zero.

    Args:
        value: The number.
        decimals: Digits after the mark.
        language: Whose marks.
        signed: A plus sign before what is above zero. What rounds to zero never has a sign.
    """
    if value is None:
        return ""
    # a half goes away from zero, as SQL and the browser round: Python's own goes to the even
    size = floor(abs(float(value)) * 10**decimals + 0.5)
    whole, rest = divmod(size, 10**decimals)
    sign = "" if size == 0 else MINUS if value < 0 else "+" if signed else ""
    point, thousands_mark = _marks(language)
    tail = f"{point}{rest:0{decimals}d}" if decimals else ""
    return sign + f"{whole:,}".replace(",", thousands_mark) + tail


def number_nb(value: float | Decimal | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Return a number for a message to operators, which are in bokmål."""
    return number(value, decimals, DEFAULT_LANGUAGE, signed=signed)


def counted_nb(value: float, one: str, several: str, decimals: int = 0) -> str:
    """Return a count with its noun, for operators: «1 rad», «1 234 rader», «0 rader».

    Args:
        value: How many.
        one: The noun for exactly one.
        several: The noun for any other number.
        decimals: Digits after the mark.
    """
    return f"{number_nb(value, decimals)} {one if value == 1 else several}"


def thousands(value: float | None, language: str, *, signed: bool = False) -> str:
    """Return an amount in thousands, without decimals; missing is empty."""
    return number(None if value is None else value / 1e3, 0, language, signed=signed)


def unit_words(unit: str | None, language: str, form: str) -> str:
    """Return what is written after a figure, its space included; empty for a plain number.

    Args:
        unit: Code of ``unit`` in the word files; unknown codes add nothing.
        language: Whose words.
        form: ``level``, ``change`` (points for a percentage), or ``short_level`` and
            ``short_change`` where space is short.
    """
    return (find(f"unit.{unit}.{form}", language) or "").replace(" ", NO_BREAK)


def quantity(
    value: float | None, decimals: int, unit: str | None, language: str, *, is_change: bool = False
) -> str:
    """Return a number with its unit of measure in short; a change carries its sign.

    Args:
        value: The number; missing gives an empty text.
        decimals: Digits after the mark.
        unit: Code from ``dim_metrics.unit`` or ``percent``; unknown codes add nothing.
        language: Whose marks and words.
        is_change: A difference, not a level: signed, and percentage points for a percentage.
    """
    if value is None:
        return ""
    form = "short_change" if is_change else "short_level"
    return number(value, decimals, language, signed=is_change) + unit_words(unit, language, form)


def suffix(unit: str | None, language: str) -> str:
    """Return the unit of measure as written after a level, without the leading space."""
    return unit_words(unit, language, "short_level").strip()


def interval(low: float | None, high: float | None, decimals: int, language: str) -> str:
    """Return ``−1,2 … +0,4``; empty when either end is missing."""
    if low is None or high is None:
        return ""
    ends = (number(end, decimals, language, signed=True) for end in (low, high))
    return f"{NO_BREAK}…{NO_BREAK}".join(ends)


def day(value: date | None, language: str) -> str:
    """Return a date as ``31.12.2017``, in English ``31 Dec 2017``; missing is empty."""
    if isinstance(value, datetime):
        value = in_oslo(value)
    if value is None:
        return ""
    return text(
        "format.day",
        language,
        day=value.day,
        month=value.month,
        short_month=text(f"format.short_month.{value.month}", language),
        year=value.year,
    )


def moment(value: datetime | None, language: str) -> str:
    """Return a time as ``31.12.2017 14:05``; missing is empty."""
    return f"{day(value, language)} {in_oslo(value):%H:%M}" if value else ""


def in_oslo(value: datetime) -> datetime:
    """Return a time by the clock of Oslo; one that names no zone is UTC, as the ledger keeps it."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(_OSLO)


def month(value: date | None, language: str) -> str:
    """Return a month as ``mars 2017``; missing is empty."""
    return f"{text(f'format.month.{value.month}', language)} {value.year}" if value else ""


def short_month(value: date | None, language: str) -> str:
    """Return a month as ``mars 2017``, the long names shortened; missing is empty."""
    return f"{text(f'format.short_month.{value.month}', language)} {value.year}" if value else ""


def month_alone(value: date | None, language: str) -> str:
    """Return a month in short without its year, as ``des``; missing is empty."""
    return text(f"format.short_month.{value.month}", language) if value else ""


def months(first: date | None, last: date | None, language: str) -> str:
    """Return a stretch of months; one end missing is left open, both missing is empty."""
    if first is None and last is None:
        return ""
    return f"{month(first, language)}\u2013{month(last, language)}"


def months_since(start: date | None, until: date | None) -> int | None:
    """Return whole calendar months from one month to another; missing when either is."""
    if start is None or until is None:
        return None
    return (until.year - start.year) * 12 + until.month - start.month


def yes_no(value: bool, language: str) -> str:  # noqa: FBT001 - the value itself
    """Return yes or no."""
    return text("format.yes" if value else "format.no", language)


def any_value(value: object, language: str) -> str:
    """Return a cell of an answer nobody has designed a format for; missing is empty.

    A whole number stands as it is, because it may be a year or a code; a fraction is written with
    the language's mark and at most nine significant digits.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value, language)
    if isinstance(value, float | Decimal):
        return plain_fraction(Decimal(f"{value:.{_SIGNIFICANT}g}"), language, minus=MINUS)
    if isinstance(value, datetime):
        # as it is stored: what was asked for may be any column
        return f"{day(value.date(), language)} {value:%H:%M}"
    return day(value, language) if isinstance(value, date) else str(value)


def plain_fraction(value: Decimal, language: str, *, minus: str = "-") -> str:
    """Return all digits of a number with the language's mark, not grouped; no number is empty.

    Args:
        value: The number.
        language: Whose decimal mark.
        minus: A spreadsheet reads only the hyphen as a minus.
    """
    if not isfinite(value):
        return ""
    written = format(without_sign_of_zero(value), "f")
    return written.replace("-", minus).replace(".", text("format.decimal", language))


def exactly(value: float | Decimal) -> float:
    """Return a figure by the fifteen digits that every float keeps.

    The sum 1.3 + 2.6 is not 3.9000000000000004 to a reader.
    """
    return float(f"{value:.15g}")


def without_sign_of_zero(value: Decimal) -> Decimal:
    """Return the same number, with the same digits; a zero that came out below zero is a zero."""
    return value.copy_abs() if value.is_zero() else value


def chart_locale(language: str) -> dict[str, dict[str, object]]:
    """Return Vega's locale, so that a chart writes as the page around it does."""
    decimal, thousands_mark = _marks(language)
    day_format = text("format.chart_day", language)
    return {
        "number": {
            "decimal": decimal,
            "thousands": thousands_mark,
            "grouping": [3],
            "currency": ["", unit_words("nok", language, "short_level")],
            "minus": MINUS,
        },
        "time": {
            "dateTime": f"{day_format} %H:%M:%S",
            "date": day_format,
            "time": "%H:%M:%S",
            "periods": ["", ""],
            "months": _names("month", language),
            "shortMonths": _names("short_month", language),
            "days": _from_sunday("weekday", language),
            "shortDays": _from_sunday("short_weekday", language),
        },
    }


def _names(which: str, language: str) -> list[str]:
    return list(section(f"format.{which}", language).values())


def _from_sunday(which: str, language: str) -> list[str]:
    # Vega's week begins on Sunday, ours on Monday
    *rest, sunday = _names(which, language)
    return [sunday, *rest]
