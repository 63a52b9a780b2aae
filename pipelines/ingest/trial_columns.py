"""A tried file's columns, raw beside parsed; of what may be a person's only the form is told.

What may be told of values is what ``found`` and ``unit_like`` say; here they are shown beside what
became of them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.organisation import FIRST_CONTRACT
from pipelines.contracts.shapes import Column, Table
from pipelines.ingest.assemble import Assembled
from pipelines.ingest.columns import resolve_columns
from pipelines.ingest.found import SECRET, has_persons
from pipelines.ingest.personal import looks_personal
from pipelines.ingest.shapes import SOURCE_ROW, Sheet
from pipelines.ingest.unit_like import LONGEST, UnitWords
from pipelines.ingest.units import UNIT_ID_SYSTEM, UnitIndex
from pipelines.municipality.feeds import ColumnMapping, Feed

_FORMS = 4
_ENOUGH = 5
_CODE = re.compile(r"(?=.*\d)[\w./-]{1,14}")
_KEYS = frozenset({"measure_id", "code_system", "job_code", "budget_version", "tool", "metric_id"})
"""Texts that are names of things and never of persons, beside what a contract lists."""


@dataclass(frozen=True)
class Sample:
    """One value as it stands in the file and as it was read.

    Attributes:
        raw: The text, or its form (9 for a digit, a for a letter) where it may be a person's.
        parsed: What it became, likewise; None when it could not be read, or is empty.
        n: How many rows have the value; of a form, how many have one of that form.
        is_form: Whether only the form is told.
    """

    raw: str
    parsed: str | None
    n: int
    is_form: bool


@dataclass(frozen=True)
class TriedColumn:
    """One column of the contract.

    Attributes:
        name: Its name in the contract.
        file_columns: The file's columns it is read from; empty for a constant.
        type: What its values are read as.
        is_required: Whether a row must have it.
        n_filled: Rows with a value.
        n_empty: Rows whose cell is empty.
        n_unreadable: Rows whose cell could not be read as the type.
        samples: Values of every form, the commonest forms first.
        first_month: The earliest date's month, where enough rows have one that it is nobody's own.
        last_month: The latest date's month.
    """

    name: str
    file_columns: tuple[str, ...]
    type: str
    is_required: bool
    n_filled: int
    n_empty: int
    n_unreadable: int
    samples: tuple[Sample, ...]
    first_month: str | None = None
    last_month: str | None = None


def tried_columns(
    sheet: Sheet, shaped: Assembled, feed: Feed, table: Table, units: UnitIndex
) -> tuple[TriedColumn, ...]:
    """Return each column of the contract that the feed fills, raw beside parsed.

    Args:
        sheet: The file's rows.
        shaped: They in the contract's shape.
        feed: Which file column feeds which.
        table: The contract's table.
        units: The organisation, for what may be told of a unit.
    """
    resolved = resolve_columns(feed, table, sheet)
    teller = _Teller(feed, table, units.words(frozenset() if has_persons(table) else None))
    bad = {
        name: rows[SOURCE_ROW].to_list()
        for (name,), rows in shaped.problems.group_by("column_name")
        if name is not None
    }
    found = []
    for column in table.columns:
        melted = [row.headers[column.name] for row in resolved.melted if column.name in row.headers]
        headers = tuple(dict.fromkeys(melted)) or resolved.sources.get(column.name, ())
        mapping = feed.columns.get(column.name, ColumnMapping())
        values = shaped.rows[column.name]
        if not headers and values.is_null().all():
            continue
        n_unreadable = len(bad.get(column.name, ()))
        samples = _constants(values)
        if headers:
            joined_by = mapping.separator if mapping.concat else None
            counted = (
                _pairs(sheet, shaped, column, headers, joined_by)
                .filter(pl.col("raw").is_not_null())
                .group_by("raw", "parsed", maintain_order=True)
                .agg(pl.len().alias("n"))
            )
            samples = list(_by_form(counted, column, mapping, teller))
        found.append(
            TriedColumn(
                name=column.name,
                file_columns=headers,
                type=column.logical_type,
                is_required=column.required,
                n_filled=values.len() - values.null_count(),
                n_empty=max(values.null_count() - n_unreadable, 0),
                n_unreadable=n_unreadable,
                samples=tuple(samples),
                **_span(values),
            )
        )
    return tuple(found)


def _span(values: pl.Series) -> dict[str, str]:
    dates = values.drop_nulls()
    if values.dtype != pl.Date or dates.len() < _ENOUGH:
        return {}
    months = dates.dt.strftime("%Y-%m")
    return {"first_month": str(months.min()), "last_month": str(months.max())}


def form_of(text: str) -> str:
    """Return a text's form: digits as 9, letters as a; long runs of letters are cut."""
    letters = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text))
    return re.sub(r"a{4,}", "aaa…", letters)[:LONGEST]


def _constants(values: pl.Series) -> list[Sample]:
    counted = values.drop_nulls().value_counts(sort=True).head(_FORMS)
    return [Sample("", str(value), n, is_form=False) for value, n in counted.iter_rows()]


def _pairs(
    sheet: Sheet, shaped: Assembled, column: Column, headers: Sequence[str], joined_by: str | None
) -> pl.DataFrame:
    """Return ``raw`` and ``parsed`` (String) of every cell of a column."""
    if len(headers) > 1 and joined_by is None:
        return _melted_pairs(sheet, shaped, column, headers)
    raw = pl.concat_str(headers, separator=joined_by or "", ignore_nulls=True)
    is_empty = pl.all_horizontal(pl.col(headers).is_null())
    texts = sheet.rows.select(SOURCE_ROW, pl.when(~is_empty).then(raw).alias("raw"))
    parsed = shaped.rows.select(SOURCE_ROW, pl.col(column.name).cast(pl.String).alias("parsed"))
    once = parsed.unique(subset=[SOURCE_ROW], keep="first", maintain_order=True)
    return texts.join(once, on=SOURCE_ROW, how="inner", maintain_order="left").drop(SOURCE_ROW)


def _melted_pairs(
    sheet: Sheet, shaped: Assembled, column: Column, headers: Sequence[str]
) -> pl.DataFrame:
    """Return raw and parsed of a melted column: long rows stand in file order, group by group."""
    raw = (
        sheet.rows.select(SOURCE_ROW, *headers)
        .unpivot(headers, index=SOURCE_ROW, value_name="raw")
        .filter(pl.col("raw").is_not_null())
    )
    order = {header: i for i, header in enumerate(headers)}
    raw = raw.with_columns(pl.col("variable").replace_strict(order).alias("at"))
    raw = raw.sort(SOURCE_ROW, "at", maintain_order=True)
    counts = raw.group_by(SOURCE_ROW, maintain_order=True).len()
    long = shaped.rows.select(SOURCE_ROW, pl.col(column.name).cast(pl.String).alias("parsed"))
    same = counts.join(long.group_by(SOURCE_ROW).len(), on=SOURCE_ROW, suffix="_long")
    whole = same.filter(pl.col("len") == pl.col("len_long"))[SOURCE_ROW].to_list()
    is_whole = pl.col(SOURCE_ROW).is_in(whole)
    return pl.concat(
        [raw.filter(is_whole).select("raw"), long.filter(is_whole).select("parsed")],
        how="horizontal",
    )


def _by_form(
    counted: pl.DataFrame, column: Column, mapping: ColumnMapping, teller: "_Teller"
) -> Iterator[Sample]:
    forms: dict[tuple[str, bool], list[tuple[str, str | None, int]]] = {}
    for raw, parsed, n in counted.iter_rows():
        forms.setdefault((form_of(raw), parsed is None), []).append((raw, parsed, n))
    commonest = sorted(forms.items(), key=lambda each: -sum(n for _, _, n in each[1]))
    for (form, _), values in commonest[:_FORMS]:
        n = sum(count for _, _, count in values)
        told = [
            Sample(shown, teller.parsed(parsed, shown, raw), n_same, is_form=False)
            for raw, parsed, n_same in values
            if (shown := teller.raw(raw, parsed, column, mapping)) is not None
        ]
        if told:
            yield told[0]
            continue
        parsed = values[0][1]
        hidden = teller.form(parsed, column, mapping)
        yield Sample(form, hidden, n, is_form=True)


class _Teller:
    """Says what may be told of a value."""

    def __init__(self, feed: Feed, table: Table, words: UnitWords) -> None:
        self._feed, self._words = feed, words
        self._has_persons = has_persons(table)

    def raw(
        self, text: str, parsed: str | None, column: Column, mapping: ColumnMapping
    ) -> str | None:
        """Return a cell's text, or None where only its form may be told."""
        if column.enum:  # what is legal was written by the contract or the feed
            return text if parsed in column.enum else None
        if column.classification in SECRET or mapping.pseudonymise:
            return None
        if column.name.endswith("unit_id") and self._feed.contract != FIRST_CONTRACT:
            return self._words.told(text, mapping.unit_code or UNIT_ID_SYSTEM)
        if len(text) > LONGEST or looks_personal(text):
            return None
        if self._has_persons:
            return None
        return text if self._is_of_things(text, column) else None

    def parsed(self, parsed: str | None, shown: str, raw: str) -> str | None:
        """Return what a value became, where its text is told whole."""
        return parsed if shown == raw or parsed is None else form_of(parsed)

    def form(self, parsed: str | None, column: Column, mapping: ColumnMapping) -> str | None:
        """Return the form of what a value became."""
        if parsed is None:
            return None
        if mapping.pseudonymise or column.classification == "person":
            return "p_…"
        return form_of(parsed)

    def _is_of_things(self, text: str, column: Column) -> bool:
        if self._feed.contract == FIRST_CONTRACT or column.logical_type != "string":
            return True
        return column.name in _KEYS or _CODE.fullmatch(text) is not None
