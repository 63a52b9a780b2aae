"""A table as CSV for the reader's spreadsheet and as XLSX, where no text can become a formula.

Rows in, bytes out: nothing here reads figures, asks who is asking, or writes the log.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pipelines.words.catalogue import DEFAULT_LANGUAGE, text
from pipelines.words.numbers import day, exactly, plain_fraction, yes_no

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d[\d \u00a0]*([.,]\d+)?%?")
_LONGEST_CELL = 32_767
_EXACT_INTEGER = 2**53
_WIDEST_COLUMN = 60
_WIDTH_SAMPLE_ROWS = 200
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - same content, same bytes; the format has no zone


def safe_text(text: str) -> str:
    """Return a text that a spreadsheet shows and never runs; numbers written as text stand."""
    starts = text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or text.startswith("'")
    return f"'{text}" if starts and not _NUMBER.fullmatch(text) else text


def to_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return UTF-8 with byte-order mark, written as a spreadsheet in the language reads it.

    In Norwegian semicolons, decimal commas and ``31.12.2018``; in English commas, decimal points
    and ``31 Dec 2018``.

    Args:
        columns: Headings.
        rows: Cells in the order of the headings; ``None`` is empty, never zero.
        language: Whose marks, dates and words.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=text("format.file_separator", language), lineterminator="\r\n"
    )
    writer.writerow([safe_text(column) for column in columns])
    writer.writerows([_csv_cell(value, language) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    about: Sequence[tuple[str, str]] = (),
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return a workbook with the table and a sheet that says where it comes from.

    Args:
        columns: Headings.
        rows: Cells in the order of the headings.
        title: Name of the sheet and of the document.
        about: Lines of the second sheet: what and which.
        language: Whose dates and words.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": text("format.sheet_day", language),
    }
    import xlsxwriter  # only who takes a workbook away waits for it

    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": _CREATED})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_sheet_name(title))
        kept = [list(row) for row in rows]
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name[:_LONGEST_CELL], head)
            sheet.set_column(column, column, _width(name, column, kept))
        moment = book.add_format({"num_format": f"{text('format.sheet_day', language)} hh:mm"})
        for number, row in enumerate(kept, start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, moment, language)
        sheet.freeze_panes(1, 0)
        if kept and columns:
            sheet.autofilter(0, 0, len(kept), len(columns) - 1)
        if about:
            notes = book.add_worksheet(text("file.about", language))
            notes.set_column(0, 0, 24)
            notes.set_column(1, 1, 90)
            for number, (what, which) in enumerate(about):
                notes.write_string(number, 0, what, head)
                notes.write_string(number, 1, which[:_LONGEST_CELL])
    return out.getvalue()


def _csv_cell(value: object, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value, language)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = Decimal(repr(exactly(value)))
    if isinstance(value, Decimal):
        return plain_fraction(value, language)
    if isinstance(value, datetime):
        return f"{day(value.date(), language)} {value:%H:%M:%S}"
    if isinstance(value, date):
        return day(value, language)
    return safe_text(str(value))


def _write(  # noqa: PLR0913 - a cell has a place, a value and a look
    sheet: Any,  # noqa: ANN401 - the library ships no types
    row: int,
    column: int,
    value: object,
    moment: object,
    language: str,
) -> None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, yes_no(value, language))
    elif isinstance(value, float | Decimal) or (
        isinstance(value, int) and abs(value) <= _EXACT_INTEGER
    ):
        sheet.write_number(row, column, float(value))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:_LONGEST_CELL])


def _width(name: str, column: int, rows: Sequence[Sequence[Any]]) -> int:
    longest = max((len(str(row[column])) for row in rows[:_WIDTH_SAMPLE_ROWS]), default=0)
    return min(max(longest, len(name)) + 2, _WIDEST_COLUMN)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Tabell"
