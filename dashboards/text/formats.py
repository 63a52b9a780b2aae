"""How numbers, dates and months are written: always Norwegian figures, whatever the browser.

``1 234,5`` with a no-break space and a real minus; dates as ``31.12.2017``; months as words. Units
of measure come as codes from the metric catalogue. What is missing is empty, what is hidden is
``:``; the two are never mixed. No word of the pages stands here but months and units.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from pipelines.desk import figures

_OSLO = ZoneInfo("Europe/Oslo")
HIDDEN = ":"
"""Shown in place of a figure with too few people behind it."""

MISSING = "\u2013"
"""Shown in a table in place of a figure that was not delivered."""

NO_BREAK = "\u00a0"
MINUS = "\u2212"

MONTHS = {
    "nb": (
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

# code -> (before nothing; after a level, after a change); a change in per cent is in points
_UNITS = {
    "nb": {
        "pct": (" %", " pp"), "percent": (" %", " %"), "nok": (" kr", " kr"),
        "fte": (" årsverk", " årsverk"), "days": (" dager", " dager"),
        "per_1000": (" per 1 000", " per 1 000"), "per_10000": (" per 10 000", " per 10 000"),
    },
    "en": {
        "pct": (" %", " pp"), "percent": (" %", " %"), "nok": (" NOK", " NOK"),
        "fte": (" FTE", " FTE"), "days": (" days", " days"),
        "per_1000": (" per 1 000", " per 1 000"), "per_10000": (" per 10 000", " per 10 000"),
    },
}  # fmt: skip


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Return a number as ``1 234,5``; missing is empty and a rounded zero has no sign."""
    return figures.number(value, decimals, signed=signed)


def thousands(value: float | None, *, signed: bool = False) -> str:
    """Return an amount in thousands, without decimals; missing is empty."""
    return number(None if value is None else value / 1e3, signed=signed)


def quantity(
    value: float | None, decimals: int, unit: str | None, language: str, *, is_change: bool = False
) -> str:
    """Return a number with its unit of measure; a change carries its sign.

    Args:
        value: The number; missing gives an empty text.
        decimals: Digits after the comma.
        unit: Code from ``dim_metrics.unit`` or ``percent``; unknown codes add nothing.
        language: ``nb`` or ``en``.
        is_change: A difference, not a level: signed, and percentage points for a percentage.
    """
    if value is None:
        return ""
    level, change = _UNITS[language].get(unit or "", ("", ""))
    suffix = (change if is_change else level).replace(" ", NO_BREAK)
    return number(value, decimals, signed=is_change) + suffix


def interval(low: float | None, high: float | None, decimals: int) -> str:
    """Return ``−1,2 til +0,4`` as ``−1,2 … +0,4``; empty when either end is missing."""
    if low is None or high is None:
        return ""
    ends = number(low, decimals, signed=True), number(high, decimals, signed=True)
    return f"{ends[0]}{NO_BREAK}…{NO_BREAK}{ends[1]}"


def day(value: date | None) -> str:
    """Return a date as ``31.12.2017``, that of a time by the clock of Oslo; missing is empty."""
    if isinstance(value, datetime):
        value = _in_oslo(value)
    return value.strftime("%d.%m.%Y") if value else ""


def moment(value: datetime | None) -> str:
    """Return a time as ``31.12.2017 14:05`` by the clock of Oslo; missing is empty."""
    return f"{_in_oslo(value):%d.%m.%Y %H:%M}" if value else ""


def _in_oslo(value: datetime) -> datetime:
    # aware, or UTC without saying so, as the ledger keeps it
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(_OSLO)


def month(value: date | None, language: str) -> str:
    """Return a month as ``mars 2017``; missing is empty."""
    return f"{MONTHS[language][value.month - 1]} {value.year}" if value else ""


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


def suffix(unit: str | None, language: str) -> str:
    """Return the unit of measure as written after a level, without the leading space."""
    return _UNITS[language].get(unit or "", ("", ""))[0].strip()


_SIGNIFICANT = 9
_YES_NO = {"nb": ("ja", "nei"), "en": ("yes", "no")}


def any_value(value: object, language: str) -> str:
    """Return a cell of an answer nobody has designed a format for; missing is empty.

    A whole number stands as it is, because it may be a year or a code; a fraction is written with
    comma and at most nine significant digits.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, float | Decimal):
        if not isfinite(value):
            return ""
        told = figures.without_sign_of_zero(Decimal(f"{value:.{_SIGNIFICANT}g}"))
        text = format(told, "f")
        return text.replace(".", ",").replace("-", MINUS)
    if isinstance(value, datetime):
        return f"{day(value)} {value:%H:%M}"
    return day(value) if isinstance(value, date) else str(value)
