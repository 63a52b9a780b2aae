"""What stood in a row that was set aside, when it is no personal value; and how much it came to.

The one place that says which columns are personal: those the contract classifies as ``person`` or
``restricted``, and free text. Of other text only codes and what is spelt like a legal value are
told, of a unit what ``unit_like`` says; a line that has slipped one column holds an employee
number or a name anywhere, so in a table with persons still less is told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.contracts.shapes import Column, Table
from pipelines.ingest.cell_faults import FAULT_WORDS
from pipelines.ingest.columns import HeaderFinder
from pipelines.ingest.date_forms import parse_date
from pipelines.ingest.mapping import refine
from pipelines.ingest.personal import looks_personal, person_numbers
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.text_keys import fold
from pipelines.ingest.unit_like import LONGEST, UnitWords
from pipelines.ingest.units import UNIT_ID_SYSTEM, UnitIndex
from pipelines.municipality.feeds import ColumnMapping, Feed

if TYPE_CHECKING:
    from pipelines.ingest.large.spool import Spool

SECRET = frozenset({"person", "restricted"})
"""Classifications whose values are never told."""
_CODED = frozenset({"enum", "pattern", "kostra_code", "range", "first_of_month"})
_FIGURES = {"number", "integer", "date", "timestamp"}
_WORDS = (
    r"kr|nok|dager|dag|timer|t|stk|pst|prosent|kvartal|kv|k|q|h|z|uke|mnd|null|nan|inf|n/a|i/t|na|"
    r"januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|"
    r"jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|des|true|false|sann|usann"
)
_FIGURE_LIKE = re.compile(
    r"(?:[\d\s.,:;/+\-\u2212\u2013%()#!?'*<>=]|(?<![^\W\d_])(?:" + _WORDS + r")(?![^\W\d_]))+",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[-\u2212]?[\d\s]+(?:[.,]\d+)?")
_SHORT_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,2}\d{0,3}[A-Za-z]{0,2}")
_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,3}[\d./-]{1,9}[A-Za-z]{0,2}")
_UNIT_COLUMNS = frozenset({"unit_id", "parent_unit_id"})
_LIKE = 0.8
_SLIPPED = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class HeldBack:
    """What the rows set aside come to; None where the table does not measure it.

    Attributes:
        nok: Kroner, with the file's signs.
        days: Days of the table's first column of days.
        persons: How many different persons.
    """

    nok: float | None = None
    days: float | None = None
    persons: int | None = None


def has_persons(table: Table) -> bool:
    """Return whether a table's rows are about persons."""
    return any(column.classification == "person" for column in table.columns)


def persons_in(parts: Sequence["pl.DataFrame | Spool"], table: Table) -> int | None:
    """Return how many different persons some rows are about; None when the table has no persons.

    Args:
        parts: The rows, in the table's columns, or the spool they lie in.
        table: The contract's table.
    """
    person = next((c.name for c in table.columns if c.classification == "person"), None)
    if person is None:
        return None
    found: set[str] = set()
    for part in parts:
        if isinstance(part, pl.DataFrame):
            found |= set(part[person].drop_nulls().unique()) if part.height else set()
        else:
            found |= set(part.rows().select(person).drop_nulls().unique().collect()[person])
    return len(found)


def held_back(aside: pl.DataFrame, table: Table) -> HeldBack:
    """Return what the rows set aside come to, as far as they could be read.

    Args:
        aside: The rows, in the table's columns.
        table: The contract's table.
    """
    persons = next((c.name for c in table.columns if c.classification == "person"), None)
    if aside.is_empty():
        return HeldBack()
    if persons is not None:
        return HeldBack(persons=aside[persons].drop_nulls().n_unique())
    nok, days = (
        next((c.name for c in table.columns if c.name.endswith(end)), None)
        for end in ("_nok", "_days")
    )
    return HeldBack(nok=_sum(aside, nok), days=_sum(aside, days))


def with_found(
    problems: pl.DataFrame, sheet: Sheet, feed: Feed, table: Table, units: UnitIndex
) -> pl.DataFrame:
    """Return the problems with ``found_nb``: what stood there, null where it may not be told.

    Args:
        problems: ``source_row``, ``column_name``, ``rule_id`` and what else there is.
        sheet: The file's rows.
        feed: Says which file column feeds which contract column.
        table: The contract's table.
        units: The organisation as it is loaded.
    """
    if problems.is_empty():
        return problems.with_columns(pl.lit(None, dtype=pl.String).alias("found_nb"))
    finder = HeaderFinder([name for name in sheet.rows.columns if name != SOURCE_ROW])
    persons = None
    if has_persons(table):
        persons = person_numbers(sheet.rows, _person_headers(feed, table, finder))
    rows = sheet.rows.filter(pl.col(SOURCE_ROW).is_in(problems[SOURCE_ROW].unique().implode()))
    teller = _Teller(rows, feed, table, units.words(persons))
    told = {row.source_row: row.found_nb for row in sheet.broken if not has_persons(table)}
    found = [
        teller.found(row, column, rule) or told.get(row)
        for row, column, rule in problems.select(SOURCE_ROW, "column_name", "rule_id").iter_rows()
    ]
    return problems.with_columns(pl.Series("found_nb", found, dtype=pl.String))


class _Teller:
    """Looks up cells of the rows that were set aside."""

    def __init__(self, rows: pl.DataFrame, feed: Feed, table: Table, words: UnitWords) -> None:
        self._feed, self._words = feed, words
        self._has_persons = has_persons(table)
        self._rules = {rule.id: rule for rule in table.rules}
        self._columns = {column.name: column for column in table.columns}
        self._places = {row: i for i, row in enumerate(rows[SOURCE_ROW].to_list())}
        finder = HeaderFinder([name for name in rows.columns if name != SOURCE_ROW])
        self._texts = {column.name: self._refined(rows, column, finder) for column in table.columns}

    def found(self, row: int, column: str | None, rule_id: str) -> str | None:
        """Return what stood in the columns of a broken rule, as one text."""
        place = self._places.get(row)
        if place is None:
            return None
        rule = self._rules.get(rule_id)
        names: Iterable[str] = [column] if column else rule.columns if rule else ()
        kind = rule.kind if rule else ("unit" if rule_id == "unknown_unit" else "type")
        parts = {
            self._columns[name].business_name or name: texts
            for name in names
            if name in self._columns and (texts := self._shown(name, place, kind))
        }
        if column or len(parts) == 1:
            return next(iter(parts.values()), None)
        return ", ".join(f"{name} {text}" for name, text in parts.items()) or None

    def _shown(self, name: str, place: int, kind: str) -> str:
        cells = [texts[place] for texts in self._texts[name]]
        texts = [text for text in cells if text]
        if kind == "type" and len(texts) > 1:  # of several melted cells, those that are no numbers
            texts = [text for text in texts if not _PLAIN.fullmatch(text)]
        column = self._columns[name]
        told = [self._told(text, column, kind) for text in texts]
        return ", ".join(f"«{text}»" for text in told if text)

    def _told(self, text: str, column: Column, kind: str) -> str | None:
        if column.classification in SECRET or (self._words.persons and text in self._words.persons):
            return None
        if kind == "unit" or column.name in _UNIT_COLUMNS:
            mapping = self._feed.columns.get(column.name, ColumnMapping())
            return self._words.told(text, mapping.unit_code or UNIT_ID_SYSTEM)
        is_private = len(text) > LONGEST or looks_personal(text)
        return text if not is_private and self._may_tell(text, column, kind) else None

    def _may_tell(self, text: str, column: Column, kind: str) -> bool:
        if column.logical_type in _FIGURES:
            is_figure = text in FAULT_WORDS or _FIGURE_LIKE.fullmatch(text) is not None
            return is_figure and not (self._has_persons and _is_private(text, kind))
        if self._has_persons:
            return _SHORT_CODE.fullmatch(text) is not None
        is_told = kind in _CODED or kind == "unique_key"
        return is_told and (_CODE.fullmatch(text) is not None or self._is_near_legal(text, column))

    def _is_near_legal(self, text: str, column: Column) -> bool:
        """Return whether a text is spelt much like one that the column or the feed knows."""
        mapping = self._feed.columns.get(column.name, ColumnMapping())
        legal = [fold(value) for value in (*(mapping.values or {}), *map(str, column.enum))]
        return bool(get_close_matches(fold(text), legal, n=1, cutoff=_LIKE))

    def _refined(
        self, rows: pl.DataFrame, column: Column, finder: HeaderFinder
    ) -> list[list[str | None]]:
        mapping = self._feed.columns.get(column.name, ColumnMapping())
        headers: list[str | None] = []
        melt = self._feed.melt
        groups = melt.groups if melt and column.name in melt.values else ()
        if groups:
            titles = [
                group.columns[column.name] for group in groups if column.name in group.columns
            ]
            headers = [finder.find(title) for title in titles]
        elif mapping.column:
            headers = [next((h for h in map(finder.find, mapping.column) if h), None)]
        return [refine(rows[h], mapping).to_list() for h in headers if h]


def _person_headers(feed: Feed, table: Table, finder: HeaderFinder) -> list[str]:
    names = {c.name for c in table.columns if c.classification == "person"}
    mapped = [feed.columns[name].file_columns for name in names if name in feed.columns]
    return [header for texts in mapped for header in map(finder.find, texts) if header]


def _is_private(text: str, kind: str) -> bool:
    """A date or figure of a person's that could be read, or a bare number that may be theirs."""
    if parse_date(text, ["mdy"]):  # a day that was not read because it may be another
        return True
    return kind != "type" or _SLIPPED.fullmatch(re.sub(r"[\s-]", "", text)) is not None


def _sum(aside: pl.DataFrame, name: str | None) -> float | None:
    return None if name is None else float(aside[name].cast(pl.Float64).sum())


def amounts(held: HeldBack) -> dict[str, Any]:
    """Return the ledger's columns of what is held back."""
    return {
        "quarantined_nok": held.nok,
        "quarantined_days": held.days,
        "quarantined_persons": held.persons,
    }
