"""Workbooks to a grid: safety checks before opening, the right sheet, every cell as text.

Cells that Excel holds as numbers come as ``1431220.5``; the grid is therefore ``typed`` and the
number parser knows that a point there is a decimal mark.
"""

import io
import zipfile
import zlib

import fastexcel
import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.csv_reader import tidy
from pipelines.ingest.encoding import repair
from pipelines.ingest.shapes import MAX_COLUMNS, N_FIELDS, SOURCE_ROW, Grid, Note
from pipelines.ingest.text_keys import fold

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 100
_RATIO_FROM_BYTES = 5 * 1024 * 1024
_SAVE_AS_XLSX = "Åpne filen i regnearket og lagre den som .xlsx uten passord og makroer."
_COPY_AGAIN = "Kopier hele filen til innboksen på nytt."
_PROBE_ROWS = 60


def check_workbook(raw: bytes) -> None:
    """Refuse a file that is not a plain, whole, moderately sized XLSX.

    Raises:
        DeliveryRejectedError: ``encrypted``, ``old_xls``, ``truncated``, ``not_xlsx``, ``macro``,
            ``zip_bomb``.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _refuse("encrypted", "Arbeidsboken er kryptert med passord.", _SAVE_AS_XLSX)
        raise _refuse("old_xls", "Filen er i det gamle .xls-formatet.", _SAVE_AS_XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise _refuse(
            "truncated", "Arbeidsboken er ikke hel og kan ikke åpnes.", _COPY_AGAIN
        ) from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    too_dense = unpacked > _RATIO_FROM_BYTES and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise _refuse(
            "zip_bomb",
            f"Arbeidsboken er {unpacked // 2**20} MB utpakket; det er for mye for en leveranse.",
            "Slett tomme rader og kolonner som er formatert, eller lagre arket som CSV.",
        )
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise _refuse("not_xlsx", "Filen er ikke en arbeidsbok (.xlsx).", _SAVE_AS_XLSX)
    if "xl/vbaProject.bin" in names:
        raise _refuse("macro", "Arbeidsboken har makroer.", _SAVE_AS_XLSX)
    if archive.testzip() is not None:  # also finds archives that lie about their sizes
        raise _refuse("truncated", "Arbeidsboken er skadet.", _COPY_AGAIN)


def read_xlsx(raw: bytes, wanted: frozenset[str], sheet: str | int | None = None) -> Grid:
    """Return the grid of one sheet.

    Args:
        raw: The file; ``check_workbook`` is called first.
        wanted: Folded header names the feed maps, used to recognise the sheet.
        sheet: Name or 0-based index; None takes the visible sheet with most wanted headers, or a
            hidden one if no visible sheet has any.

    Raises:
        DeliveryRejectedError: see ``check_workbook``; ``unknown_sheet``, ``ambiguous_sheet``,
            ``empty``, ``nul``, ``mojibake``, ``cell_too_large``, ``too_wide``.
    """
    check_workbook(raw)
    try:
        book = fastexcel.read_excel(raw)
        name = _sheet_name(book, wanted, sheet)
        frame = _load(book, name)
    except fastexcel.FastExcelError:
        raise _refuse("not_xlsx", "Arbeidsboken kan ikke leses.", _SAVE_AS_XLSX) from None
    if frame.is_empty():
        raise _refuse("empty", f"Arket «{name}» er tomt.", "Eksporter på nytt.")
    if frame.width > MAX_COLUMNS:
        raise _refuse(
            "too_wide", f"Arket har {frame.width} kolonner; grensen er {MAX_COLUMNS}.", "Slett dem."
        )
    return repair_cells(Grid(_cells(frame), typed=True))


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    cells = frame.rename({name: f"c{i}" for i, name in enumerate(frame.columns)})
    cells = cells.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias(SOURCE_ROW),
        pl.lit(frame.width, dtype=pl.Int32).alias(N_FIELDS),
        pl.all(),
    )
    return tidy(cells)


def repair_cells(grid: Grid) -> Grid:
    """Return the grid with wrongly decoded cells put right and a note when there were any.

    Raises:
        DeliveryRejectedError: ``mojibake`` or ``nul``.
    """
    repaired: dict[str, str] = {}
    for column in grid.columns:
        strange = grid.cells[column].filter(grid.cells[column].str.contains("[^ -~æøåÆØÅ]"))
        for text in strange.unique().to_list():
            if "\x00" in text:
                raise _refuse("nul", "En celle inneholder NUL-tegn.", "Eksporter filen på nytt.")
            fixed, count = repair(text)
            if count:
                repaired[text] = fixed
    if not repaired:
        return grid
    cells = grid.cells.with_columns(pl.col(grid.columns).replace(repaired))
    note = Note(
        "mojibake_repaired",
        f"Feiltolkede tegn (som «Ã¦» for «æ») ble rettet i {len(repaired)} ulike celler.",
    )
    return Grid(cells, grid.encoding, grid.typed, grid.cut, (*grid.notes, note))


def _load(book: fastexcel.ExcelReader, name: str, rows: int | None = None) -> pl.DataFrame:
    # skip_rows=0: otherwise empty rows at the top are dropped and row numbers are wrong
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", n_rows=rows)
    frame = sheet.to_polars()
    return frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)


def _sheet_name(
    book: fastexcel.ExcelReader, wanted: frozenset[str], sheet: str | int | None
) -> str:
    names = list(book.sheet_names)
    if isinstance(sheet, int):
        if sheet < len(names):
            return str(names[sheet])
    elif sheet is not None:
        match = [name for name in names if fold(name) == fold(sheet)]
        if match:
            return str(match[0])
    if sheet is not None:
        raise _refuse(
            "unknown_sheet",
            f"Arket «{sheet}» finnes ikke. Arkene er: {', '.join(names)}.",
            "Rett sheet for leveransen.",
        )
    return _best_sheet(book, names, wanted) if len(names) > 1 else str(names[0])


def _best_sheet(book: fastexcel.ExcelReader, names: list[str], wanted: frozenset[str]) -> str:
    scores: dict[str, tuple[int, bool]] = {}
    for name in names:
        probe = _load(book, name, _PROBE_ROWS)
        rows = [{fold(cell) for cell in row if cell} for row in probe.rows()]
        visible = book.load_sheet(name, header_row=None, n_rows=1).visible == "visible"
        hits = max((len(wanted & row) for row in rows), default=0)
        scores[name] = (hits, visible)
    shown = {name: hits for name, (hits, visible) in scores.items() if visible and hits}
    candidates = shown or {name: hits for name, (hits, _) in scores.items() if hits}
    top = max(candidates.values(), default=0)
    best = [name for name, hits in candidates.items() if hits == top]
    if len(best) == 1:
        return best[0]
    raise _refuse(
        "ambiguous_sheet",
        f"Kan ikke avgjøre hvilket ark som gjelder: {', '.join(best or names)}.",
        "Sett sheet for leveransen til navnet på arket.",
    )


def _refuse(code: str, message: str, way_out: str) -> DeliveryRejectedError:
    return DeliveryRejectedError(code, message, way_out=way_out)
