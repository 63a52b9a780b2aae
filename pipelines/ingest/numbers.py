"""Numbers as Norwegian exports write them, decided once per column and never per cell.

``1 234 567,50``, ``1.234,50``, ``1,234.50``, ``500-``, ``(412 300,00)``, ``12,5 %``, ``kr 100,-``,
``'00123`` and ``1,2E+06`` are numbers; what a column's point or comma means is configured or seen
from the whole column.
"""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from pipelines.municipality.feeds import NumberFormat

_SPACES = r"[\s\u00a0\u202f\u2007\u2009]+"
_MINUS = r"[\u2212\u2010-\u2014\ufe63\uff0d]"
_HIDDEN = (":", "..", ".", "…")
_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"
_MACHINE = rf"^\d+(?:\.\d*[1-9])?{_EXPONENT}$"
_GROUPED = r"^[1-9]\d{0,2}\.\d{3}$"
_CLEAR_SHARE = 0.9
_PLAIN_DIGITS, _PLAIN_DECIMALS = 14, 2
_MARKS = (",", ".")
_PLAIN_SPACE = "[ \u00a0\u202f]"
_LARGEST = 1e15
"""1E+300 is no figure anyone meant, and its square stops all that is computed."""


class Parsed(NamedTuple):
    """Values of a column and which of its cells could not be read.

    Attributes:
        values: Null where the cell is missing or could not be read.
        bad: Boolean; true where there was something that could not be read.
        why: Why it could not, in bokmål (String); null where there is no more to say.
    """

    values: pl.Series
    bad: pl.Series
    why: pl.Series | None = None


class AmbiguousNumberError(Exception):
    """A column whose point or comma can mean both thousands and decimals."""


def parse_numbers(
    text: pl.Series, style: NumberFormat | None = None, *, typed: bool = False
) -> Parsed:
    """Return a text column as Float64.

    Args:
        text: The column (String).
        style: What the feed says about the column; the decimal mark is inferred if not given.
        typed: The text comes from number cells, so a point may be a machine's decimal mark.

    Raises:
        AmbiguousNumberError: when the column's marks can be read in two ways.
    """
    style = style or NumberFormat()
    is_given = bool({"decimal", "thousands"} & style.model_fields_set)
    usual = None if typed else _plain(text, style.decimal if is_given else None, style.thousands)
    if usual is not None:
        return Parsed(usual, pl.repeat(value=False, n=text.len(), eager=True).alias("bad"))
    frame = _signed(text, style)
    decimal = style.decimal if is_given else _infer(frame["body"], typed=typed)
    thousands = (
        tuple(style.thousands)
        if "thousands" in style.model_fields_set
        else _loose(decimal, is_given=is_given)
    )
    allowed = pl.col("body").str.contains(_pattern(decimal, thousands))
    machine = pl.col("body").str.contains(_MACHINE) & ~allowed & pl.lit(typed)
    marks = "[ '.]" if decimal == "," else "[ ',]"
    plain = pl.col("body").str.replace_all(marks, "").str.replace(",", ".", literal=True)
    number = pl.when(machine).then(pl.col("body")).when(allowed).then(plain)
    value = number.cast(pl.Float64, strict=False) * pl.col("sign")
    value = pl.when(value.abs() < _LARGEST).then(value)
    zero = pl.col("is_dash") & pl.lit(style.dash == "zero")
    result = frame.select(
        pl.when(zero).then(pl.lit(0.0)).otherwise(value).alias("values"),
        (value.is_null() & pl.col("body").is_not_null() & ~pl.col("is_dash")).alias("bad"),
    )
    return Parsed(result["values"], result["bad"])


def usual_marks(text: pl.Series, style: NumberFormat | None = None) -> frozenset[str] | None:
    """Return the decimal marks under which every cell is a number in its usual form.

    Args:
        text: The column (String), or some of it: what is usual in each part is so in the whole.
        style: What the feed says about the column; where it says the mark, nothing is inferred from
            the cells and None is returned.
    """
    style = style or NumberFormat()
    if {"decimal", "thousands"} & style.model_fields_set:
        return None
    return frozenset(m for m in _MARKS if text.str.contains(_usual(m, None, style.thousands)).all())


def _plain(text: pl.Series, decimal: str | None, thousands: Iterable[str]) -> pl.Series | None:
    """Return a column whose every cell is a number in its usual form, else None.

    Usual is digits with spaces between the thousands at most. With two decimals or fewer the mark
    can be nothing else, so the way of writing need not be seen from the marks of the whole column.
    """
    for mark in _MARKS if decimal is None else (decimal,):
        if text.str.contains(_usual(mark, decimal, thousands)).all():
            digits = text.str.replace_all(_PLAIN_SPACE, "").str.replace(mark, ".", literal=True)
            return digits.cast(pl.Float64).alias("values")
    return None


def _usual(mark: str, decimal: str | None, thousands: Iterable[str]) -> str:
    most = _PLAIN_DECIMALS if decimal is None else _PLAIN_DIGITS
    grouped = rf"|[1-9][0-9]{{0,2}}(?:{_PLAIN_SPACE}[0-9]{{3}}){{1,3}}"
    whole = rf"[0-9]{{1,{_PLAIN_DIGITS}}}" + (grouped if any(map(str.isspace, thousands)) else "")
    return rf"^-?(?:{whole})(?:{_escaped(mark)}[0-9]{{1,{most}}})?$"


def _signed(text: pl.Series, style: NumberFormat) -> pl.DataFrame:
    """Return ``body`` (unsigned text, null when missing), ``sign`` and ``is_dash``."""
    body = (
        pl.col("t").str.replace_all(_SPACES, " ").str.replace_all(_MINUS, "-").str.strip_chars()
        .str.strip_prefix("'")
        .str.replace(r"(?i)^(?:nok|kr)\.?\s*|\s*(?:kr|nok)\.?$", "")
        .str.replace(r",-$", "").str.strip_chars()
    )  # fmt: skip
    if style.percent or "percent" not in style.model_fields_set:
        body = body.str.replace(r"\s*%$", "")
    frame = pl.DataFrame({"t": text}).select(body.alias("body"))
    hidden = pl.col("body").is_in([*_HIDDEN, ""])
    bracket = pl.col("body").str.extract(r"^\(\s*([^()-]*?)\s*\)$")
    after = pl.col("body").str.extract(r"^([^-]*?)\s*-$")
    before = pl.col("body").str.extract(r"^-\s*([^-].*)$")
    negative = pl.coalesce(bracket, before, after)
    return frame.select(
        (pl.col("body") == "-").fill_null(value=False).alias("is_dash"),
        pl.when(negative.is_null()).then(1.0).otherwise(-1.0).alias("sign"),
        pl.when(hidden | (pl.col("body") == "-"))
        .then(None)
        .otherwise(pl.coalesce(negative, pl.col("body").str.strip_prefix("+")))
        .alias("body"),
    )


def _loose(decimal: str, *, is_given: bool) -> tuple[str, ...]:
    """Return the thousands marks when the feed does not list them."""
    other = "." if decimal == "," else ","
    return (" ", "'") if is_given else (" ", "'", other)


def _pattern(decimal: str, thousands: tuple[str, ...]) -> str:
    marks = {" " if mark.isspace() else mark for mark in thousands}
    groups = "".join(rf"|[1-9]\d{{0,2}}(?:{_escaped(mark)}\d{{3}})+" for mark in sorted(marks))
    point = _escaped(decimal)
    return rf"^(?:(?:\d+{groups})(?:{point}\d*)?|{point}\d+){_EXPONENT}$"


def _escaped(mark: str) -> str:
    return r"\." if mark == "." else mark


def _infer(body: pl.Series, *, typed: bool) -> str:
    """Return the column's decimal mark, seen from every cell that has a mark."""
    cells = body.drop_nulls()
    marked = cells.filter(cells.str.contains("[.,]"))
    if typed:
        machine = marked.str.contains(_MACHINE)
        if machine.all():
            return "." if marked.len() else ","
        if marked.filter(machine).str.contains(_GROUPED).any():
            raise AmbiguousNumberError  # 13.125 beside text like 1,5: which of the two wrote it?
        marked = marked.filter(~machine)
    comma = marked.str.contains(_pattern(",", (" ", "'", ".")))
    point = marked.str.contains(_pattern(".", (" ", "'", ",")))
    both = int((comma & point).sum())
    return _decide(int(comma.sum()) - both, int(point.sum()) - both, both)


def _decide(only_comma: int, only_point: int, both: int) -> str:
    clear = only_comma + only_point
    if not clear and not both:
        return ","
    top = max(only_comma, only_point)
    if not clear or (min(only_comma, only_point) and (both or top < _CLEAR_SHARE * clear)):
        raise AmbiguousNumberError
    return "," if only_comma >= only_point else "."
