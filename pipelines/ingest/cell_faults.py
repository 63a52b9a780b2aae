"""Cells in which a spreadsheet says that it has no value: they are never taken for empty ones.

The same words count in a workbook and in the text exported from it, in English and Norwegian. A
feed that knows better lists them under ``missing`` or ``values``.
"""

import re

import polars as pl

from pipelines.ingest.many_sheets import SHEET_STEP
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.text_keys import fold
from pipelines.municipality.feeds import ColumnMapping
from pipelines.words.messages import say

UNCOMPUTED = "#UBEREGNET!"
"""What the workbook reader writes for a formula without a stored value."""

_WORDS = (
    "#N/A #I/T #DIV/0! #REF! #VALUE! #VERDI! #NAME? #NAVN? #NUM! #NULL! #SPILL! #OVERFLYT! "
    "#OVERFLOW! #CALC! #BEREGN! #GETTING_DATA #HENTER_DATA #FIELD! #FELT! #BLOCKED! #BLOKKERT! "
    "#CONNECT! #TILKOBLE! #KOBLE! #UNKNOWN! #UKJENT! #BUSY! #OPPTATT! #PYTHON! #EXTERNAL! "
    "#EKSTERN! #TIMEOUT! #ERROR! #FEIL!"
)
FAULT_WORDS = (*_WORDS.split(), UNCOMPUTED)
_FAULTS = {fold(word): word for word in FAULT_WORDS}
# a column too narrow for its number when it was copied, and the numbered errors of LibreOffice
_OTHER_FAULT = r"#{3,}|(?i:err|feil):[0-9]{3}"
_SUSPECT = rf"^#|^(?:{_OTHER_FAULT})$"


def has_faults(cells: pl.DataFrame, columns: list[str]) -> bool:
    """Return whether any of the columns (String) holds a word of fault."""
    return any(_words(cells[column]) for column in columns)


def without_faults(cells: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return the cells with the words of fault in these columns taken for empty."""
    found = {column: _words(cells[column]) for column in columns}
    return cells.with_columns(
        pl.col(column).replace(dict.fromkeys(words, None))
        for column, words in found.items()
        if words
    )


def faults_of(sheet: Sheet, headers: tuple[str, ...], mapping: ColumnMapping) -> pl.Series | None:
    """Return what is wrong with the cells a column is read from, null where nothing is.

    Args:
        sheet: The file's rows.
        headers: The file columns that are read.
        mapping: What the feed says about them.

    Returns:
        Reasons in bokmål (String), or None when there are none; the words of fault are no
        personal value.
    """
    meant = {fold(text) for text in (*mapping.missing, *(mapping.values or {}))}
    reasons = [
        _reasons(sheet, header, words)
        for header in headers
        if (words := [w for w in _words(sheet.rows[header]) if fold(w) not in meant])
    ]
    return pl.select(pl.coalesce(reasons)).to_series() if reasons else None


def _words(texts: pl.Series) -> list[str]:
    """Return the different words of fault in a column."""
    suspects = texts.filter(texts.str.contains(_SUSPECT))
    return [
        text
        for text in suspects.unique().to_list()
        if fold(text) in _FAULTS or re.fullmatch(_OTHER_FAULT, text)
    ]


def _reasons(sheet: Sheet, header: str, words: list[str]) -> pl.Series:
    told = {word: _told(word) for word in words}
    what = pl.col(header).replace_strict(told, default=None, return_dtype=pl.String)
    return sheet.rows.select(pl.format("{} {}", _place(sheet, header), what)).to_series()


def _place(sheet: Sheet, header: str) -> pl.Expr:
    """The cell's address, where columns have letters."""
    place = pl.lit("feltet")
    number, row = pl.col(SOURCE_ROW) // SHEET_STEP, pl.col(SOURCE_ROW) % SHEET_STEP
    for sheet_number, letters in sheet.letters.items():
        if header in letters:
            here = (number == sheet_number) | (number == 0)
            cell = pl.format("cellen {}{}", pl.lit(letters[header]), row)
            place = pl.when(here).then(cell).otherwise(place)
    return place


def _told(word: str) -> str:
    if fold(word) == fold(UNCOMPUTED):
        return say("ingest.cell_faults.formula_without_value")
    shown = _FAULTS.get(fold(word), "###" if word.startswith("#") else word)
    return say("ingest.cell_faults.workbook_error", shown=shown)
