"""What a product contract states about persons: what hides each column, and whose the rows are.

Gate 2, the publishing guard, the catalogue and the dashboard read it from the contract. The rules
themselves are in ``privacy``; who a reader is, in the dashboard.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.contracts.privacy import MARKER, METRIC, METRIC_PERIODS, SUPPRESSION_RULES
from pipelines.contracts.rules import RuleProblem
from pipelines.contracts.shapes import FILLED, Column, Contract, RowScope, Rule, ScopeKind, Table
from pipelines.errors import ContractError
from pipelines.words.messages import say

ABOUT_PERSONS, SUPPRESSION = "about_persons", "suppression"
HIDDEN_WHEN, HIDES, SCOPE = "hidden_when", "hides", "scope"
_KEYS: dict[str, tuple[ScopeKind, frozenset[str]]] = {
    "unit": ("unit", frozenset({"unit", "without_unit"})),
    "level": ("group", frozenset({"level", "group", "unit", "members"})),
}
_HOW_SCOPE = say("contracts.stated_privacy.write_scope")


def stated_scope(value: object, columns: tuple[str, ...], key: str) -> RowScope:
    """Return the scope a table states.

    Args:
        value: What stands in the contract: ``open``, ``whole``, or columns by role.
        columns: The table's columns.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when it cannot be understood or names a column that does not exist.
    """
    if value in ("open", "whole"):
        return RowScope(kind="open" if value == "open" else "whole")
    named = {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}
    kind, allowed = _KEYS["level" if "level" in named else "unit"]
    is_open = named.get("without_unit") == "open"
    needed = {"unit"} if kind == "unit" else {"level", "group"}
    is_readable = needed <= set(named) <= allowed and ("without_unit" in named) <= is_open
    if not is_readable:
        raise RuleProblem(
            key, say("contracts.stated_privacy.scope_not_understood", how_scope=_HOW_SCOPE)
        )
    named.pop("without_unit", None)
    for column in named.values():
        if column not in columns:
            raise RuleProblem(
                key, say("contracts.stated_privacy.scope_names_no_column", column=column)
            )
    return RowScope(kind, is_open_without_unit=is_open, **named)


def stated_suppression(properties: Mapping[str, Any], column: str, key: str) -> str:
    """Return the suppression rule a column states, empty when it states none.

    Args:
        properties: The column's custom properties by name.
        column: Its name.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when the rule is unknown or does not fit with ``about_persons``.
    """
    name = str(properties.get(SUPPRESSION, ""))
    about = properties.get(ABOUT_PERSONS)
    if not name and about is None:
        return ""
    if name not in SUPPRESSION_RULES:
        allowed = ", ".join(SUPPRESSION_RULES)
        raise RuleProblem(
            f"{key}.customProperties",
            say(
                "contracts.stated_privacy.suppression_must_be",
                column=column,
                suppression=SUPPRESSION,
                allowed=allowed,
            ),
        )
    if about is not SUPPRESSION_RULES[name].is_about_persons:
        fitting = str(SUPPRESSION_RULES[name].is_about_persons).lower()
        raise RuleProblem(
            f"{key}.customProperties",
            say(
                "contracts.stated_privacy.suppression_fits_not",
                column=column,
                suppression=SUPPRESSION,
                name=name,
                about_persons=ABOUT_PERSONS,
                fitting=fitting,
            ),
        )
    return name


def stated_marks(properties: Mapping[str, Any], column: str, key: str) -> tuple[str, ...]:
    """Return the values by which a column says that its row is hidden; ``filled``: any value.

    Args:
        properties: The column's custom properties by name.
        column: Its name.
        key: Its place in the file, for messages.

    Raises:
        RuleProblem: when it is neither ``filled`` nor a list of values.
    """
    marks = properties.get(HIDDEN_WHEN)
    if marks is None:
        return ()
    if marks == FILLED:
        return (FILLED,)
    if not isinstance(marks, list) or not marks:
        raise RuleProblem(
            f"{key}.customProperties",
            say(
                "contracts.stated_privacy.marks_must_be",
                column=column,
                hidden_when=HIDDEN_WHEN,
                filled=FILLED,
            ),
        )
    return tuple(str(mark) for mark in marks)


def hidden_rules(columns: Sequence[Column]) -> list[Rule]:
    """Return one rule per column that marks hidden rows: what it hides is empty in them.

    Args:
        columns: The table's columns.

    Raises:
        RuleProblem: when a column is said to be hidden that is not, or does not exist.
    """
    emptied = tuple(
        column.name
        for column in columns
        if column.suppression and SUPPRESSION_RULES[column.suppression].is_emptied
    )
    for column in columns:
        for name in column.hides:
            if name not in emptied:
                raise RuleProblem(
                    "customProperties",
                    say(
                        "contracts.stated_privacy.hides_names_no_column",
                        name=column.name,
                        hides=HIDES,
                        name_2=name,
                    ),
                )
    return [
        Rule(
            f"hidden_{column.name}",
            "empty_when_hidden",
            column.hides or emptied,
            {"marker": column.name, "values": column.hidden_when},
            "error",
            say(
                "contracts.stated_privacy.hidden_figures_are_empty",
                business_name=column.business_name or column.name,
            ),
        )
        for column in columns
        if column.hidden_when and emptied
    ]


def require_privacy(contract: Contract, path: Path) -> None:
    """Do nothing when every published table states its scope and every column what hides it.

    Args:
        contract: The contract of a published table.
        path: The file it was read from, for messages.

    Raises:
        ContractError: names the file, the table and the first column that is silent or that may
            not be published, and what to write.
    """
    for table in contract.tables.values():
        if table.scope is None:
            raise ContractError(
                say("contracts.stated_privacy.table_says_not_whose"),
                where=f"{path}: {table.name}",
                way_out=_HOW_SCOPE,
            )
        for column in table.columns:
            _require_suppression(table, column, path)


def _require_suppression(table: Table, column: Column, path: Path) -> None:
    where = f"{path}: {table.name}.{column.name}"
    if not column.suppression:
        raise ContractError(
            say("contracts.stated_privacy.column_says_not_what_hides"),
            where=where,
            way_out=say(
                "contracts.stated_privacy.write_about_persons",
                about_persons=ABOUT_PERSONS,
                suppression=SUPPRESSION,
                suppression_rules=", ".join(SUPPRESSION_RULES),
            ),
        )
    if (column.suppression == MARKER) != bool(column.hidden_when):
        raise ContractError(
            say(
                "contracts.stated_privacy.marker_and_marks_together",
                suppression=SUPPRESSION,
                marker=MARKER,
                hidden_when=HIDDEN_WHEN,
            ),
            where=where,
            way_out=say(
                "contracts.stated_privacy.write_both_or_none",
                hidden_when=HIDDEN_WHEN,
                filled=FILLED,
            ),
        )
    if column.suppression == METRIC and not _has_metric_key(table):
        raise ContractError(
            say(
                "contracts.stated_privacy.metric_only_with_key",
                suppression=SUPPRESSION,
                metric=METRIC,
                metric_periods=" eller ".join(METRIC_PERIODS),
            ),
            where=where,
            way_out=say("contracts.stated_privacy.choose_another"),
        )
    if column.classification == "person":
        raise ContractError(
            say("contracts.stated_privacy.person_never_published"),
            where=where,
            way_out=say("contracts.stated_privacy.take_it_out"),
        )


def _has_metric_key(table: Table) -> bool:
    is_by_group = table.scope is not None and table.scope.kind == "group"
    columns = set(table.column_names)
    return is_by_group and "metric_id" in columns and bool(columns & set(METRIC_PERIODS))
