"""Whether a published column is about persons, what hides it, and whose row it stands in.

The vocabulary of product contracts: every table states a scope, every column states
``about_persons`` and ``suppression``. The marts, gate 2, the publishing guard, the catalogue and
the dashboard read it from here. How a rule hides is in dbt and in docs/methods/suppression.md;
who a reader is, in the dashboard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.rules import RuleProblem
from pipelines.contracts.shapes import Column, Contract, RowScope, ScopeKind, Table
from pipelines.errors import ContractError

ABOUT_PERSONS, SUPPRESSION, HIDDEN_WHEN, SCOPE = (
    "about_persons",
    "suppression",
    "hidden_when",
    "scope",
)
FILLED = "filled"


@dataclass(frozen=True)
class SuppressionRule:
    """One way in which what is published is kept from showing a person.

    Attributes:
        is_about_persons: What such a column holds can be about persons.
        is_emptied: In a row that is marked as hidden the column is empty.
        text_nb: The rule in bokmål, for the catalogue.
        text_en: The same in English.
    """

    is_about_persons: bool
    is_emptied: bool
    text_nb: str
    text_en: str


SUPPRESSION_RULES: dict[str, SuppressionRule] = {
    "none": SuppressionRule(
        is_about_persons=False,
        is_emptied=False,
        text_nb="Handler ikke om personer og skjules ikke.",
        text_en="Not about persons, never hidden.",
    ),
    "metric": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb="Skjules etter radens måltall, når måltallet handler om personer.",
        text_en="Hidden by the rules of the row's metric, when the metric is about persons.",
    ),
    "derived": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb="Regnes bare av tall som er skjermet, og er tom der de er skjult.",
        text_en="Computed from suppressed figures alone, and empty where they are hidden.",
    ),
    "ledger": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb="Lønn og refusjon: skjules når gruppen bak er mindre enn grensen.",
        text_en="Pay and refunds: hidden when the group behind is below the limit.",
    ),
    "small_group": SuppressionRule(
        is_about_persons=True,
        is_emptied=True,
        text_nb="Skjules når færre enn grensen har svart.",
        text_en="Hidden when fewer than the limit have answered.",
    ),
    "coarse_count": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb="Antall personer; under ti vises bare <10.",
        text_en="Persons counted; below ten only <10.",
    ),
    "activity": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb="Plasser og timer på kurs og hos veiledere, som arbeidsgiver setter opp; vises.",
        text_en="Places and hours on courses and with coaches, set up by the employer; shown.",
    ),
    "words": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb="Koder, antall og setninger som bare følger av det som vises.",
        text_en="Codes, counts and sentences that follow from what is shown alone.",
    ),
    "marker": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb="Sier at radens tall er skjult, og hvorfor.",
        text_en="Says that the row's figures are hidden, and why.",
    ),
    "found": SuppressionRule(
        is_about_persons=True,
        is_emptied=False,
        text_nb="Det karantenen viser: aldri fra kolonner om personer.",
        text_en="What quarantine shows: never from columns about persons.",
    ),
}
"""Every rule a column may name; each is described in docs/methods/suppression.md."""


_KEYS: dict[str, tuple[ScopeKind, frozenset[str]]] = {
    "unit": ("unit", frozenset({"unit", "without_unit"})),
    "level": ("group", frozenset({"level", "group", "unit", "members"})),
}
_HOW_SCOPE = (
    "Skriv på tabellen customProperties: [{property: scope, value: …}] med open, whole, "
    "{unit: kolonne} eller {level: kolonne, group: kolonne, members: kolonne}."
)


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
        raise RuleProblem(key, f"Omfanget kan ikke forstås. {_HOW_SCOPE}")
    named.pop("without_unit", None)
    for column in named.values():
        if column not in columns:
            raise RuleProblem(key, f"scope nevner kolonnen «{column}», som ikke finnes i tabellen.")
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
            f"Kolonnen {column}: {SUPPRESSION} skal være en av: {allowed}.",
        )
    if about is not SUPPRESSION_RULES[name].is_about_persons:
        fitting = str(SUPPRESSION_RULES[name].is_about_persons).lower()
        raise RuleProblem(
            f"{key}.customProperties",
            f"Kolonnen {column}: til {SUPPRESSION} {name} hører {ABOUT_PERSONS}: {fitting}. "
            "En kolonne om personer må ha en regel som skjermer den.",
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
            f"Kolonnen {column}: {HIDDEN_WHEN} skal være {FILLED} eller en liste av verdier.",
        )
    return tuple(str(mark) for mark in marks)


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
                "Tabellen sier ikke hvem radene gjelder.",
                where=f"{path}: {table.name}",
                way_out=_HOW_SCOPE,
            )
        for column in table.columns:
            _require_suppression(table, column, path)


def _require_suppression(table: Table, column: Column, path: Path) -> None:
    where = f"{path}: {table.name}.{column.name}"
    if not column.suppression:
        raise ContractError(
            "Kolonnen sier ikke om den handler om personer og hva som skjermer den.",
            where=where,
            way_out=f"Skriv i customProperties {{property: {ABOUT_PERSONS}, value: true}} eller "
            f"false, og {{property: {SUPPRESSION}, value: …}} med en av: "
            f"{', '.join(SUPPRESSION_RULES)}.",
        )
    if column.classification == "person":
        raise ContractError(
            "En kolonne om enkeltpersoner kan ikke publiseres.",
            where=where,
            way_out="Ta den ut av modellen og kontrakten; bare tall per enhet publiseres.",
        )
