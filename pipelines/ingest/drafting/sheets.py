"""Any file to its tables: every cell as text, with the row that looks like a header.

Unlike ``ingest.header`` nothing is known of what the columns are called.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.csv_reader import SEPARATORS, read_csv
from pipelines.ingest.drafting.profiles import FIGURE, Profile, profile_of
from pipelines.ingest.encoding import decode
from pipelines.ingest.header import distinct_names, joined_names
from pipelines.ingest.personal import identifier_hits
from pipelines.ingest.reading import kind_of_bytes
from pipelines.ingest.shapes import Grid
from pipelines.ingest.xlsx_reader import read_xlsx
from pipelines.municipality.file_layout import SheetPattern
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_LOOK_AT = 40
_EVERY_SHEET = SheetPattern(pattern="(?s).*")
_FILLED = 0.6
_Row = Sequence[str | None]


@dataclass(frozen=True)
class FoundTable:
    """One table of a file.

    Attributes:
        file_name: The file's name.
        sheet: The workbook's sheet; None for text.
        is_alone: Whether it is the only sheet with a table.
        header_rows: How many rows the header is made of.
        title: What stands above it.
        columns: The columns that have a name and a value.
        format: ``csv`` or ``xlsx``.
        separator: What stands between the fields of a text.
    """

    file_name: str
    sheet: str | None
    is_alone: bool
    header_rows: int
    title: str
    columns: tuple[Profile, ...]
    format: str
    separator: str


def tables_in(file_name: str, raw: bytes) -> list[FoundTable]:
    """Return the tables of a file, one per sheet that has one.

    Args:
        file_name: The file's name.
        raw: The whole file.

    Raises:
        DeliveryRejectedError: the file cannot be read, or holds personal identifiers.
    """
    kind = kind_of_bytes(raw)
    if kind == "csv":
        text = decode(raw)
        grid = read_csv(text, frozenset(), _separator(text.text))
        named: list[tuple[str | None, Grid]] = [(None, grid)]
    elif kind == "xlsx":
        named = list(_sheets(raw))
    else:
        raise DeliveryRejectedError(
            "unknown_format",
            say("ingest.drafting.format_not_profiled", kind=kind),
            way_out=say("ingest.drafting.write_the_feed_by_hand"),
        )
    for _, grid in named:
        _refuse_identifiers(grid)
    found = [(sheet, grid, place) for sheet, grid in named if (place := _header(grid)) is not None]
    return [_table(file_name, kind, each, is_alone=len(found) == 1) for each in found]


def _separator(text: str) -> str:
    """Return the separator under which most lines have the same number of fields."""
    if text.startswith("sep="):
        return "auto"
    lines = text.splitlines()[:_LOOK_AT]

    def alike(mark: str) -> float:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        wide = [width for width in widths if width > 1]
        return max(map(wide.count, wide)) / len(widths) if wide else 0.0

    return max(SEPARATORS, key=alike)


def _sheets(raw: bytes) -> list[tuple[str | None, Grid]]:
    try:
        return [(each.name, each.grid) for each in read_xlsx(raw, frozenset(), _EVERY_SHEET).grids]
    except DeliveryRejectedError as refused:
        if refused.code == "empty":
            return []
        raise


def _refuse_identifiers(grid: Grid) -> None:
    hits = identifier_hits(grid.cells, grid.columns)
    if hits:
        place = grid.columns.index(hits[0].column) + 1
        raise DeliveryRejectedError(
            "personal_data",
            say(
                "ingest.drafting.holds_identifiers",
                place=place,
                kinds=", ".join(hits[0].kinds),
                rows=counted_nb(len(hits[0].rows), "rad", "rader"),
            ),
            way_out=say("ingest.drafting.take_the_column_out"),
        )


def _table(
    file_name: str, kind: str, found: tuple[str | None, Grid, tuple[int, int]], *, is_alone: bool
) -> FoundTable:
    sheet, grid, (first, height) = found
    rows = grid.cells.head(first + height).select(grid.columns).rows()
    names = distinct_names(joined_names(rows[first : first + height]))
    below = grid.cells.slice(first + height).select(grid.columns)
    is_named = [any(row[i] for row in rows[first : first + height]) for i in range(len(names))]
    columns = tuple(
        profile_of(name, below[cell])
        for name, cell, has_name in zip(names, grid.columns, is_named, strict=True)
        if has_name and below[cell].count()
    )
    title = " ".join(cell for row in rows[:first] for cell in row if cell)
    return FoundTable(file_name, sheet, is_alone, height, title, columns, kind, grid.separator)


def _header(grid: Grid) -> tuple[int, int] | None:
    """Return where the header begins and how many rows it is made of; None without a table."""
    head = grid.cells.head(_LOOK_AT).select(grid.columns).rows()
    filled = [sum(cell is not None for cell in row) for row in head]
    usual = (
        max((filled.count(n), n) for n in filled if n > 1)[1] if max(filled, default=0) > 1 else 0
    )
    if not usual:
        return None
    first = next(
        (
            i
            for i, row in enumerate(head)
            if filled[i] >= _FILLED * usual and _is_header(row, head[i - 1] if i else ())
        ),
        None,
    )
    if first is None:
        return None
    figures = _figure_columns(grid.cells.slice(first + 2).select(grid.columns))
    below = head[first + 1] if first + 1 < len(head) else ()
    is_second = bool(below) and bool(figures) and not any(_is_figure(below[i]) for i in figures)
    has_second = is_second and sum(below[i] is not None for i in figures) >= _FILLED * len(figures)
    above = head[first - 1] if first else ()
    has_upper = bool(above) and filled[first - 1] > 1 and not _has_figures(above)
    if has_upper and any(above[i] for i in figures):
        return first - 1, 2
    return first, 2 if has_second else 1


def _is_header(row: _Row, above: _Row) -> bool:
    """Return whether a row has names that differ, together with those above when need be."""
    cells = [cell for cell in row if cell]
    is_distinct = len({*cells}) >= _FILLED * len(cells)
    if not is_distinct and sum(map(bool, above)) > 1:
        names = joined_names([tuple(above), tuple(row)])
        is_distinct = len({*names}) >= _FILLED * len(names)
    return not _has_figures(cells) and is_distinct


def _has_figures(cells: _Row) -> bool:
    return any(cell and _is_figure(cell) and not _is_year(cell) for cell in cells)


def _figure_columns(below: pl.DataFrame) -> list[int]:
    found = []
    for i, name in enumerate(below.columns):
        cells = below[name].drop_nulls()
        if cells.len() and cells.str.contains(FIGURE).mean() >= _FILLED:  # type: ignore[operator] # a mean of Booleans is a number
            found.append(i)
    return found


def _is_figure(cell: str | None) -> bool:
    return cell is not None and re.search(FIGURE, cell) is not None


def _is_year(cell: str) -> bool:
    return cell.isdigit() and len(cell) == len("2017") and cell[:2] in {"19", "20"}
