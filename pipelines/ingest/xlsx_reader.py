"""Workbooks to grids: safety checks before opening, the right sheets, every cell as text.

Cells that Excel holds as numbers come as ``1431220.5``; the grid is therefore ``typed`` and the
number parser knows that a point there is a decimal mark. Which sheets are read is decided in
``xlsx_sheets``, and what the reader does not tell of a cell is found in ``xlsx_cells``.
"""

import io
import zipfile
import zlib
from dataclasses import replace
from typing import NamedTuple

import fastexcel
import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.csv_reader import tidy
from pipelines.ingest.encoding import repair
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.shapes import MAX_COLUMNS, N_FIELDS, SOURCE_ROW, Grid, Note
from pipelines.ingest.text_marks import visible
from pipelines.ingest.xlsx_cells import Workbook, faulty_cells, read_workbook, with_old_faults
from pipelines.ingest.xlsx_percent import percent_cells
from pipelines.ingest.xlsx_sheets import PROBE_ROWS, Chosen, SheetInfo, choose_sheets, hits_in
from pipelines.municipality.file_layout import SheetPattern
from pipelines.words.messages import say

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 100
_RATIO_FROM_BYTES = 5 * 1024 * 1024
_SAVE_AS_XLSX = say("ingest.xlsx_reader.save_without_macros")
_COPY_AGAIN = say("ingest.xlsx_reader.copy_again")


def check_workbook(raw: bytes) -> None:
    """Refuse a file that is not a plain, whole, moderately sized XLSX.

    Raises:
        DeliveryRejectedError: ``encrypted``, ``old_xls``, ``truncated``, ``not_xlsx``, ``macro``,
            ``zip_bomb``.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _refuse("encrypted", say("ingest.xlsx_reader.has_password"), _SAVE_AS_XLSX)
        raise _refuse("old_xls", say("ingest.xlsx_reader.old_format"), _SAVE_AS_XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise _refuse("truncated", say("ingest.xlsx_reader.not_whole"), _COPY_AGAIN) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    too_dense = unpacked > _RATIO_FROM_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise _refuse(
            "zip_bomb",
            say("ingest.xlsx_reader.too_large_unpacked", unpacked=unpacked // 2**20),
            say("ingest.xlsx_reader.delete_formatted_empties"),
        )
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise _refuse("not_xlsx", say("ingest.xlsx_reader.not_a_workbook"), _SAVE_AS_XLSX)
    if "xl/vbaProject.bin" in names:
        raise _refuse("macro", say("ingest.xlsx_reader.has_macros"), _SAVE_AS_XLSX)
    if archive.testzip() is not None:  # also finds archives that lie about their sizes
        raise _refuse("truncated", say("ingest.xlsx_reader.is_damaged"), _COPY_AGAIN)


class SheetGrid(NamedTuple):
    """One sheet of a workbook: its name, its place among the sheets (from 1) and its cells."""

    name: str
    number: int
    grid: Grid


class ReadSheets(NamedTuple):
    """The sheets that are read, at least one, and what should be said about the others."""

    grids: tuple[SheetGrid, ...]
    notes: tuple[Note, ...]


def read_xlsx(
    raw: bytes, wanted: frozenset[str], sheet: str | int | SheetPattern | None = None
) -> ReadSheets:
    """Return the grids of the sheets that are read, and what is said of the others.

    A cell in which the spreadsheet says that it has no value holds the word of fault.

    Args:
        raw: The file; ``check_workbook`` is called first.
        wanted: Folded header names the feed maps, used to recognise the sheet.
        sheet: Name, 0-based index, ``all`` or a pattern; None takes the visible sheet with most
            wanted headers, or a hidden one if no visible sheet has any.

    Raises:
        DeliveryRejectedError: see ``check_workbook``; ``unknown_sheet``, ``ambiguous_sheet``,
            ``empty``, ``nul``, ``mojibake``, ``cell_too_large``, ``too_wide``.
    """
    check_workbook(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        facts = read_workbook(archive)
        try:
            names, chosen, cells = _read(raw, archive, facts, wanted, sheet)
        except fastexcel.FastExcelError:
            try:  # the library knows the seven old words of fault only
                old = with_old_faults(archive, facts)
                names, chosen, cells = _read(old, archive, facts, wanted, sheet)
            except fastexcel.FastExcelError:
                raise _refuse(
                    "not_xlsx", say("ingest.xlsx_reader.cannot_be_read"), _SAVE_AS_XLSX
                ) from None
    filled = [name for name in chosen.names if not cells[name].cells.is_empty()]
    if not filled:
        listed = ", ".join(f"«{name}»" for name in chosen.names)
        raise _refuse(
            "empty",
            say("ingest.xlsx_reader.sheet_is_empty", listed=listed),
            say("ingest.xlsx_reader.export_again"),
        )
    return ReadSheets(
        tuple(SheetGrid(name, names.index(name) + 1, repair_cells(cells[name])) for name in filled),
        chosen.notes,
    )


def _read(
    raw: bytes,
    archive: zipfile.ZipFile,
    facts: Workbook,
    wanted: frozenset[str],
    sheet: str | int | SheetPattern | None,
) -> tuple[list[str], Chosen, dict[str, Grid]]:
    book = fastexcel.read_excel(raw)
    names = [str(name) for name in book.sheet_names]
    chosen = choose_sheets(names, lambda name: _look(book, name, wanted), sheet)
    return names, chosen, {name: _cells(book, archive, facts, name) for name in chosen.names}


def _look(book: fastexcel.ExcelReader, name: str, wanted: frozenset[str]) -> SheetInfo:
    visible = book.load_sheet(name, header_row=None, n_rows=1).visible == "visible"
    return SheetInfo(name, visible, hits_in(_frame(_load(book, name, PROBE_ROWS)), wanted))


def _cells(
    book: fastexcel.ExcelReader, archive: zipfile.ZipFile, facts: Workbook, name: str
) -> Grid:
    """Return the cells of one sheet as text: faulty ones as a word, per cent with its sign."""
    sheet = _load(book, name)
    frame = _frame(sheet)
    columns = sheet.available_columns()
    first = columns[0].absolute_index if columns else 0
    frame = frame.rename({column: f"c{i}" for i, column in enumerate(frame.columns)})
    faults = percent_cells(archive, facts, name) | faulty_cells(archive, facts, name)
    if faults:
        frame, first = _with_faults(frame, first, faults)
    if frame.width > MAX_COLUMNS:
        raise _refuse(
            "too_wide",
            say("ingest.xlsx_reader.too_many_columns", width=frame.width, max_columns=MAX_COLUMNS),
            say("ingest.xlsx_reader.delete_them"),
        )
    numbered = frame.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias(SOURCE_ROW),
        pl.lit(frame.width, dtype=pl.Int32).alias(N_FIELDS),
        pl.all(),
    )
    return Grid(tidy(numbered), typed=True, first_column=first, from_1904=facts.from_1904)


def _with_faults(
    frame: pl.DataFrame, first: int, faults: dict[tuple[int, int], str]
) -> tuple[pl.DataFrame, int]:
    """Return the cells with the words of fault, and the number of the first column.

    A formula without a value may stand outside what the reader takes for the sheet.
    """
    start = min(first, *(column for _, column in faults))
    width = max(first + frame.width, *(column + 1 for _, column in faults)) - start
    height = max(frame.height, *(row + 1 for row, _ in faults))
    texts = {f"c{i + first - start}": frame[f"c{i}"].to_list() for i in range(frame.width)}
    for i in range(width):
        column = texts.setdefault(f"c{i}", [])
        column.extend([None] * (height - len(column)))
    for (row, place), word in faults.items():
        texts[f"c{place - start}"][row] = word
    return pl.DataFrame(
        {f"c{i}": pl.Series(texts[f"c{i}"], dtype=pl.String) for i in range(width)}
    ), start


def repair_cells(grid: Grid) -> Grid:
    """Return the grid with wrongly decoded cells put right and a note when there were any.

    Raises:
        DeliveryRejectedError: ``mojibake`` or ``nul``.
    """
    changed: dict[str, str] = {}
    n_repaired = 0
    for column in grid.columns:
        strange = grid.cells[column].filter(
            grid.cells[column].str.contains(RECOGNISED["xlsx_reader.foreign_characters"])
        )
        for text in strange.unique().to_list():
            if "\x00" in text:
                raise _refuse(
                    "nul",
                    "En celle inneholder NUL-tegn.",
                    say("ingest.xlsx_reader.export_again_repair"),
                )
            fixed, count = repair(text)
            n_repaired += bool(count)
            if visible(fixed) != text:
                changed[text] = visible(fixed)
    if not changed:
        return grid
    cells = tidy(grid.cells.with_columns(pl.col(grid.columns).replace(changed)))
    if not n_repaired:
        return replace(grid, cells=cells)
    note = Note(
        "mojibake_repaired",
        say("ingest.xlsx_reader.repaired_characters", n_repaired=n_repaired),
    )
    return replace(grid, cells=cells, notes=(*grid.notes, note))


def _load(book: fastexcel.ExcelReader, name: str, rows: int | None = None) -> fastexcel.ExcelSheet:
    # skip_rows=0: otherwise empty rows at the top are dropped and row numbers are wrong
    return book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)


def _frame(sheet: fastexcel.ExcelSheet) -> pl.DataFrame:
    frame = sheet.to_polars()
    return frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)


def _refuse(code: str, message: str, way_out: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(code, message, way_out=way_out)
