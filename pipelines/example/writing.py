"""How the source systems write: dates, amounts, encodings, and a file with its expected counts.

Which columns a system has is decided in ``exports.py``; the planted errors are counted here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
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


@dataclass(slots=True)
class Delivery:
    """One file to be: its lines of cells and what a careful reader must find in it.

    ``rows`` counts data rows, planted errors included, each ``values_per_row`` times where one line
    holds several amounts; ``broken`` counts rows that cannot be used and ``duplicates`` rows that
    repeat another one to the letter.
    """

    path: str
    feed: str
    rows: list[Cells] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    outcome: str = "loaded"
    values_per_row: int = 1

    def expectation(self) -> dict[str, object]:
        """Return the file's line in truth.json."""
        return {
            "file": self.path,
            "feed": self.feed,
            "outcome": self.outcome,
            "rows": len(self.rows) * self.values_per_row,
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
    text = "\r\n".join(_joined(line, separator) for line in lines)
    data = (text + "\r\n").encode("utf-16-le" if encoding == "utf-16" else encoding)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\xfe" + data if encoding == "utf-16" else data)
    return path


def _joined(line: Sequence[str], separator: str) -> str:
    joined = separator.join(line)
    if joined.count(separator) < len(line) and '"' not in joined and "\n" not in joined:
        return joined
    return separator.join(_quoted(cell, separator) for cell in line)


def _quoted(cell: str, separator: str) -> str:
    if separator in cell or '"' in cell or "\n" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
