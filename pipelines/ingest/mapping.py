"""From a sheet's text to the contract's columns: the values of one column at a time.

Which file column is read is decided in ``columns``; melting and the whole row in ``assemble``.
"""

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.contracts.shapes import Column
from pipelines.contracts.to_polars import dataframely_column
from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.columns import yaml_place
from pipelines.ingest.dates import DateColumn, joined_dates, parse_dates, read_dates
from pipelines.ingest.measured_in import other_unit, percent_factor
from pipelines.ingest.numbers import AmbiguousNumberError, Parsed, parse_numbers
from pipelines.ingest.pseudonyms import Keys, pseudonymise
from pipelines.ingest.text_keys import fold, without_leading_zeros
from pipelines.municipality.feeds import ColumnMapping, DateFormats, Feed
from pipelines.words.messages import say

_EXPECTED = {
    "number": say("ingest.mapping.number"),
    "integer": say("ingest.mapping.whole_number"),
    "date": say("ingest.mapping.day"),
    "timestamp": say("ingest.mapping.time"),
    "boolean": say("ingest.mapping.yes_or_no"),
}
_YES_NO = {"ja": True, "j": True, "true": True, "1": True, "nei": False, "n": False, "false": False}
_YES_NO["0"] = False
_END_WORDS = {"end", "to"}


_MOST_DIGITS = 38


@dataclass(frozen=True)
class ReadContext:
    """What reading a column needs to know besides the column.

    Attributes:
        feed: The feed the file belongs to.
        typed: Numbers come from number cells (XLSX, Parquet).
        key: The keys for pseudonyms.
        year: The year in the file's name, if any.
        person_columns: File columns that hold employee numbers.
        month_columns: Contract columns that hold the first day of a month.
        from_1904: The file's day numbers count from 1904.
    """

    feed: Feed
    typed: bool
    key: Keys
    year: int | None
    person_columns: frozenset[str]
    month_columns: frozenset[str] = frozenset()
    from_1904: bool = False


def take_text(
    rows: pl.DataFrame,
    mapping: ColumnMapping,
    sources: tuple[str, ...],
    ctx: ReadContext,
    column: Column,
) -> pl.Series:
    """Return the column's text before it is read: taken, patterned, split, mapped, padded."""
    if mapping.concat and sources:
        parts = [
            pl.col(name).str.strip_chars_start("0") if name in ctx.person_columns else pl.col(name)
            for name in sources
        ]
        text = rows.select(pl.concat_str(parts, separator=mapping.separator)).to_series()
        if column.logical_type == "date":
            text = joined_dates(text, sources)
    elif sources:
        text = rows[sources[0]]
    else:
        constant = None if mapping.constant is None else str(mapping.constant)
        return pl.repeat(constant, rows.height, dtype=pl.String, eager=True)
    return refine(text, mapping)


def refine(text: pl.Series, mapping: ColumnMapping) -> pl.Series:
    """Return the text after pattern, split, missing, values and padding; works on unique texts."""
    known = {fold(key): value for key, value in (mapping.values or {}).items()}
    missing = {fold(value) for value in mapping.missing}
    plain = {value.strip() for value in mapping.missing}

    def one(value: str) -> str | None:
        result: str | None = value.replace("\u00a0", " ").replace("\u202f", " ").strip()
        if mapping.pattern is not None and result:
            hit = re.search(mapping.pattern, result)
            result = (hit.group(1) if hit.re.groups else hit.group()) if hit else None
        if mapping.split is not None and result is not None:
            parts = [part.strip() for part in result.split(mapping.split.separator)]
            index = mapping.split.part - 1 if mapping.split.part > 0 else mapping.split.part
            result = parts[index] if -len(parts) <= index < len(parts) else None
        if not result or result in plain:
            return None
        key = fold(result) if known or missing else ""
        if key and key in missing:
            return None
        result = known.get(key, result)
        if mapping.strip_leading_zeros:
            result = without_leading_zeros(result)
        return result.zfill(mapping.pad) if mapping.pad else result

    needs_work = mapping.pattern or mapping.split or known or plain or mapping.pad
    if not needs_work and not mapping.strip_leading_zeros:
        return text.str.replace_all("[\u00a0\u202f]", " ")
    unique = text.drop_nulls().unique().to_list()
    return text.replace_strict({u: one(u) for u in unique}, default=None, return_dtype=pl.String)


def read_column(
    text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext
) -> Parsed:
    """Return the column in its contract's type, and which cells could not be read.

    Raises:
        DeliveryRejectedError: ``ambiguous_number``, or ``wrong_type`` when a required column has
            values but none of them is of its type. What is recognised and only has two readings
            is no other type: its rows are set aside with the reason.
    """
    parsed = _parse(text, mapping, column, ctx)
    is_known = parsed.why is not None and parsed.why.filter(parsed.bad).is_not_null().any()
    if column.required and parsed.bad.any() and parsed.values.is_null().all() and not is_known:
        raise DeliveryRejectedError(
            "wrong_type",
            say(
                "ingest.mapping.no_value_is_readable",
                mapping=shown_name(mapping, column),
                column=expected(column),
            ),
            where=say("ingest.mapping.whole_column"),
            way_out=say(
                "ingest.mapping.check_the_mapping",
                feed=yaml_place(ctx.feed, f"columns.{column.name}"),
            ),
        )
    if mapping.default is None:
        return parsed
    default = pl.Series([str(mapping.default)], dtype=pl.String)
    value = _parse(default, ColumnMapping(constant="x"), column, ctx).values[0]
    filled = pl.select(
        pl.when(parsed.values.is_null() & ~parsed.bad)
        .then(pl.lit(value, dtype=parsed.values.dtype))
        .otherwise(parsed.values)
    )
    return parsed._replace(values=filled.to_series())


def expected(column: Column) -> str:
    """Return what a cell of the column should be, in words."""
    return _EXPECTED.get(column.logical_type, "tekst")


def shown_name(mapping: ColumnMapping, column: Column) -> str:
    """Return the column's name as the user knows it from the file."""
    return " + ".join(mapping.concat) if mapping.concat else (mapping.column or (column.name,))[0]


def constant_column(
    value: object, column: Column, height: int, year: int | None = None
) -> pl.Series:
    """Return a column that holds a configured value in the contract's type on every row.

    Args:
        value: The value, e.g. ``2024-01`` or, where the file's name says the year, ``januar``.
        column: The contract's column.
        height: How many rows.
        year: The year in the file's name, if any.
    """
    dtype = dataframely_column(column).dtype
    if isinstance(value, date):
        return pl.repeat(value, height, dtype=dtype, eager=True)
    text = pl.Series([str(value)], dtype=pl.String)
    if column.logical_type == "date":
        return pl.repeat(parse_dates(text, year=year).values[0], height, dtype=dtype, eager=True)
    one = text.cast(pl.Float64).cast(dtype) if dtype.is_numeric() else text.cast(dtype)
    return pl.repeat(one[0], height, dtype=dtype, eager=True)


def _parse(text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext) -> Parsed:
    if column.logical_type in {"number", "integer"}:
        return _number(text, mapping, column, ctx)
    if column.logical_type in {"date", "timestamp"}:
        parsed = read_dates(text, date_column(mapping, column, ctx))
        return parsed._replace(values=parsed.values.cast(dataframely_column(column).dtype))
    if column.logical_type == "boolean":
        folded = text.str.to_lowercase()
        values = folded.replace_strict(_YES_NO, default=None, return_dtype=pl.Boolean)
        return Parsed(values, values.is_null() & text.is_not_null())
    return _text(text, mapping, column, ctx)


def date_column(mapping: ColumnMapping, column: Column, ctx: ReadContext) -> DateColumn:
    """Return what is known about a column of dates before it is read."""
    given = mapping.date if isinstance(mapping.date, DateFormats) else DateFormats()
    return DateColumn(
        formats=None if given.formats == "auto" else given.formats,
        as_end=bool(_END_WORDS & set(column.name.split("_"))),
        year=ctx.year,
        typed=ctx.typed,
        from_1904=ctx.from_1904,
        is_month=column.name in ctx.month_columns,
        as_month=given.as_month,
        utc=None if given.zone is None else given.zone == "utc",
    )


def _text(text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext) -> Parsed:
    persons = {fold(name) for name in ctx.person_columns}
    is_derived = bool(persons & {fold(name) for name in mapping.file_columns})
    if mapping.pseudonymise or column.classification == "person" or is_derived:
        # «-» is nobody: as a person it would be one with every row that has it
        named = pl.when(text.str.contains(r"[\pL\pN]")).then(text)
        text = pseudonymise(pl.select(named).to_series(), ctx.key)
    elif column.enum:
        spelled = {fold(str(value)): str(value) for value in column.enum}
        unique = text.drop_nulls().unique().to_list()
        text = text.replace({value: spelled.get(fold(value), value) for value in unique})
    return Parsed(text, pl.repeat(value=False, n=text.len(), dtype=pl.Boolean, eager=True))


def _number(text: pl.Series, mapping: ColumnMapping, column: Column, ctx: ReadContext) -> Parsed:
    try:
        parsed = parse_numbers(text, mapping.number, typed=ctx.typed)
    except AmbiguousNumberError:
        raise DeliveryRejectedError(
            "ambiguous_number",
            say("ingest.mapping.two_readings_of_number", mapping=shown_name(mapping, column)),
            where=say("ingest.mapping.whole_number_column"),
            way_out=say(
                "ingest.mapping.set_number_marks",
                feed=yaml_place(ctx.feed, f"columns.{column.name}.number"),
            ),
        ) from None
    other = other_unit(text, parsed.values, mapping, column, ctx.feed)
    bad = parsed.bad if other is None else parsed.bad | other.is_not_null()
    factor = mapping.scale
    if factor is None:
        factor = percent_factor(text, parsed.values, column)
    values = parsed.values * factor
    dtype = dataframely_column(column).dtype
    if column.logical_type == "integer":
        whole = values.round(0)
        bad = bad | ((values - whole).abs() > 0).fill_null(value=False)
        cast = whole.cast(dtype, strict=False)
    elif isinstance(dtype, pl.Decimal):
        cast = _as_decimal(values, dtype)
    else:
        cast = values.cast(dtype)
    bad = bad | (cast.is_null() & values.is_not_null())
    return Parsed(pl.select(pl.when(~bad).then(cast)).to_series(), bad, other)


def _as_decimal(values: pl.Series, dtype: pl.Decimal) -> pl.Series:
    """Return the figures as decimals; null where one has more digits than the contract holds.

    Polars raises for such a figure, also when the cast is not strict.
    """
    rounded = values.round(dtype.scale)
    fits = rounded.abs() < 10.0 ** ((dtype.precision or _MOST_DIGITS) - dtype.scale)
    return pl.select(pl.when(fits).then(rounded)).to_series().cast(dtype, strict=False)
