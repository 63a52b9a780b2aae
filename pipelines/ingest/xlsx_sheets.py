"""Which sheets of a workbook are read: one, those the feed names by a pattern, or all of them."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from pipelines.desk.personal_identifiers import masked
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.shapes import Note
from pipelines.ingest.text_keys import fold
from pipelines.municipality.file_layout import ALL_SHEETS, SheetPattern
from pipelines.words.messages import say

PROBE_ROWS = 60
_SIMILAR = 0.5
_MIN_HITS = 2


class SheetInfo(NamedTuple):
    """One sheet: its name, whether it is visible, and how many wanted headers stand in one row."""

    name: str
    visible: bool
    hits: int


class Chosen(NamedTuple):
    """The sheets to read, in the workbook's order, and what should be said about the others."""

    names: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def hits_in(probe: pl.DataFrame, wanted: frozenset[str]) -> int:
    """Return the most wanted headers that stand in one row of a sheet's first rows."""
    rows = ({fold(cell) for cell in row if cell} for row in probe.rows())
    return max((len(wanted & row) for row in rows), default=0)


def choose_sheets(
    names: Sequence[str],
    look: Callable[[str], SheetInfo],
    sheet: str | int | SheetPattern | None,
) -> Chosen:
    """Return the sheets to read.

    Args:
        names: All sheet names.
        look: Returns what is known about a sheet; it is only asked when it matters.
        sheet: What the feed says: name, number from 0, ``all``, a pattern, or nothing.

    Raises:
        DeliveryRejectedError: ``unknown_sheet`` or ``ambiguous_sheet``.
    """
    if isinstance(sheet, SheetPattern):
        pattern = re.compile(sheet.pattern, re.IGNORECASE)
        found = tuple(name for name in names if pattern.fullmatch(name.strip()))
        if not found:
            raise _unknown(say("ingest.xlsx_sheets.no_sheet_fits", pattern=sheet.pattern), names)
        return Chosen(found)
    if sheet == ALL_SHEETS:
        return _all([look(name) for name in names])
    if sheet is not None:
        return Chosen((_named(names, sheet),))
    return Chosen((names[0],)) if len(names) == 1 else _best([look(name) for name in names])


def _named(names: Sequence[str], sheet: str | int) -> str:
    if isinstance(sheet, int):
        if sheet < len(names):
            return names[sheet]
    else:
        match = [name for name in names if fold(name) == fold(sheet)]
        if match:
            return match[0]
    raise _unknown(say("ingest.xlsx_sheets.no_such_sheet", sheet=sheet), names)


def _unknown(message: str, names: Sequence[str]) -> DeliveryRejectedError:
    return DeliveryRejectedError(
        "unknown_sheet",
        say("ingest.xlsx_sheets.sheets_are", message=message, names=", ".join(names)),
        way_out=say("ingest.xlsx_sheets.fix_sheet"),
    )


def _all(sheets: Sequence[SheetInfo]) -> Chosen:
    """Every visible sheet in which a header stands; the others are told of."""
    top = max((sheet.hits for sheet in sheets), default=0)
    fits = [sheet for sheet in sheets if sheet.hits and sheet.hits >= _SIMILAR * top]
    read = tuple(sheet.name for sheet in fits if sheet.visible)
    if not read:
        raise _unknown(say("ingest.xlsx_sheets.no_visible_sheet"), [sheet.name for sheet in sheets])
    hidden = [sheet.name for sheet in fits if not sheet.visible]
    other = [sheet.name for sheet in sheets if sheet.visible and sheet.name not in read]
    notes = [
        Note("sheets_left", say("ingest.xlsx_sheets.not_read", what=what, left=_listed(left)))
        for what, left in (
            (say("ingest.xlsx_sheets.hidden_sheets"), hidden),
            ("Ark uten overskriftene", other),
        )
        if left
    ]
    return Chosen(read, tuple(notes))


def _best(sheets: Sequence[SheetInfo]) -> Chosen:
    """The one visible sheet with most wanted headers, or a hidden one if no visible has any."""
    candidates = [s for s in sheets if s.visible and s.hits] or [s for s in sheets if s.hits]
    top = max((sheet.hits for sheet in candidates), default=0)
    best = [sheet.name for sheet in candidates if sheet.hits == top]
    if len(best) != 1:
        raise DeliveryRejectedError(
            "ambiguous_sheet",
            say(
                "ingest.xlsx_sheets.cannot_tell_which",
                best=_listed(best or [sheet.name for sheet in sheets]),
            ),
            way_out=say("ingest.xlsx_sheets.set_sheet_or_all"),
        )
    similar = [
        sheet.name
        for sheet in candidates
        if sheet.name not in best and sheet.hits >= max(_MIN_HITS, _SIMILAR * top)
    ]
    if not similar:
        return Chosen((best[0],))
    told = say("ingest.xlsx_sheets.similar_not_read", best=best[0], similar=_listed(similar))
    return Chosen(
        (best[0],), (Note("sheets_left", say("ingest.xlsx_sheets.set_sheet_after", told=told)),)
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"«{masked(name)}»" for name in names)
