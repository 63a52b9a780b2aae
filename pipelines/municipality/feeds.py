"""The mapping files ``sources/<contract>.yml``: which files to read and what becomes of them.

Only shapes and what one feed can know by itself; what the contract demands is checked in
``crosscheck.py``, and the reading is done in ``pipelines.ingest``.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.municipality.base import Identifier, Strict, Text, Texts
from pipelines.municipality.file_layout import (
    Constant,
    FixedColumn,
    Layout,
    Melt,
    SheetPattern,
    compiled,
)
from pipelines.words.messages import say

Reason = Annotated[str, Field(min_length=10, max_length=300)]
"""Why something is so, in words that an auditor can judge."""

DateFormat = Literal[
    "iso",  # 2017-01-31, also with a clock time behind
    "dmy",  # 31.01.2017, 31/1/2017, 31-01-2017
    "dmy_short",  # 31.01.17
    "ymd",  # 20170131
    "mdy",  # 01/31/2017
    "excel",  # 42766, days since 1899-12-30
    "year_month",  # 2017-01, 201701, 01.2017: the first day
    "month_name",  # januar 2017, jan. 17: the first day
    "quarter",  # 1. kvartal 2017, 2017K1: the first day
    "year",  # 2017: the first day
    "year_month_unpadded",  # 20171 to 201712, 2017-1: the first day
]


class NumberFormat(Strict):
    """How numbers are written in the file.

    Attributes:
        decimal: The decimal mark.
        thousands: Marks to remove; a point must be listed to be removed.
        percent: Whether a ``%`` may stand behind the number (it is removed, not divided by 100).
        dash: What a lone dash means.
    """

    decimal: Literal[",", "."] = ","
    thousands: tuple[str, ...] = (" ", "\u00a0", "\u202f", "'")
    percent: bool = False
    dash: Literal["zero", "missing"] = "missing"

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.decimal in self.thousands:
            raise ValueError(say("municipality.feeds.marks_are_the_same", decimal=self.decimal))
        return self


class DateFormats(Strict):
    """How dates are written in the file.

    Attributes:
        formats: Which ways of writing the column may hold, in the order they are tried.
        as_month: The month a quarter or year stands for where a month is wanted: its first or its
            last. Right for what is counted at one end of the period, never for its sum. Not
            given, such a row is set aside.
        zone: What times of day without a zone are: Norwegian, or UTC as many programs write them.
            Not given, they are Norwegian, and what looks like UTC is told of.
    """

    formats: Literal["auto"] | tuple[DateFormat, ...] = "auto"
    as_month: Literal["first", "last"] | None = None
    zone: Literal["norway", "utc"] | None = None


class Split(Strict):
    """Take one part of the text: ``part`` 1 is the first; -1 the last."""

    separator: str = Field(min_length=1)
    part: int


class ColumnMapping(Strict):
    """Where one contract column's value comes from and how it is read.

    The order of work: take (column, constant or concat) - pattern - split - missing - values -
    strip_leading_zeros, pad - number, date - scale - unit_code or pseudonymise - default.
    ``values`` and ``missing`` compare without regard to case after trimming.

    Attributes:
        column: Column name in the file, or alternatives of which the first present is used.
        constant: The same value on every row.
        concat: File columns joined by ``separator``.
        pattern: Regular expression; its first group is kept.
        pad: Fill with zeros on the left to this many characters.
        default: The value when the cell is blank or missing.
        scale: Factor for numbers, e.g. 1000 when the file is in thousand kroner.
        pseudonymise: Replace by a keyed pseudonym.
        unit_code: Code system through which the value is looked up to a unit_id.
    """

    column: Texts | None = None
    constant: Constant | None = None
    concat: tuple[Text, ...] | None = None
    separator: str = "-"
    pattern: str | None = None
    split: Split | None = None
    missing: tuple[Text, ...] = ()
    values: dict[Text, Text] | None = None
    strip_leading_zeros: bool = False
    pad: int | None = Field(default=None, ge=1, le=40)
    number: NumberFormat | None = None
    date: DateFormats | Literal["auto"] | None = None
    scale: float | None = None
    pseudonymise: bool = False
    unit_code: Identifier | None = None
    default: Constant | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [self.column is not None, self.constant is not None, self.concat is not None]
        if sum(given) > 1:
            raise ValueError(say("municipality.feeds.choose_one_source"))
        if self.pattern is not None:
            compiled(self.pattern)
        return self

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The file columns this mapping may read."""
        return self.column or self.concat or ()


class FileNamePeriod(Strict):
    """The period is in the file's name: (?P<year>) and, for months, (?P<month>)."""

    source: Literal["file_name"]
    pattern: str

    @model_validator(mode="after")
    def _groups(self) -> Self:
        if "year" not in compiled(self.pattern).groupindex:
            raise ValueError(say("municipality.feeds.pattern_needs_groups"))
        return self


class ColumnPeriod(Strict):
    """The period is the month of a contract column of type date."""

    source: Literal["column"]
    column: Identifier


class YearPeriod(Strict):
    """The period is the columns year and period; a row for the whole year is ``YYYY-00``."""

    source: Literal["year_period"]


class WholePeriod(Strict):
    """Each delivery is the whole truth: it replaces everything the feed delivered before."""

    source: Literal["all"]


Period = Annotated[
    FileNamePeriod | ColumnPeriod | YearPeriod | WholePeriod, Field(discriminator="source")
]


class Reconcile(Strict):
    """Compare the printed totals row with the sum of the rows; a difference is a warning."""

    column: Text
    tolerance: float = Field(default=0.5, ge=0)


class FeedEntry(Strict):
    """One kind of file and the contract table its rows go to.

    Attributes:
        not_personal: File columns that are known not to be about persons although their codes may
            look like identity numbers, each with the reason.
        max_unmatched_pct: A delivery in which a larger share of the absences meets no position is
            held.
        max_vanished_pct: A register of positions that a larger share of the open positions has
            left is held.
    """

    id: Identifier
    table: Identifier
    description: str = ""
    files: Texts = Field(min_length=1)
    format: Literal["auto", "csv", "xlsx", "parquet", "fixed_width"] = "auto"
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252", "latin-1", "cp865", "mac_roman"] = "auto"
    separator: Literal["auto", ";", ",", "\t", "|"] = "auto"
    sheet: str | int | SheetPattern | None = None
    sheet_column: Text | None = None
    layout: Layout = Layout()
    fixed_width: tuple[FixedColumn, ...] | None = None
    record_length: int | None = Field(default=None, ge=1)
    period: Period
    columns: dict[Identifier, ColumnMapping]
    melt: Melt | None = None
    ignore_columns: tuple[Text, ...] = ()
    not_personal: dict[Text, Reason] = Field(default_factory=dict)
    identical_rows: Literal["duplicate", "keep"] | None = None
    max_quarantined_pct: float = Field(default=5, ge=0, le=100)
    max_unmatched_pct: float = Field(default=20, ge=0, le=100)
    max_vanished_pct: float = Field(default=20, ge=0, le=100)
    reconcile: tuple[Reconcile, ...] = ()

    @model_validator(mode="after")
    def _fixed_width_has_fields(self) -> Self:
        if (self.format == "fixed_width") != (self.fixed_width is not None):
            raise ValueError(say("municipality.feeds.fixed_width_together"))
        return self

    @model_validator(mode="after")
    def _mappings_have_a_source(self) -> Self:
        for name, mapping in self.columns.items():
            is_melted = self.melt is not None and name in self.melt.values
            has_source = bool(mapping.file_columns) or mapping.constant is not None
            if not (has_source or is_melted or mapping.default is not None):
                raise ValueError(say("municipality.feeds.column_has_no_source", name=name))
        return self


class SourceFile(Strict):
    """One file ``sources/<contract>.yml``."""

    contract: Identifier
    feeds: tuple[FeedEntry, ...] = ()


class Feed(FeedEntry):
    """A feed that knows which contract it belongs to."""

    contract: Identifier
