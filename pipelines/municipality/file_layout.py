"""What a file holds besides plain rows under one header: the part of a feed that says so.

Where values come from and how they are read is in ``feeds``.
"""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from pipelines.municipality.base import Identifier, Strict, Text
from pipelines.words.messages import say

Constant = Text | bool
ALL_SHEETS = "all"
"""What ``sheet`` says when every visible sheet with the headers is read."""


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a configured regular expression; ValueError, in bokmål, when it is none."""
    try:
        return re.compile(pattern)
    except re.error as problem:
        raise ValueError(
            say("municipality.file_layout.pattern_not_valid", pattern=pattern, msg=problem.msg)
        ) from None


DEFAULT_TOTALS = ("Sum", "Totalt", "I alt", "Total", "Delsum", "Totalsum")
"""How printed sum rows begin, unless the feed says otherwise; compared without regard to case."""


class GroupRow(Strict):
    """Rows that name a group for the rows below, e.g. ``Enhet: Eikely``.

    Attributes:
        pattern: Matched against the row's first filled cell, with one named group.
        column: The file column the group's value is written to.
    """

    pattern: str
    column: Text

    @model_validator(mode="after")
    def _named_group(self) -> Self:
        if len(compiled(self.pattern).groupindex) != 1:
            raise ValueError(say("municipality.file_layout.pattern_needs_one_group"))
        return self


class JoinSurplus(Strict):
    """Surplus fields are a text that holds the separator; they are given back to it."""

    join: Text


class Layout(Strict):
    """What the file holds besides one header and plain rows.

    Attributes:
        surplus_fields: What a row of a text file with more fields than the header is:
            ``quarantine`` sets it aside, ``ignore`` drops the fields behind the last header, and
            ``{join: Tekst}`` gives them to a column of free text that holds the separator.
    """

    surplus_fields: Literal["quarantine", "ignore"] | JoinSurplus = "quarantine"
    header_rows: int = Field(default=1, ge=1, le=5)
    totals: tuple[Text, ...] = DEFAULT_TOTALS
    group_row: GroupRow | None = None
    fill_down: tuple[Text, ...] = ()
    footnote_patterns: tuple[str, ...] = ()
    required_end: bool = False

    @model_validator(mode="after")
    def _patterns(self) -> Self:
        for pattern in self.footnote_patterns:
            compiled(pattern)
        return self


class FixedColumn(Strict):
    """One field of a fixed-width record; ``start`` counts from 1."""

    name: Text
    start: int = Field(ge=1)
    length: int = Field(ge=1)


class SheetPattern(Strict):
    """Every sheet whose whole name the regular expression matches, whatever the case."""

    pattern: str

    @model_validator(mode="after")
    def _valid(self) -> Self:
        compiled(self.pattern)
        return self


class MeltRow(Strict):
    """One long row out of a wide one.

    Attributes:
        columns: Contract column: the file column its value stands in.
        constants: Contract column: the same value on every such row.
    """

    columns: dict[Identifier, Text] = Field(min_length=1)
    constants: dict[Identifier, Constant] = Field(default_factory=dict)


class Melt(Strict):
    """Turn wide into long: each file column, or group of them, becomes a row with its constants.

    Attributes:
        value: The contract column that all ``columns`` are values of.
        columns: File column: the constants of its rows.
        rows: Instead of the two above, when a row has several values: the file columns of each.
        year_column: The file column that says which year the months are of, when months without
            a year stand beside each other.
    """

    value: Identifier | None = None
    columns: dict[Text, dict[Identifier, Constant]] = Field(default_factory=dict)
    rows: tuple[MeltRow, ...] = ()
    year_column: Text | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        has_columns = self.value is not None and bool(self.columns)
        if has_columns == bool(self.rows) or (self.rows and (self.value or self.columns)):
            raise ValueError(say("municipality.file_layout.choose_one_form"))
        return self

    @property
    def groups(self) -> tuple[MeltRow, ...]:
        """The long rows of a wide one, whichever way they are written."""
        if self.value is None:
            return self.rows
        return tuple(
            MeltRow(columns={self.value: header}, constants=constants)
            for header, constants in self.columns.items()
        )

    @property
    def values(self) -> tuple[str, ...]:
        """The contract columns that are melted."""
        return tuple(dict.fromkeys(name for row in self.groups for name in row.columns))

    @property
    def file_columns(self) -> tuple[str, ...]:
        """The file columns that are melted."""
        groups = self.groups
        return tuple(dict.fromkeys(header for row in groups for header in row.columns.values()))

    @property
    def key(self) -> str:
        """Where in YAML the file columns stand."""
        return "melt.rows" if self.rows else "melt.columns"
