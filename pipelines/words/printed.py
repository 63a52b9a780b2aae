"""What is printed adds up: figures as a reader sees them, and a change between two of them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from pipelines.words.catalogue import find
from pipelines.words.numbers import NO_BREAK


def printed(value: float, decimals: int) -> Decimal:
    """Return the figure that is printed of a value: a half goes away from zero."""
    # as ``numbers.number`` does it, so that no printed figure is another than this one
    size = floor(abs(value) * 10**decimals + 0.5)
    found = Decimal(size).scaleb(-decimals)
    return -found if value < 0 else found


def printed_change(before: float | None, after: float | None, decimals: int) -> Decimal | None:
    """Return the change that is printed: the printed after less the printed before.

    A change that was rounded by itself would not add up in about one row of four.
    """
    if before is None or after is None:
        return None
    found = printed(after, decimals) - printed(before, decimals)
    return found.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def printed_sum(parts: Sequence[float | None], decimals: int) -> Decimal | None:
    """Return the sum that is printed beside its parts: that of the parts as they are printed.

    Missing parts are not in it, as they are not in the sum itself; ``None`` when all are missing.
    """
    known = [printed(part, decimals) for part in parts if part is not None]
    return sum(known, Decimal(0)).quantize(Decimal(1).scaleb(-decimals)) if known else None


def unit_in_sentence(unit: str | None, language: str, form: str) -> str:
    """Return the words of a unit after a figure in running text.

    They may be broken over lines as other words are; a sign or a figure is not parted from its own.

    Args:
        unit: Code of ``unit`` in the word files; unknown codes add nothing.
        language: Whose words.
        form: ``level`` or ``change``.
    """
    words = find(f"unit.{unit}.{form}", language) or ""
    if words == " %":
        return f"{NO_BREAK}%"
    head, _, tail = words.rpartition(" ")
    return f"{head}{NO_BREAK}{tail}" if tail.isdigit() and head[-1:].isdigit() else words
