"""The shapes of a contract as the rest of the house knows them: frozen, free of ODCS.

Reading a contract from YAML is in ``model.py``; what a rule becomes in Polars, Great Expectations
and dbt is in ``to_polars.py``, ``to_expectations.py`` and ``to_dbt.py``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
"""What tables, columns and measures may be called."""
LogicalType = Literal["string", "integer", "number", "date", "timestamp", "boolean"]
Severity = Literal["error", "warning"]
Builder = Literal["dbt", "effects", "publishing"]
"""Who makes a published table."""
DBT: Builder = "dbt"
EFFECTS: Builder = "effects"
RuleKind = Literal[
    "not_null",  # no params
    "enum",  # values: tuple
    "range",  # minimum, maximum: number or None
    "pattern",  # pattern: regular expression for the whole text
    "unique_key",  # columns together are unique; a missing value counts as a value
    "order",  # columns = (lower, upper): lower <= upper when both are present
    "sum_equals",  # total (a number or a column), tolerance: the columns, all present, add up
    # columns = (code, year); code_type: art or function; except_for: {column: value} not judged
    "kostra_code",
    "first_of_month",  # the date is the first day of a month
    "row_count_min",  # minimum: rows in the table
    # marker, values: where that column is one of the values (filled: any), the columns are empty
    "empty_when_hidden",
]

TECHNICAL_COLUMNS: dict[str, str] = {
    "delivery_id": "varchar",
    "feed_id": "varchar",
    "source_row": "integer",
    "period_ym": "varchar",
}
"""Columns every source table has besides the contract's own, with their DuckDB types."""


@dataclass(frozen=True)
class Rule:
    """One promise about a table.

    Attributes:
        id: Unique within the table; the name the rule has in quarantine, gates and reports.
        kind: What is checked; the params of each kind are listed at ``RuleKind``.
        columns: The columns it concerns; empty for a rule about the table.
        params: What the kind needs besides the columns.
        severity: An error stops the row or the gate, a warning is only shown.
        description_nb: The promise as a sentence in bokmål.
    """

    id: str
    kind: RuleKind
    columns: tuple[str, ...]
    params: Mapping[str, Any]
    severity: Severity
    description_nb: str


@dataclass(frozen=True)
class Column:
    """One column of a contract's table; the bounds are repeated as rules of the table.

    Attributes:
        description: What the column holds, in English.
        description_nb: The same in bokmål; published columns always have it.
        description_nn: The same in nynorsk; empty where it is not written.
        unit: What a number is counted in, one of ``fields.UNITS``; empty for what is no number.
        business_name: What the column is called in bokmål.
        label_nn: The same in nynorsk, ``label_en`` in English; empty where it is not written.
        time: What kind of time a column of a source tells of, one of ``times.TIME_KINDS``.
        planned_when: Columns and values of the rows in which that time is a plan.
        suppression: What hides the column where it is published, one of
            ``privacy.SUPPRESSION_RULES``; empty when the contract does not say.
        hidden_when: Values of this column by which a row is hidden; ``filled``: any value.
        hides: The columns that are empty then; none named: all that are suppressed.
    """

    name: str
    logical_type: LogicalType
    physical_type: str
    required: bool
    description: str = ""
    business_name: str = ""
    description_nb: str = ""
    description_nn: str = ""
    label_nn: str = ""
    label_en: str = ""
    unit: str = ""
    classification: str = ""
    enum: tuple[Any, ...] = ()
    minimum: float | int | None = None
    maximum: float | int | None = None
    pattern: str | None = None
    time: str = ""
    planned_when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    suppression: str = ""
    hidden_when: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What the column holds: bokmål first, with English beside it."""
        return " / ".join(text for text in (self.description_nb, self.description) if text)


FILLED = "filled"
"""Any value of a column marks its row as hidden."""
ScopeKind = Literal["open", "unit", "group", "whole"]


@dataclass(frozen=True)
class RowScope:
    """Whose rows a published table holds.

    Attributes:
        kind: ``open``: no single unit's or group's rows, everyone reads them. ``unit``: each row is
            one unit's. ``group``: rows of units and of groups of units. ``whole``: only for those
            who read the whole municipality.
        unit: The column with the unit's id; in a group table it is filled in a unit's rows.
        is_open_without_unit: In a unit table, a row without a unit is the whole municipality's.
        level: In a group table, the column that says what kind of group the row is of.
        group: In a group table, the column that says which group; a unit's id where level is unit.
        members: In a group table, the column that leads to the units behind the row; without it
            no group's row reaches a limited reader.
    """

    kind: ScopeKind
    unit: str = ""
    is_open_without_unit: bool = False
    level: str = ""
    group: str = ""
    members: str = ""

    @property
    def code(self) -> str:
        """The kind as the catalogue has it."""
        return "unit_or_open" if self.is_open_without_unit else self.kind

    def part_of(self, column: str) -> str | None:
        """Return what a column is to the scope: unit, level, group or members; else None."""
        parts = {self.unit: "unit", self.level: "level", self.group: "group"}
        return {**parts, self.members: "members"}.get(column) if column else None


@dataclass(frozen=True)
class Table:
    """One table of a contract.

    Attributes:
        primary_key: Column names in key order; empty when the table has no key.
        business_name: What the table is called in bokmål.
        label_nn: The same in nynorsk, ``label_en`` in English; empty where it is not written.
        built_by: Who makes a published table.
        scope: Whose rows it holds; published tables always say.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    primary_key: tuple[str, ...]
    business_name: str = ""
    label_nn: str = ""
    label_en: str = ""
    built_by: Builder = DBT
    scope: RowScope | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """The contract's own column names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def as_kept(self) -> "Table":
        """Return the table as the warehouse keeps it: a key is unique within its delivery.

        The same key may come again in a later delivery, of another month say; staging takes the
        newest.
        """
        rules = (
            replace(
                rule,
                columns=(*rule.columns, "delivery_id"),
                description_nb=f"{rule.description_nb.rstrip('.')} (innen samme leveranse).",
            )
            if rule.kind == "unique_key"
            else rule
            for rule in self.rules
        )
        return replace(self, rules=tuple(rules))


@dataclass(frozen=True)
class Sla:
    """One service-level promise, e.g. retention 5 y of an element."""

    property: str
    value: str | float
    unit: str
    element: str
    description: str


@dataclass(frozen=True)
class Measure:
    """Something the warehouse counts from a source, by unit and month.

    Attributes:
        id: What metrics call it.
        about_persons: Whether it tells of persons, their leave or their pay; then so does every
            metric made of it. A unit's size, and what nobody is behind, does not.
        part_of: The measure it is a part of. A metric of a part is itself a part, and so is shown
            for a unit per year and never per month.
        split_group: The parts it adds up with, which are hidden together.
        unit_grain: ``year`` when a unit shows no month of it, though it is no part.
        shown_with: The part that it could be worked out from, and is hidden with.
    """

    id: str
    about_persons: bool
    part_of: str = ""
    split_group: str = ""
    unit_grain: str = "month"
    shown_with: str = ""


@dataclass(frozen=True)
class Contract:
    """One data contract: what a source must deliver, or what a published table promises.

    Attributes:
        measures: What the warehouse makes of a source.
    """

    id: str
    version: str
    name: str
    description: str
    tables: Mapping[str, Table]
    limitations: str = ""
    sla: tuple[Sla, ...] = ()
    roles: tuple[str, ...] = field(default=())
    measures: tuple[Measure, ...] = ()


def tables_built_by(builder: Builder, contracts: Iterable[Contract]) -> Iterator[Table]:
    """Yield the tables that one of those who make published tables makes.

    Args:
        builder: Who.
        contracts: Contracts of published tables.
    """
    for contract in contracts:
        for table in contract.tables.values():
            if table.built_by == builder:
                yield table
