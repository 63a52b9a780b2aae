"""How a figure becomes text for people, wherever Python writes one; SQL has ``number_text``.

Units of measure, dates and what stands where a figure is hidden belong to each place that shows.
"""

from decimal import Decimal
from math import floor
from typing import Literal

_MARKS = {"nb": ("\u00a0", ","), "en": (",", ".")}
_MINUS = "\u2212"


def number(
    value: float | Decimal | None,
    decimals: int,
    *,
    language: Literal["nb", "en"] = "nb",
    signed: bool = False,
) -> str:
    """Return a number as ``1 234,5``, in English ``1,234.5``; missing is empty, never zero.

    Args:
        value: The number.
        decimals: Digits after the mark.
        language: Which marks; the space is a no-break space and the minus a true one.
        signed: A plus sign before what is above zero. What rounds to zero never has a sign.
    """
    if value is None:
        return ""
    # a half goes away from zero, as SQL and the browser round: Python's own goes to the even
    size = floor(abs(float(value)) * 10**decimals + 0.5)
    whole, rest = divmod(size, 10**decimals)
    sign = "" if size == 0 else _MINUS if value < 0 else "+" if signed else ""
    group, point = _MARKS[language]
    return (
        sign
        + f"{whole:,}".replace(",", group)
        + (f"{point}{rest:0{decimals}d}" if decimals else "")
    )


def counted_nb(value: float, one: str, several: str, decimals: int = 0) -> str:
    """Return a count with its noun: «1 rad», «1 234 rader», «0 rader».

    Args:
        value: How many.
        one: The noun for exactly one.
        several: The noun for any other number.
        decimals: Digits after the mark.
    """
    return f"{number(value, decimals)} {one if value == 1 else several}"


def without_sign_of_zero(value: Decimal) -> Decimal:
    """Return the same number, with the same digits; a zero that came out below zero is a zero."""
    return value.copy_abs() if value.is_zero() else value
