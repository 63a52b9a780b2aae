"""A sheet becomes rows of the contract's table: columns read, wide made long, units looked up.

Rows that cannot be read are marked here and taken out in ``split``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.contracts.shapes import Column, Table
from pipelines.contracts.to_polars import polars_dtypes
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.cell_faults import faults_of
from pipelines.ingest.clock import seems_utc
from pipelines.ingest.columns import Resolved, resolve_columns, yaml_place
from pipelines.ingest.found import has_persons
from pipelines.ingest.mapping import (
    ReadContext,
    constant_column,
    expected,
    read_column,
    shown_name,
    take_text,
)
from pipelines.ingest.melting import Melting, has_value, with_faults, without
from pipelines.ingest.numbers import Parsed
from pipelines.ingest.periods import FilePeriod
from pipelines.ingest.personal import person_numbers, refuse_names, without_addresses
from pipelines.ingest.pseudonyms import Keys
from pipelines.ingest.shapes import SOURCE_ROW, Note, Sheet
from pipelines.ingest.unit_like import UnitWords
from pipelines.ingest.units import UNIT_ID_SYSTEM, UnitIndex, days_of, unknown_unit
from pipelines.municipality.feeds import ColumnMapping, DateFormats, Feed
from pipelines.words.messages import say

BAD = "__bad"
_PERSON = {"person_id", "position_id"}
PROBLEM_SCHEMA = {
    SOURCE_ROW: pl.Int32,
    "column_name": pl.String,
    "rule_id": pl.String,
    "reason_nb": pl.String,
}


@dataclass(frozen=True)
class Assembled:
    """The rows of one file in the contract's shape.

    Attributes:
        rows: ``source_row``, ``__bad`` (Boolean) and the table's columns in their types.
        problems: ``source_row``, ``column_name``, ``rule_id``, ``reason_nb`` of the bad rows.
        notes: What the user should know.
        codes: Code system -> the codes of units in the file.
    """

    rows: pl.DataFrame
    problems: pl.DataFrame
    notes: tuple[Note, ...]
    codes: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Inputs:
    """What a file is read with.

    Attributes:
        feed: The feed.
        table: The contract's table.
        units: The organisation as it is loaded.
        key: The keys for pseudonyms.
        period: What the file's name says about the period.
        watch: Told of each column that is read, where the file is a part of a larger one.
    """

    feed: Feed
    table: Table
    units: UnitIndex
    key: Keys
    period: FilePeriod
    watch: "Watch | None" = None


def assemble(sheet: Sheet, inputs: Inputs) -> Assembled:
    """Return the rows of a sheet as rows of the contract's table.

    With ``melt`` one row of the file becomes one row per melted column that has a value; all of
    them keep the file's ``source_row``, and all counts are of the long rows.

    Raises:
        DeliveryRejectedError: ``personal_data``, ``missing_column``, ``wrong_type``,
            ``ambiguous_number``, ``empty``.
    """
    resolved = resolve_columns(inputs.feed, inputs.table, sheet)
    harmless = {
        header
        for name, headers in resolved.sources.items()
        if name not in _PERSON
        for header in headers
    } | set(resolved.melted_headers)
    masked = refuse_names(sheet.rows, sheet.named_columns, harmless, inputs.feed)
    builder = _Builder(sheet, inputs, resolved)
    rows = builder.long(builder.base())
    if rows.is_empty() and not sheet.broken:
        raise DeliveryRejectedError(
            "empty",
            say("ingest.assemble.no_row_has_a_value"),
            way_out=say("ingest.assemble.check_selection_and_export_again"),
        )
    rows = builder.with_units(rows)
    problems = pl.concat([pl.DataFrame(schema=PROBLEM_SCHEMA), *builder.problems])
    return Assembled(
        rows=rows.select(SOURCE_ROW, BAD, *polars_dtypes(inputs.table)),
        problems=problems.filter(pl.col(SOURCE_ROW).is_in(rows[SOURCE_ROW].implode())),
        notes=(*resolved.notes, *masked, *builder.notes),
        codes=builder.codes,
    )


class Watch(Protocol):
    """Whoever must know what a column's cells say over several parts of a file."""

    def see(
        self, text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext
    ) -> None:
        """Note a column's texts (String) before they are read."""


class _Builder:
    """Builds the rows of one file and collects its problems."""

    def __init__(self, sheet: Sheet, inputs: Inputs, resolved: Resolved) -> None:
        self.sheet, self.inputs, self.resolved = sheet, inputs, resolved
        self.feed, self.table = inputs.feed, inputs.table
        self.problems: list[pl.DataFrame] = []
        self.notes: list[Note] = []
        self.codes: dict[str, frozenset[str]] = {}
        self.dtypes = polars_dtypes(inputs.table)
        self.ctx = ReadContext(
            feed=inputs.feed,
            typed=sheet.typed,
            key=inputs.key,
            year=inputs.period.year,
            person_columns=frozenset(resolved.sources.get("person_id", ())),
            month_columns=_month_columns(inputs.table),
            from_1904=sheet.from_1904,
        )
        self.systems = _unit_systems(inputs.feed, inputs.table)

    def base(self) -> pl.DataFrame:
        """Return one row per row of the file with every column that is not melted."""
        rows = self.sheet.rows
        bad = pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
        out: dict[str, pl.Series] = {SOURCE_ROW: rows[SOURCE_ROW]}
        for column in self.table.columns:
            mapping = self.feed.columns.get(column.name)
            if self.feed.melt and column.name in self.feed.melt.values:
                continue
            if mapping is None:
                out[column.name] = self._from_file_name(column, rows.height)
                continue
            headers = self.resolved.sources.get(column.name, ())
            faults = faults_of(self.sheet, headers, mapping)
            text = without(self._text(mapping, column), faults)
            self._note_utc(text, mapping, column)
            if column.name in self.systems:
                parsed = Parsed(text, pl.repeat(value=False, n=rows.height, eager=True))
            else:
                if self.inputs.watch is not None:
                    self.inputs.watch.see(text, mapping, column, self.ctx)
                parsed = read_column(text, mapping, column, self.ctx)
            parsed = self._without_addresses(with_faults(parsed, faults), mapping, column)
            shown = pl.repeat(shown_name(mapping, column), rows.height, eager=True)
            self._note_bad(parsed, rows[SOURCE_ROW], shown, column)
            bad = bad | parsed.bad
            out[column.name] = parsed.values
        return pl.DataFrame({**out, BAD: bad})

    def long(self, base: pl.DataFrame) -> pl.DataFrame:
        """Return the rows made long, or unchanged when the feed does not melt."""
        if self.feed.melt is None:
            return base
        melting = Melting(
            self.sheet, self.table, self.resolved.melted, self.resolved.year_header, self.ctx
        )
        rows, melted = melting.rows(base), melting.columns()
        for column, parsed, headers in melted:
            self._note_bad(parsed, rows[SOURCE_ROW], headers, column)
            rows = rows.with_columns(
                parsed.values.alias(column.name), (rows[BAD] | parsed.bad).alias(BAD)
            )
        return rows.filter(has_value(melted)).sort(SOURCE_ROW, maintain_order=True)

    def with_units(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with codes replaced by unit ids; unknown ones are marked."""
        days = days_of(rows)
        for name, system in self.systems.items():
            codes = rows[name]
            read = frozenset(codes.drop_nulls().unique().to_list())
            self.codes[system] = self.codes.get(system, frozenset()) | read
            found = self.inputs.units.resolve(codes, days, system)
            bad = found.is_null() & codes.is_not_null()
            if bad.any():
                words = self._unit_words()
                unique = {
                    code: unknown_unit(code, system, words) for code in codes.filter(bad).unique()
                }
                reasons = codes.filter(bad).replace_strict(unique, return_dtype=pl.String)
                numbers = rows[SOURCE_ROW].filter(bad)
                told = [
                    say("ingest.assemble.row_refused", row=row, reason=reason)
                    for row, reason in zip(numbers, reasons, strict=True)
                ]
                self._add(numbers, name, "unknown_unit", told)
            rows = rows.with_columns(found.alias(name), (rows[BAD] | bad).alias(BAD))
        return rows

    def _unit_words(self) -> UnitWords:
        persons = person_numbers(self.sheet.rows, self.ctx.person_columns)
        return self.inputs.units.words(persons if has_persons(self.table) else None)

    def _text(self, mapping: ColumnMapping, column: Column) -> pl.Series:
        sources = self.resolved.sources.get(column.name, ())
        return take_text(self.sheet.rows, mapping, sources, self.ctx, column)

    def _from_file_name(self, column: Column, height: int) -> pl.Series:
        """A column the feed does not map: from the file's name if it tells, else empty."""
        value = self.inputs.period.value_for(column.name)
        dtype = self.dtypes[column.name]
        if value is None:
            return pl.repeat(None, height, dtype=dtype, eager=True)
        return constant_column(value, column, height)

    def _note_bad(
        self, parsed: Parsed, numbers: pl.Series, headers: pl.Series, column: Column
    ) -> None:
        if not parsed.bad.any():
            return
        rows, what = numbers.filter(parsed.bad), f"forventet {expected(column)}"
        why = [None] * rows.len() if parsed.why is None else parsed.why.filter(parsed.bad)
        reasons = [
            say("ingest.assemble.cell_refused", row=row, header=header, reason=reason or what)
            for row, header, reason in zip(rows, headers.filter(parsed.bad), why, strict=True)
        ]
        self._add(rows, column.name, f"{column.name}|type", reasons)

    def _without_addresses(self, parsed: Parsed, mapping: ColumnMapping, column: Column) -> Parsed:
        is_kept_as_it_is = not mapping.pseudonymise and column.name not in self.systems
        if parsed.values.dtype != pl.String or not is_kept_as_it_is:
            return parsed
        name = shown_name(mapping, column)
        values, notes = without_addresses(parsed.values, self.sheet.rows[SOURCE_ROW], name)
        self.notes.extend(notes)
        return parsed._replace(values=values)

    def _note_utc(self, text: pl.Series, mapping: ColumnMapping, column: Column) -> None:
        """Say so when a column of dates looks like Norwegian days written in UTC."""
        is_said = isinstance(mapping.date, DateFormats) and mapping.date.zone is not None
        if column.logical_type != "date" or is_said:
            return
        if seems_utc(text.drop_nulls().unique().to_list()):
            told = say(
                "ingest.assemble.all_clocks_at_utc_midnight",
                mapping=shown_name(mapping, column),
                feed=yaml_place(self.feed, f"columns.{column.name}.date"),
            )
            self.notes.append(Note("utc_suspected", told))

    def _add(self, rows: pl.Series, column: str, rule: str, reasons: Iterable[str]) -> None:
        frame = pl.DataFrame(
            {
                SOURCE_ROW: rows,
                "column_name": [column] * rows.len(),
                "rule_id": [rule] * rows.len(),
                "reason_nb": list(reasons),
            },
            schema=PROBLEM_SCHEMA,
        )
        self.problems.append(frame.unique(maintain_order=True))


def _month_columns(table: Table) -> frozenset[str]:
    rules = (rule for rule in table.rules if rule.kind == "first_of_month")
    return frozenset(name for rule in rules for name in rule.columns)


def _unit_systems(feed: Feed, table: Table) -> dict[str, str]:
    """Return the code system of every column that must name a known unit.

    ``unit_id`` without a code system must be a unit of the register itself, except in the
    contract that delivers the register.
    """
    systems = {name: m.unit_code for name, m in feed.columns.items() if m.unit_code}
    names = {column.name for column in table.columns}
    if feed.contract != FIRST_CONTRACT and "unit_id" in names & set(feed.columns):
        systems.setdefault("unit_id", UNIT_ID_SYSTEM)
    return systems
