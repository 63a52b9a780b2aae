"""A contract's table as expectations: names and arguments as Great Expectations has them.

Nothing here imports Great Expectations; ``pipelines.quality`` turns each spec into the real thing
and runs it on a pandas frame read from DuckDB.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.contracts.shapes import Contract, Rule, Severity, Table
from pipelines.contracts.to_sql import verdict

DERIVED_PREFIX = "check__"


@dataclass(frozen=True)
class ExpectationSpec:
    """One expectation.

    Attributes:
        type: Name in snake case, e.g. ``expect_column_values_to_not_be_null``.
        kwargs: Its arguments.
        meta: contract, version, table and rule.
        severity: An error stops the gate, a warning is only shown.
        promised_nb: The promise as a sentence in bokmål.
        columns: The table's columns the frame must hold for it.
        derived: Columns the frame must hold besides the table's own, each with the SQL expression
            over the table that makes it (``select <columns>, <expression> as <name> from ...``).
    """

    type: str
    kwargs: Mapping[str, Any]
    meta: Mapping[str, str]
    severity: Severity
    promised_nb: str
    columns: tuple[str, ...]
    derived: Mapping[str, str] = field(default_factory=dict)


def expectations_for(contract: Contract, table: Table) -> list[ExpectationSpec]:
    """Return one expectation per rule of the table, in the rules' order."""
    return [_spec(contract, table, rule) for rule in table.rules]


def _spec(contract: Contract, table: Table, rule: Rule) -> ExpectationSpec:
    kind, kwargs, derived = _expectation(rule)
    return ExpectationSpec(
        type=kind,
        kwargs=kwargs,
        meta={
            "contract": contract.id,
            "version": contract.version,
            "table": table.name,
            "rule": rule.id,
        },
        severity=rule.severity,
        promised_nb=rule.description_nb,
        columns=() if derived else rule.columns,
        derived=derived,
    )


def _expectation(rule: Rule) -> tuple[str, dict[str, Any], dict[str, str]]:
    column = rule.columns[0] if rule.columns else ""
    match rule.kind:
        case "not_null":
            return "expect_column_values_to_not_be_null", {"column": column}, {}
        case "enum":
            values = {"column": column, "value_set": list(rule.params["values"])}
            return "expect_column_values_to_be_in_set", values, {}
        case "range":
            bounds = {
                "column": column,
                "min_value": rule.params["minimum"],
                "max_value": rule.params["maximum"],
            }
            return "expect_column_values_to_be_between", bounds, {}
        case "unique_key":
            return _unique(rule)
        case "order":
            pair = {
                "column_A": rule.columns[1],
                "column_B": rule.columns[0],
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            }
            return "expect_column_pair_values_a_to_be_greater_than_b", pair, {}
        case "row_count_min":
            least = {"min_value": rule.params["minimum"], "max_value": None}
            return "expect_table_row_count_to_be_between", least, {}
        case "pattern" | "sum_equals" | "kostra_code" | "first_of_month" | "empty_when_hidden":
            return _by_condition(rule)


def _unique(rule: Rule) -> tuple[str, dict[str, Any], dict[str, str]]:
    if len(rule.columns) == 1:
        return "expect_column_values_to_be_unique", {"column": rule.columns[0]}, {}
    kwargs = {"column_list": list(rule.columns), "ignore_row_if": "never"}
    return "expect_compound_columns_to_be_unique", kwargs, {}


def _by_condition(rule: Rule) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Judge a column that SQL makes: pandas has no such check, or counts and rounds otherwise."""
    name = f"{DERIVED_PREFIX}{rule.id}"
    kwargs = {"column": name, "value_set": [1]}
    return "expect_column_values_to_be_in_set", kwargs, {name: verdict(rule)}
