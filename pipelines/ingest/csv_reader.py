"""Delimited text to a grid: separator, quotes, line numbers.

Finding the header among titles and totals is done in ``header`` and ``layout``.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice, zip_longest

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.encoding import Decoded
from pipelines.ingest.plain_text import plain_cells
from pipelines.ingest.shapes import MAX_CELL_CHARS, MAX_COLUMNS, N_FIELDS, SOURCE_ROW, Grid
from pipelines.ingest.text_keys import fold
from pipelines.words.messages import say

SEPARATORS = (";", "\t", ",", "|")
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_PROBE_ROWS = 80


def read_csv(decoded: Decoded, wanted: frozenset[str], separator: str = "auto") -> Grid:
    """Return the grid of a delimited text.

    Args:
        decoded: The file's text.
        wanted: Folded header names the feed maps, used to recognise the separator.
        separator: ``auto`` or the separator itself.

    Raises:
        DeliveryRejectedError: ``empty``, ``unclosed_quote``, ``truncated`` (a quote opened on the
            last line is never closed), ``cell_too_large``, ``too_wide``.
    """
    text = decoded.text
    if not text.strip():
        raise DeliveryRejectedError(
            "empty",
            say("ingest.csv_reader.file_is_empty"),
            way_out=say("ingest.csv_reader.export_again_check_selection"),
        )
    first_line = 1
    hint = _SEP_LINE.match(text)
    if hint:
        text, first_line = text[hint.end() :], 2
    chosen = separator if separator != "auto" else (hint.group(1) if hint else "")
    chosen = chosen or _separator(text, wanted)
    return Grid(
        cells=cells_of(text, chosen, first_line),
        encoding=decoded.encoding,
        cut=not text.endswith(("\n", "\r")),
        notes=decoded.notes,
        separator=chosen,
    )


def cells_of(text: str, separator: str, first_line: int) -> pl.DataFrame:
    """Return the cells of a delimited text, by Polars' own reader where nothing is in doubt.

    Args:
        text: The file's text below a line that names the separator, or some whole lines of it.
        separator: What stands between fields.
        first_line: The number of the text's first line in the file.
    """
    plain = plain_cells(text, separator, first_line)
    return careful_cells(text, separator, first_line) if plain is None else tidy(plain)


def careful_cells(text: str, separator: str, first_line: int) -> pl.DataFrame:
    """Return the cells of any delimited text, read a row at a time; see ``read_csv``.

    Args:
        text: The file's text below a line that names the separator.
        separator: What stands between fields.
        first_line: The number of the text's first line in the file.
    """
    return text_frame(*_rows(text, separator, first_line))


def text_frame(rows: list[list[str]], numbers: list[int]) -> pl.DataFrame:
    """Return rows of cells as a frame of trimmed text, blank as null, short rows padded.

    Raises:
        DeliveryRejectedError: ``too_wide`` or ``cell_too_large``.
    """
    width = max((len(row) for row in rows), default=0)
    if width > MAX_COLUMNS:
        raise DeliveryRejectedError(
            "too_wide",
            say("ingest.csv_reader.too_many_fields", width=width, max_columns=MAX_COLUMNS),
            where=f"linje {numbers[max(range(len(rows)), key=lambda i: len(rows[i]))]}",
            way_out=say("ingest.csv_reader.check_separator_and_quotes"),
        )
    frame = pl.DataFrame(
        {
            SOURCE_ROW: pl.Series(numbers, dtype=pl.Int32),
            N_FIELDS: pl.Series([len(row) for row in rows], dtype=pl.Int32),
            **{
                f"c{i}": pl.Series(values, dtype=pl.String)
                for i, values in enumerate(zip_longest(*rows))
            },
        }
    )
    return tidy(frame)


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with text trimmed and blank text as null.

    Raises:
        DeliveryRejectedError: ``cell_too_large``.
    """
    text = frame.select(pl.col(pl.String))
    if text.width and text.height:
        longest = text.select(pl.max_horizontal(pl.all().str.len_chars())).to_series()
        place = longest.arg_max()
        if place is not None and longest[place] > MAX_CELL_CHARS:
            raise too_large(f"rad {frame[SOURCE_ROW][place]}")
    return frame.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))


def too_large(where: str) -> DeliveryRejectedError:
    """Return the error for a cell above the limit."""
    return DeliveryRejectedError(
        "cell_too_large",
        say("ingest.csv_reader.cell_too_large", max_cell_chars=MAX_CELL_CHARS // 1024),
        where=where,
        way_out=say("ingest.csv_reader.remove_free_text"),
    )


def _rows(text: str, separator: str, first_line: int) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    start = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append(row)
            numbers.append(start + first_line)
            start = reader.line_num
    except csv.Error as broken:
        raise _csv_problem(broken, text, start, first_line) from None
    return rows, numbers


def _csv_problem(
    broken: csv.Error, text: str, start: int, first_line: int
) -> DeliveryRejectedError:
    where = f"linje {start + first_line}"
    if "field larger" in str(broken):
        return too_large(where)
    if "unexpected end" in str(broken) and start + 1 >= len(text.splitlines()):
        return DeliveryRejectedError(
            "truncated",
            say("ingest.csv_reader.ends_in_a_field"),
            where=where,
            way_out=say("ingest.csv_reader.copy_again"),
        )
    return DeliveryRejectedError(
        "unclosed_quote",
        say("ingest.csv_reader.quote_not_closed"),
        where=where,
        way_out=say("ingest.csv_reader.fix_field_or_double_quotes"),
    )


def _separator(text: str, wanted: frozenset[str]) -> str:
    """Return the separator under which most wanted headers stand in one row."""
    return max(SEPARATORS, key=lambda candidate: _score(text, candidate, wanted))


def _score(text: str, separator: str, wanted: frozenset[str]) -> tuple[int, int]:
    hits, widths = 0, []
    for row in _probe(text, separator):
        hits = max(hits, len(wanted & {fold(cell) for cell in row}))
        widths.append(len(row))
    common = max(set(widths), key=widths.count) if widths else 0
    return hits, common if common > 1 else 0


def _probe(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from islice(reader, _PROBE_ROWS)
    except csv.Error:  # a wrong separator can make a field too large; the rows so far decide
        return
