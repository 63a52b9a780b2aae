"""Find the header among a file's first rows and give every column its name.

What is taken out below the header is decided in ``layout``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.shapes import SOURCE_ROW, Grid
from pipelines.ingest.text_keys import fold, fold_words
from pipelines.words.messages import say

_SEARCH_ROWS = 200
_ENOUGH = 0.5

Wanted = Sequence[Sequence[str]]
"""For each mapped column, the names it may have in the file."""


@dataclass(frozen=True)
class Header:
    """A header found in a grid.

    Attributes:
        first: Index of its first row in the grid.
        height: How many rows it is made of.
        names: One name per grid column; columns without a name are called ``kolonne N``.
        named: Which of them have a name in the file.
    """

    first: int
    height: int
    names: tuple[str, ...]
    named: tuple[bool, ...]

    @property
    def width(self) -> int:
        """Columns up to the last one with a name."""
        return max((i + 1 for i, has_name in enumerate(self.named) if has_name), default=0)


def wanted_keys(wanted: Wanted) -> frozenset[str]:
    """Return the folded form of every name in ``wanted``."""
    return frozenset(fold(name) for names in wanted for name in names)


def find_header(grid: Grid, wanted: Wanted, height: int = 1) -> Header:
    """Return the first rows in which as many mapped columns as possible are named.

    Args:
        grid: The file's cells.
        wanted: For each mapped column its possible names.
        height: Rows the header is made of; the names above are joined with those below.

    Raises:
        DeliveryRejectedError: ``missing_header`` when no row names any mapped column,
            ``duplicate_header`` when two columns have the name of a mapped one.
    """
    head = grid.cells.head(_SEARCH_ROWS + height).select(grid.columns).rows()
    keys = [{fold(name) for name in names} for names in wanted]
    best, best_hits, best_names = -1, 0, []
    for first in range(max(len(head) - height + 1, 0)):
        names = joined_names(head[first : first + height])
        found = {fold(name) for name in names if name}
        hits = sum(1 for alternatives in keys if alternatives & found)
        if hits > best_hits:
            best, best_hits, best_names = first, hits, names
    if best < 0 or (best_hits < _ENOUGH * len(keys) and best_hits <= 1 < len(keys)):
        expected = ", ".join(f"«{names[0]}»" for names in wanted if names)
        raise DeliveryRejectedError(
            "missing_header",
            say("ingest.header.no_header_found", expected=expected),
            way_out=say("ingest.header.export_with_headers"),
        )
    named = tuple(bool(name) for name in best_names)
    _no_doubles(best_names, wanted, int(grid.cells[SOURCE_ROW][best]))
    return Header(
        first=best,
        height=height,
        names=distinct_names(best_names),
        named=named,
    )


def joined_names(rows: list[tuple[str | None, ...]]) -> list[str]:
    """Join header rows downwards; a merged cell above belongs to the columns on its right too."""
    *upper, lowest = rows
    parts: list[list[str]] = [[] for _ in lowest]
    for row in upper:
        last = ""
        for i, cell in enumerate(row):
            last = cell or last
            if last and lowest[i]:
                parts[i].append(last)
            elif cell:
                parts[i].append(cell)
    for i, cell in enumerate(lowest):
        if cell:
            parts[i].append(cell)
    return [" ".join(" ".join(part).split()) for part in parts]


def _no_doubles(names: list[str], wanted: Wanted, row: int) -> None:
    """Refuse a name that is read and stands twice; nobody minds a doubled name that is not read."""
    keys = wanted_keys(wanted)
    counts = Counter(fold_words(name) for name in names if name)
    doubled = sorted(
        {name for name in names if name and counts[fold_words(name)] > 1 and fold(name) in keys}
    )
    if doubled:
        raise DeliveryRejectedError(
            "duplicate_header",
            say(
                "ingest.header.doubled_headers", doubled=", ".join(f"«{name}»" for name in doubled)
            ),
            where=f"rad {row}",
            way_out="Gi kolonnene ulike navn i eksporten.",
        )


def distinct_names(names: list[str]) -> tuple[str, ...]:
    """Return the names with a number behind those that have come before, and behind none."""
    distinct: list[str] = []
    for i, name in enumerate(names, start=1):
        plain = name or f"kolonne {i}"
        tries = (plain, *(f"{plain} ({number})" for number in range(2, len(names) + 2)))
        distinct.append(next(text for text in tries if text not in distinct))
    return tuple(distinct)
