"""How the source systems write: dates, amounts, encodings, and a file with its expected counts.

Which columns a system has is decided in ``exports.py``; the planted errors are counted here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

MONTH_NAMES = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip
NBSP = "\u00a0"
CENT = 100
LAST_UNGROUPED = 999
MIX, SLASHES, OTHER_WAY = 17, 3, 11
OPEN_ENDS = ("", "31.12.9999", "", "00.00.0000")
Cells = list[str]
# a byte order mark stands once, first in the file
_MARKS = {"utf-16": b"\xff\xfe", "utf-8-sig": b"\xef\xbb\xbf"}
_PLAIN = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}


@dataclass(slots=True)
class Delivery:
    """One file to be: its lines of cells and what a careful reader must find in it.

    ``rows`` counts data rows, planted errors included, each ``values_per_row`` times where one line
    holds several amounts; ``broken`` counts rows that cannot be used and ``duplicates`` rows that
    repeat another one to the letter.

    ``totals`` is what the last lines count and ``foot`` makes those lines of it; ``head_bytes`` and
    ``foot_bytes`` are how much of the written file is not rows, so that rows of further parts can
    be put between. A workbook keeps its ``sheet`` instead. ``added`` counts rows put in so.
    """

    path: str
    feed: str
    rows: list[Cells] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    outcome: str = "loaded"
    values_per_row: int = 1
    totals: list[int] = field(default_factory=list)
    foot: Callable[[Sequence[int]], list[Cells]] | None = None
    encoding: str = ""
    separator: str = ";"
    head_bytes: int = 0
    foot_bytes: int = 0
    sheet: tuple[str, Sequence[str], list[Sequence[object]]] | None = None
    added: int = 0

    def expectation(self) -> dict[str, object]:
        """Return the file's line in truth.json."""
        return {
            "file": self.path,
            "feed": self.feed,
            "outcome": self.outcome,
            "rows": (len(self.rows) + self.added) * self.values_per_row,
            "broken": dict(sorted(self.broken.items())),
            "duplicates": self.duplicates,
        }


def dmy(day: date | int) -> str:
    """Return 31.12.2017."""
    day = date.fromordinal(day) if isinstance(day, int) else day
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def mixed_date(day: int, turn: int, *, first: str) -> str:
    """Return a day as one of the ways people and systems mix in one file.

    Args:
        day: Ordinal.
        turn: Decides which way; the same turn gives the same way.
        first: ``dmy`` or ``iso``, the file's usual way.
    """
    shown = date.fromordinal(day)
    way = turn % MIX
    if way == SLASHES:
        return f"{shown.day:02d}/{shown.month:02d}/{shown.year}"
    return dmy(shown) if (first == "dmy") != (way == OTHER_WAY) else shown.isoformat()


def amount(cents: int, *, space: str, decimals: bool, minus: str) -> str:
    """Return an amount as 1 234 567,50 with the minus before, behind or as parentheses."""
    whole, rest = divmod(abs(cents), CENT)
    text = f"{whole:,}".replace(",", space) if whole > LAST_UNGROUPED else str(whole)
    if decimals:
        text += f",{rest:02d}"
    if cents >= 0:
        return text
    return {"behind": f"{text}-", "parentheses": f"({text})"}.get(minus, f"-{text}")


def number(value: float) -> str:
    """Return a plain number with a decimal comma and no trailing zeros."""
    return f"{value:g}".replace(".", ",") if value % 1 else str(int(value))


def employee_text(employee: int, turn: int) -> str:
    """Return an employee number as exports mangle it: leading zeros, an apostrophe, or neither."""
    return {2: f"00{employee}", 5: f"'{employee}"}.get(turn % 13, str(employee))


def write_lines(
    path: Path, lines: Iterable[Sequence[str]], *, encoding: str, separator: str = ";"
) -> Path:
    """Write lines of cells; cells that hold the separator or a quote are quoted.

    Args:
        path: The file; its folder is made.
        lines: Cells per line.
        encoding: Python's name of it; ``utf-16`` gets a little-endian byte order mark.
        separator: Between cells.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_MARKS.get(encoding, b"") + _encoded(lines, encoding, separator))
    return path


def write_delivery(
    inbox: Path, delivery: Delivery, head: Iterable[Cells], rows: Iterable[Cells] | None = None
) -> Path:
    """Write a delivery as text: lines before, its rows, and what its foot makes of its totals.

    Args:
        inbox: Where deliveries are dropped.
        delivery: With encoding and separator; how long head and foot became is noted in it.
        head: Lines before the first row.
        rows: The rows as they are shown, when that is another way than ``delivery.rows``.
    """
    begin = _MARKS.get(delivery.encoding, b"")
    begin += _encoded(head, delivery.encoding, delivery.separator)
    shown = _encoded(delivery.rows if rows is None else rows, delivery.encoding, delivery.separator)
    end = foot_of(delivery)
    delivery.head_bytes, delivery.foot_bytes = len(begin), len(end)
    path = inbox / delivery.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(begin + shown + end)
    return path


def foot_of(delivery: Delivery) -> bytes:
    """Return the last lines of a delivery, as they are written."""
    if delivery.foot is None:
        return b""
    return _encoded(delivery.foot(delivery.totals), delivery.encoding, delivery.separator)


def _encoded(lines: Iterable[Sequence[str]], encoding: str, separator: str) -> bytes:
    text = "".join(f"{_joined(line, separator)}\r\n" for line in lines)
    return text.encode(_PLAIN.get(encoding, encoding))


def _joined(line: Sequence[str], separator: str) -> str:
    joined = separator.join(line)
    if joined.count(separator) < len(line) and '"' not in joined and "\n" not in joined:
        return joined
    return separator.join(_quoted(cell, separator) for cell in line)


def _quoted(cell: str, separator: str) -> str:
    if separator in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
