"""Several sheets of one workbook to one sheet, in which every row still says where it came from.

``source_row`` of row 13 in the workbook's second sheet is 20 000 013: the sheet's number times ten
million, and the row. A delivery that reads one sheet has plain row numbers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.recognised import RECOGNISED
from pipelines.ingest.shapes import SOURCE_ROW, Note, Sheet
from pipelines.ingest.text_keys import fold
from pipelines.words.messages import say

SHEET_STEP = 10_000_000
_ROW = re.compile(RECOGNISED["many_sheets.row_of_many_sheets"])


def join_sheets(sheets: Sequence[tuple[str, int, Sheet]]) -> Sheet:
    """Return the rows of several sheets under the headers of the first.

    Args:
        sheets: Name, number (from 1) and rows of each; at least one.
    """
    if len(sheets) == 1:
        return sheets[0][2]
    headers: dict[str, str] = {}
    for _, _, sheet in sheets:
        for name in sheet.rows.columns:
            headers.setdefault(fold(name), name)
    renamed = [(name, number, _renamed(sheet, headers)) for name, number, sheet in sheets]
    named = tuple(dict.fromkeys(h for _, _, sheet in renamed for h in sheet.named_columns))
    notes = [
        Note(note.code, f"Ark «{name}»: {note.message_nb}")
        for name, _, sheet in renamed
        for note in sheet.notes
    ]
    return Sheet(
        rows=pl.concat([_moved(s.rows, number) for _, number, s in renamed], how="diagonal"),
        lines_total=sum(sheet.lines_total for _, _, sheet in renamed),
        layout_rows=sum(sheet.layout_rows for _, _, sheet in renamed),
        broken=tuple(
            row._replace(source_row=row.source_row + number * SHEET_STEP)
            for _, number, sheet in renamed
            for row in sheet.broken
        ),
        printed_totals=pl.concat(
            [_moved(s.printed_totals, number) for _, number, s in renamed], how="diagonal"
        ),
        named_columns=named,
        dropped=pl.concat([_moved(s.dropped, number) for _, number, s in renamed]),
        typed=True,
        notes=(*notes, *_missing(renamed, named)),
        letters={n: letters for _, _, s in renamed for n, letters in s.letters.items()},
        from_1904=any(sheet.from_1904 for _, _, sheet in renamed),
        sheet_names={number: name for name, number, _ in renamed},
    )


def in_sheet(name: str, refused: DeliveryRejectedError) -> DeliveryRejectedError:
    """Return a refusal that says in which sheet it was met."""
    where = (
        say("ingest.many_sheets.in_sheet_at", name=name, where=refused.where)
        if refused.where
        else say("ingest.many_sheets.in_sheet", name=name)
    )
    return DeliveryRejectedError(
        refused.code, refused.message, where=where, way_out=refused.way_out
    )


def place_of(source_row: int) -> str:
    """Return where a row stands, in words: ``rad 13``, or ``ark 2, rad 13``."""
    number, row = divmod(source_row, SHEET_STEP)
    return (
        say("ingest.many_sheets.place_in_workbook", number=number, row=row)
        if number
        else f"rad {row}"
    )


def place_names(texts: pl.Series, sheet_names: Mapping[int, str]) -> pl.Series:
    """Return texts in which a row of one of several sheets is named by its sheet and row."""
    if not sheet_names:
        return texts

    def named(hit: re.Match[str]) -> str:
        number, row = divmod(int(hit[2]), SHEET_STEP)
        word = "Ark" if hit[1] == "Rad" else "ark"
        return f"{word} «{sheet_names.get(number, number)}», rad {row}"

    return pl.Series(
        texts.name, [text and _ROW.sub(named, text) for text in texts], dtype=pl.String
    )


def _renamed(sheet: Sheet, headers: Mapping[str, str]) -> Sheet:
    """Give columns that differ in case and spaces only the name they have in the first sheet."""
    taken, names = set(sheet.rows.columns), dict[str, str]()
    for name in sheet.rows.columns:
        first = headers[fold(name)]
        if fold(name) and first not in taken:
            names[name] = first
            taken.add(first)
    if not names:
        return sheet
    return replace(
        sheet,
        rows=sheet.rows.rename(names),
        printed_totals=sheet.printed_totals.rename(names, strict=False),
        named_columns=tuple(names.get(name, name) for name in sheet.named_columns),
        letters={
            number: {names.get(name, name): letter for name, letter in letters.items()}
            for number, letters in sheet.letters.items()
        },
    )


def _moved(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    if SOURCE_ROW not in rows.columns:
        return rows
    return rows.with_columns((pl.col(SOURCE_ROW) + number * SHEET_STEP).cast(pl.Int32))


def _missing(sheets: Sequence[tuple[str, int, Sheet]], named: Sequence[str]) -> list[Note]:
    notes = []
    for name, _, sheet in sheets:
        absent = [f"«{header}»" for header in named if header not in sheet.named_columns]
        if absent:
            told = say(
                "ingest.many_sheets.sheet_lacks_columns", name=name, absent=", ".join(absent)
            )
            notes.append(Note("sheet_columns", told))
    return notes
