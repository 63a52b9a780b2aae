"""A file in the inbox to a sheet: whole, of a known format, without identity numbers.

Each format has its own reader; this module chooses between them by content, not by file name.
"""

from collections.abc import Callable
from pathlib import Path

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.columns import wanted_headers
from pipelines.ingest.csv_reader import read_csv
from pipelines.ingest.encoding import decode
from pipelines.ingest.fixed_width import read_fixed_width, read_parquet
from pipelines.ingest.header import wanted_keys
from pipelines.ingest.layout import to_sheet
from pipelines.ingest.personal import refuse_identity_numbers
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.xlsx_reader import read_xlsx
from pipelines.municipality.feeds import Feed

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
    except OSError:
        raise DeliveryRejectedError(
            "unreadable",
            "Filen kan ikke åpnes.",
            way_out="Kontroller at den finnes og at Pukk har lov til å lese den.",
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        len(raw) != after.st_size
    ):
        raise DeliveryRejectedError(
            "truncated",
            "Filen ble skrevet til mens den ble lest.",
            way_out="Vent til kopieringen er ferdig; filen leses ved neste kjøring.",
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
    if not raw.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise DeliveryRejectedError(
            "empty", "Filen er tom.", way_out="Eksporter på nytt og kontroller utvalget."
        )
    wanted = wanted_headers(feed)
    kind = _kind(raw) if feed.format == "auto" else feed.format
    if kind == "parquet" or kind == "fixed_width":
        sheet = (
            read_parquet(raw)
            if kind == "parquet"
            else read_fixed_width(
                decode(raw, feed.encoding), feed.fixed_width or (), feed.record_length
            )
        )
        names = [name for name in sheet.rows.columns if name != SOURCE_ROW]
        refuse_identity_numbers(sheet.rows, names)
        return sheet
    if kind == "xlsx":
        if not raw.startswith(_WORKBOOKS):
            raise DeliveryRejectedError(
                "not_xlsx",
                "Filen er ikke en arbeidsbok (.xlsx).",
                way_out="Lagre den som .xlsx, eller sett format: csv for leveransen.",
            )
        grid = read_xlsx(raw, wanted_keys(wanted), feed.sheet)
    else:
        grid = read_csv(decode(raw, feed.encoding), wanted_keys(wanted), feed.separator)
    refuse_identity_numbers(grid.cells, grid.columns)
    return to_sheet(grid, wanted, feed)


def _kind(raw: bytes) -> str:
    if raw.startswith(_WORKBOOKS):
        return "xlsx"
    if raw.startswith(b"PAR1"):
        return "parquet"
    start = raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    foreign = next((name for mark, name in _FOREIGN if start.startswith(mark)), None)
    if foreign:
        raise DeliveryRejectedError(
            "unknown_format",
            f"Filen er {foreign}, ikke CSV, XLSX, Parquet eller fast bredde.",
            way_out="Eksporter den på nytt i et av disse formatene.",
        )
    return "csv"
