"""The shapes that travel through ingest: grid, sheet, broken rows, notes.

A *grid* is what a reader saw: every cell as text, nothing interpreted. A *sheet* is the grid when
the header is found and titles, totals and footnotes are taken out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

SOURCE_ROW = "source_row"
N_FIELDS = "n_fields"
MAX_CELL_CHARS = 32 * 1024
MAX_COLUMNS = 512


DROPPED_SCHEMA: dict[str, type[pl.DataType]] = {
    SOURCE_ROW: pl.Int32,
    "kind": pl.String,
    "word": pl.String,
    "column_name": pl.String,
    "amount": pl.Float64,
}
"""Rows left out: one line per row and column with a figure; a row without figures has one line.

``word`` is the configured word a total begins with, never other text of the row; ``column_name`` is
the file's header; ``amount`` is in the contract's unit. Blank rows are not listed.
"""


class Note(NamedTuple):
    """Something the user should know about a delivery that did not stop it."""

    code: str
    message_nb: str


class BrokenRow(NamedTuple):
    """A row whose shape is wrong; ``content`` is hashed before anything is stored.

    Attributes:
        found_nb: What may be told of it in a table without persons.
    """

    source_row: int
    rule_id: str
    reason_nb: str
    content: str
    found_nb: str | None = None


@dataclass(frozen=True)
class Grid:
    """Every cell of a file as text.

    Attributes:
        cells: ``source_row`` (Int32, 1-based line or row in the file), ``n_fields`` (Int32) and
            ``c0`` ... (String, trimmed, blank as null).
        encoding: The encoding found, empty for binary formats.
        typed: The file has real number cells, written with a decimal point (XLSX).
        cut: The text ends without a line break, so the last line may be cut.
        notes: What the reader repaired.
        separator: What stood between the fields of a text.
        first_column: The number of the file's column that ``c0`` is; None when columns have no
            letters (text).
        from_1904: Day numbers count from 1904-01-01, not from 1899-12-30.
    """

    cells: pl.DataFrame
    encoding: str = ""
    typed: bool = False
    cut: bool = False
    notes: tuple[Note, ...] = ()
    separator: str = ""
    first_column: int | None = None
    from_1904: bool = False

    @property
    def columns(self) -> list[str]:
        """The names of the cell columns."""
        return [name for name in self.cells.columns if name not in {SOURCE_ROW, N_FIELDS}]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file under their header.

    Attributes:
        rows: ``source_row`` (Int32) and one String column per header, named as in the file.
        lines_total: Records in the file, blank ones included.
        layout_rows: Of these, the ones that are not data.
        broken: Rows with a wrong shape; not in ``rows``.
        printed_totals: The totals rows of the file, same columns as ``rows``.
        named_columns: Headers that have a name in the file, in file order.
        dropped: The rows left out, as ``DROPPED_SCHEMA``.
        letters: Number of the sheet in its workbook -> header -> letters of the column; empty for
            text, and for a workbook without faulty cells.
        from_1904: See ``Grid``.
        sheet_names: Number -> name when rows of several sheets are read; see ``many_sheets``.
        separator: What stood between the fields of a text; empty for other formats.
        sheets_read: Names of the workbook's sheets whose rows these are; none for other formats.
    """

    rows: pl.DataFrame
    lines_total: int
    layout_rows: int
    broken: tuple[BrokenRow, ...] = ()
    printed_totals: pl.DataFrame = field(default_factory=pl.DataFrame)
    named_columns: tuple[str, ...] = ()
    encoding: str = ""
    typed: bool = False
    notes: tuple[Note, ...] = ()
    dropped: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DROPPED_SCHEMA))
    letters: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    from_1904: bool = False
    sheet_names: Mapping[int, str] = field(default_factory=dict)
    separator: str = ""
    sheets_read: tuple[str, ...] = ()
