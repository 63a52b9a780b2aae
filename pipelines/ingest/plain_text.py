"""Delimited text in which nothing is in doubt, read by Polars' own reader.

Whether a text is so plain is seen from the whole of it before a row is read. All other text is read
with care, a row at a time, in ``csv_reader``; a test holds the two equal, row numbers included.
"""

import polars as pl

from pipelines.ingest.shapes import MAX_CELL_CHARS, MAX_COLUMNS, N_FIELDS, SOURCE_ROW

_QUOTE, _LINE = '"', "__line"
_IN_NO_TEXT = "\x1f"
_NO_SEPARATORS = frozenset('"\r\n\x1f')


def plain_cells(text: str, separator: str, first_line: int) -> pl.DataFrame | None:
    """Return the cells of a text, untrimmed, or None when only the careful reader can tell.

    Plain is a text without quotes, whose lines all end in LF or CR LF, with no line so long that a
    cell may be too large and none with more fields than a file may have. Its lines may be of
    different widths.

    Args:
        text: The file's text below a line that names the separator.
        separator: What stands between fields.
        first_line: The number of the text's first line in the file.

    Returns:
        ``source_row`` and ``n_fields`` (Int32) and ``c0`` ... (String, empty as null), one row per
        line.
    """
    if not _is_plain(text, separator):
        return None
    raw = text.encode()
    shape = _read(raw, _IN_NO_TEXT, [_LINE]).select(
        (pl.col(_LINE).str.count_matches(separator, literal=True) + 1)
        .fill_null(0).cast(pl.Int32).alias(N_FIELDS),
        pl.col(_LINE).str.len_bytes().fill_null(0),
    )  # fmt: skip
    width, longest = shape.max().row(0) if shape.height else (0, 0)
    if not 0 < width <= MAX_COLUMNS or longest > MAX_CELL_CHARS:
        return None
    cells = _read(raw, separator, [f"c{i}" for i in range(width)])
    if cells.height != shape.height:
        return None
    rows = pl.int_range(first_line, first_line + cells.height, dtype=pl.Int32, eager=True)
    return cells.select(rows.alias(SOURCE_ROW), shape[N_FIELDS], pl.all())


def _is_plain(text: str, separator: str) -> bool:
    is_usual = len(separator) == 1 and separator.isascii() and separator not in _NO_SEPARATORS
    if not is_usual or _QUOTE in text or _IN_NO_TEXT in text:
        return False
    return text.count("\r") == text.count("\r\n")


def _read(raw: bytes, separator: str, names: list[str]) -> pl.DataFrame:
    return pl.read_csv(
        raw,
        has_header=False,
        separator=separator,
        quote_char=None,
        schema=dict.fromkeys(names, pl.String),
        missing_columns="insert",
    )
