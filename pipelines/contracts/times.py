"""What a column of time tells of, as its contract states it, and how far it may lie from now.

A row is held against this where it is read, in ``pipelines.ingest.plausible_time``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from open_data_contract_standard.model import SchemaProperty

from pipelines.contracts.rules import RuleProblem
from pipelines.contracts.shapes import Column, Contract, Table
from pipelines.errors import ContractError
from pipelines.words.messages import say

TIME = "time"
PLANNED_WHEN = "planned_when"
YEAR, PERIOD = "year", "period"
"""An accounting year and its month, 1-12, or 13-14 for what closes the year."""

CALENDAR_FIRST, CALENDAR_LAST = date(2005, 1, 1), date(2035, 12, 31)
"""The days whose holidays are known: figures before or after them cannot be computed."""
_MONTHS = 12


@dataclass(frozen=True)
class TimeKind:
    """How far from its delivery a time may lie.

    Attributes:
        months_ahead: Months after the delivery; None when there is no limit.
        years_before: Years before the municipality's first month; None when there is no limit.
    """

    months_ahead: int | None
    years_before: int | None


TIME_KINDS: dict[str, TimeKind] = {
    "measured": TimeKind(months_ahead=0, years_before=5),
    "agreed": TimeKind(months_ahead=12, years_before=None),
    "planned": TimeKind(months_ahead=120, years_before=None),
    "open": TimeKind(months_ahead=None, years_before=None),
}
"""measured: has happened. agreed: begins, perhaps in the months to come. planned: a plan or what a
body has decided for later years. open: an end, which may be far away or unknown."""


def stated_time(properties: Mapping[str, Any], prop: SchemaProperty, key: str) -> str:
    """Return the kind of time a column states, empty when it states none.

    Args:
        properties: The column's custom properties by name.
        prop: The ODCS property.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when the kind is unknown.
    """
    kind = properties.get(TIME, "")
    if kind and kind not in TIME_KINDS:
        allowed = ", ".join(TIME_KINDS)
        raise RuleProblem(
            f"{key}.customProperties",
            say("contracts.times.time_must_be", name=prop.name, time=TIME, allowed=allowed),
        )
    return str(kind)


def stated_plans(
    properties: Mapping[str, Any], prop: SchemaProperty, key: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the columns, each with its values, of the rows in which the time is a plan.

    Args:
        properties: The column's custom properties by name.
        prop: The ODCS property.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when it is not written as column and list of values.
    """
    plans = properties.get(PLANNED_WHEN, {})
    is_readable = isinstance(plans, dict) and all(isinstance(v, list) for v in plans.values())
    if not is_readable:
        raise RuleProblem(
            f"{key}.customProperties",
            say(
                "contracts.times.planned_when_is_written", name=prop.name, planned_when=PLANNED_WHEN
            ),
        )
    return tuple((str(name), tuple(str(v) for v in values)) for name, values in plans.items())


def tells_time(column: Column) -> bool:
    """Return whether a column tells when something is, so that its contract must state the kind."""
    return column.logical_type in {"date", "timestamp"} or (
        column.logical_type == "integer" and column.name == YEAR
    )


def require_times(contract: Contract, path: Path) -> None:
    """Do nothing when every column of time in a source contract states its kind.

    Args:
        contract: The contract of a source.
        path: The file it was read from, for messages.

    Raises:
        ContractError: names the file, the first column that is silent, and what to write.
    """
    allowed = ", ".join(TIME_KINDS)
    for table in contract.tables.values():
        for column in table.columns:
            if tells_time(column) and not column.time:
                raise ContractError(
                    say("contracts.times.column_says_not_which_time"),
                    where=f"{path}: {table.name}.{column.name}",
                    way_out=say("contracts.times.write_time", time=TIME, allowed=allowed),
                )
            _require_known(table, column, path)


def _require_known(table: Table, column: Column, path: Path) -> None:
    for name, _ in column.planned_when:
        if name not in table.column_names:
            raise ContractError(
                say(
                    "contracts.times.planned_when_names_no_column",
                    planned_when=PLANNED_WHEN,
                    name=name,
                ),
                where=f"{path}: {table.name}.{column.name}",
            )


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later; the month's 28th at the latest."""
    index = day.year * _MONTHS + day.month - 1 + months
    return date(index // _MONTHS, index % _MONTHS + 1, min(day.day, 28) if months else day.day)
