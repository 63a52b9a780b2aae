"""A file in the inbox to a sheet: whole, of a known format, without identity numbers.

Each format has its own reader; this module chooses between them by content, not by file name.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.cell_faults import has_faults, without_faults
from pipelines.ingest.columns import wanted_headers
from pipelines.ingest.csv_reader import read_csv
from pipelines.ingest.encoding import decode
from pipelines.ingest.fixed_width import read_fixed_width, read_parquet
from pipelines.ingest.header import Wanted, find_header, wanted_keys
from pipelines.ingest.layout import to_sheet
from pipelines.ingest.many_sheets import in_sheet, join_sheets
from pipelines.ingest.personal import (
    identifier_hits,
    refuse_identifiers,
    refuse_identifiers_in,
    refuse_sheet_name,
)
from pipelines.ingest.shapes import SOURCE_ROW, Grid, Note, Sheet
from pipelines.ingest.surplus import settle_surplus
from pipelines.ingest.text_keys import fold
from pipelines.ingest.xlsx_cells import column_letters
from pipelines.ingest.xlsx_reader import read_xlsx
from pipelines.municipality.feeds import Feed
from pipelines.words.messages import say

_FOREIGN = (
    (b"%pdf", "PDF"),
    (b"<html", "HTML"),
    (b"<!doctype", "HTML"),
    (b"<table", "HTML"),
    (b"<?xml", "XML"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_stable(path: Path, read: Callable[[Path], bytes] = Path.read_bytes) -> bytes:
    """Return a file's bytes if nobody wrote to it meanwhile.

    Args:
        path: The file.
        read: How the bytes are read.

    Raises:
        DeliveryRejectedError: ``truncated`` when its size or time changed, ``unreadable`` when it
            is gone or may not be read.
    """
    try:
        before = path.stat()
        raw = read(path)
        after = path.stat()
    except OSError as error:
        raise DeliveryRejectedError(
            "unreadable",
            say("ingest.reading.cannot_be_opened"),
            way_out=say("ingest.reading.check_it_exists_and_may_be_read"),
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        len(raw) != after.st_size
    ):
        raise DeliveryRejectedError(
            "truncated",
            say("ingest.reading.written_while_read"),
            way_out=say("ingest.reading.wait_for_copying"),
        )
    return raw


def read_sheet(raw: bytes, feed: Feed) -> Sheet:
    """Return the rows of a file under their header.

    Args:
        raw: The whole file.
        feed: What the municipality says about such files.

    Raises:
        DeliveryRejectedError: whatever makes the file unreadable as a whole.
    """
    if not raw.strip(b"\x00\x1a \r\n\t\xef\xbb\xbf"):
        raise DeliveryRejectedError(
            "empty",
            say("ingest.reading.file_is_empty"),
            way_out=say("ingest.reading.export_again_check_selection"),
        )
    wanted = wanted_headers(feed)
    kind = kind_of(raw, feed)
    if kind == "parquet" or kind == "fixed_width":
        sheet = (
            read_parquet(raw)
            if kind == "parquet"
            else read_fixed_width(
                decode(raw, feed.encoding), feed.fixed_width or (), feed.record_length
            )
        )
        names = [name for name in sheet.rows.columns if name != SOURCE_ROW]
        refuse_identifiers_in(sheet.rows, names, feed)
        return sheet
    if kind == "xlsx":
        if not raw.startswith(_WORKBOOKS):
            raise DeliveryRejectedError(
                "not_xlsx",
                say("ingest.reading.not_a_workbook"),
                way_out=say("ingest.reading.save_as_workbook"),
            )
        return _read_workbook(raw, feed, wanted)
    grid = read_csv(decode(raw, feed.encoding), wanted_keys(wanted), feed.separator)
    return sheet_of(grid, feed, wanted)


def _read_workbook(raw: bytes, feed: Feed, wanted: Wanted) -> Sheet:
    """Return the rows of all sheets that are read; one without rows is left out with a note."""
    grids, told = read_xlsx(raw, wanted_keys(wanted), feed.sheet)
    sheets: list[tuple[str, int, Sheet]] = []
    empty: list[str] = []
    for name, number, grid in grids:
        refuse_sheet_name(name)
        try:
            sheet = sheet_of(grid, feed, wanted, number)
        except DeliveryRejectedError as refused:
            if len(grids) == 1:
                raise
            if refused.code != "empty":
                raise in_sheet(name, refused) from None
            empty.append(f"«{name}»")
            continue
        if feed.sheet_column:
            sheet = _with_column(sheet, feed.sheet_column, name)
        sheets.append((name, number, sheet))
    if not sheets:
        raise DeliveryRejectedError(
            "empty",
            say("ingest.reading.no_sheet_has_rows"),
            way_out=say("ingest.reading.check_selection_and_export_again"),
        )
    joined = join_sheets(sheets)
    left = (
        [Note("sheets_left", say("ingest.reading.sheets_without_rows", empty=", ".join(empty)))]
        if empty
        else []
    )
    names = tuple(name for name, _, _ in sheets)
    return replace(joined, notes=(*told, *joined.notes, *left), sheets_read=names)


def sheet_of(grid: Grid, feed: Feed, wanted: Wanted, number: int = 0) -> Sheet:
    """Return the rows of one grid; words of fault stay in the columns that are read."""
    _refuse_identifiers(grid, feed, wanted)
    is_faulty = has_faults(grid.cells, grid.columns)
    if not is_faulty and feed.layout.surplus_fields == "quarantine":
        return _placed(to_sheet(grid, wanted, feed), grid)
    header = find_header(grid, wanted, feed.layout.header_rows)
    grid = settle_surplus(grid, header, feed.layout)
    names = dict(zip(header.names, grid.columns, strict=True))
    if is_faulty:
        keys = wanted_keys(wanted)
        unread = [column for name, column in names.items() if fold(name) not in keys]
        grid = replace(grid, cells=without_faults(grid.cells, unread))
    sheet = _placed(to_sheet(grid, wanted, feed), grid)
    if grid.first_column is None or not is_faulty:
        return sheet
    letters = {name: column_letters(grid.first_column + i) for i, name in enumerate(names)}
    return replace(sheet, letters={number: letters})


def _refuse_identifiers(grid: Grid, feed: Feed, wanted: Wanted) -> None:
    """Stop a grid with personal identifiers; headers are looked for only to name their columns."""
    hits = identifier_hits(grid.cells, grid.columns)
    if not hits:
        return
    try:
        header = find_header(grid, wanted, feed.layout.header_rows)
    except DeliveryRejectedError:
        names = {name: f"kolonne {i}" for i, name in enumerate(grid.columns, start=1)}
        refuse_identifiers(hits, feed.model_copy(update={"not_personal": {}}), names)
        return
    numbers = grid.cells[SOURCE_ROW]
    last = min(header.first + header.height, len(numbers)) - 1
    names = dict(zip(grid.columns, header.names, strict=True))
    refuse_identifiers(hits, feed, names, int(numbers[last]) + 1)


def _placed(sheet: Sheet, grid: Grid) -> Sheet:
    return replace(sheet, from_1904=grid.from_1904, separator=grid.separator)


def _with_column(sheet: Sheet, column: str, value: str) -> Sheet:
    """Return the sheet with one more column, as if it stood in the file."""
    return replace(
        sheet,
        rows=sheet.rows.with_columns(pl.lit(value).alias(column)),
        named_columns=(*(name for name in sheet.named_columns if name != column), column),
    )


def kind_of(raw: bytes, feed: Feed) -> str:
    """Return the format a file is read in: the feed's, else what the file's first bytes say.

    Raises:
        DeliveryRejectedError: ``unknown_format``.
    """
    return feed.format if feed.format != "auto" else kind_of_bytes(raw)


def kind_of_bytes(raw: bytes) -> str:
    """Return the format that a file's first bytes say.

    Raises:
        DeliveryRejectedError: ``unknown_format``.
    """
    if raw.startswith(_WORKBOOKS):
        return "xlsx"
    if raw.startswith(b"PAR1"):
        return "parquet"
    start = raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    foreign = next((name for mark, name in _FOREIGN if start.startswith(mark)), None)
    if foreign:
        raise DeliveryRejectedError(
            "unknown_format",
            say("ingest.reading.foreign_format", foreign=foreign),
            way_out=say("ingest.reading.export_in_a_known_format"),
        )
    return "csv"
