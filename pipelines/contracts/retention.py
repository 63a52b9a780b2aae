"""How long things are kept: days of deliveries from their contracts, of the rest from one file.

What is old enough is found, and deleted, in ``pipelines.retention``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, get_args

from pipelines.contracts.shapes import Contract, Sla
from pipelines.contracts.yaml_file import read_yaml
from pipelines.errors import ContractError
from pipelines.settings import CONTRACTS_DIR
from pipelines.words.messages import say

FILE = "retention.yml"
RAW, QUARANTINED = "raw_files", "quarantined_files"
"""Elements of a source contract: files as they came, and those that were refused."""
Own = Literal[
    "editions",
    "reports",
    "access_log",
    "error_traces",
    "warehouses_set_aside",
    "unfinished_files",
    "dagster_runs",
    "outbox",
]
"""What Pukk makes itself, or nobody delivered."""
_RETENTION = "retention"
_PERSON = "person"
_DAYS, _YEARS = "d", "y"
_KEYS = {"value", "unit", "keep_newest", "description"}


@dataclass(frozen=True)
class Rule:
    """How long one class of things is kept.

    Attributes:
        source: Where it is written: file and element.
        value: How many.
        unit: ``d`` for days, ``y`` for years.
        description_nb: The rule as a sentence in bokmål.
        keep_newest: So many of the newest are kept whatever their age.
    """

    source: str
    value: int
    unit: str
    description_nb: str
    keep_newest: int = 0

    def keeps_from(self, today: date) -> date:
        """Return the first day that is kept; what is from before it is deleted.

        Args:
            today: The day it is counted from.
        """
        if self.unit == _DAYS:
            return today - timedelta(days=self.value)
        # the 29th of February has no day of its own in most years
        return date(today.year - self.value, today.month, min(today.day, 28))

    @property
    def length_nb(self) -> str:
        """How long, in bokmål."""
        return f"{self.value} {'dager' if self.unit == _DAYS else say('contracts.retention.years')}"


def has_person_rows(contract: Contract, table: str) -> bool:
    """Tell whether a table's rows are about persons, one by one."""
    return any(c.classification == _PERSON for c in contract.tables[table].columns)


def person_column(contract: Contract, table: str) -> str:
    """Return the column of a table that says which person a row is about."""
    return next(c.name for c in contract.tables[table].columns if c.classification == _PERSON)


def person_tables(contracts: Mapping[str, Contract]) -> list[tuple[str, str]]:
    """Return contract and table of everything with rows about persons, in order."""
    return [
        (contract.id, table)
        for _, contract in sorted(contracts.items())
        for table in sorted(contract.tables)
        if has_person_rows(contract, table)
    ]


def rule_of_files(contracts: Iterable[Contract], element: str) -> Rule:
    """Return the rule of a file: the longest of the contracts it is read by.

    Args:
        contracts: The contracts; all of them for a file nobody knows, at least one.
        element: ``RAW`` or ``QUARANTINED``.

    Raises:
        ContractError: a contract does not say how long.
    """
    rules = [_stated(contract, element) for contract in contracts]
    return max(rules, key=lambda rule: date.max - rule.keeps_from(date.max))


def shortest_rule(contracts: Iterable[Contract], element: str) -> Rule:
    """Return the strictest rule: for a file that no contract knows."""
    rules = [_stated(contract, element) for contract in contracts]
    return min(rules, key=lambda rule: date.max - rule.keeps_from(date.max))


def rule_of_rows(contract: Contract, table: str) -> Rule:
    """Return how long the rows of a table about persons are kept.

    Raises:
        ContractError: the contract does not say.
    """
    return _stated(contract, f"{contract.id}.{table}")


def own_rules(folder: Path | None = None) -> dict[Own, Rule]:
    """Return how long what Pukk makes itself is kept.

    Args:
        folder: The folder of contracts; the repo's own by default.

    Raises:
        ContractError: names the file and the key.
    """
    file = (folder or CONTRACTS_DIR) / FILE
    content = read_yaml(file, ContractError)
    names = get_args(Own)
    if set(content) != set(names):
        wrong = min(set(content) ^ set(names))
        raise ContractError(
            say("contracts.retention.exactly_these", names=", ".join(names)), where=_at(wrong)
        )
    return {name: _own(name, content[name]) for name in names}


def _own(name: str, content: object) -> Rule:
    if not isinstance(content, dict) or not set(content) <= _KEYS:
        raise ContractError(
            say("contracts.retention.only_these", keys=", ".join(sorted(_KEYS))), where=_at(name)
        )
    keep = content.get("keep_newest", 0)
    if not isinstance(keep, int) or keep < 0:
        raise ContractError(say("contracts.retention.keep_newest_is_a_number"), where=_at(name))
    value, unit = content.get("value"), content.get("unit")
    return _rule(_at(name), value, unit, str(content.get("description", "")), keep)


def _stated(contract: Contract, element: str) -> Rule:
    for promise in contract.sla:
        if promise.property == _RETENTION and promise.element == element:
            return _of(contract, promise)
    raise ContractError(
        say("contracts.retention.not_stated"),
        where=f"{contract.id}.odcs.yaml: slaProperties",
        way_out=say("contracts.retention.add_retention", element=element),
    )


def _of(contract: Contract, promise: Sla) -> Rule:
    where = f"{contract.id}.odcs.yaml: {promise.element}"
    return _rule(where, promise.value, promise.unit, promise.description, 0)


def _rule(where: str, value: object, unit: object, description: str, keep: int) -> Rule:
    whole = 0
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        whole = int(value)
    if whole < 1 or unit not in {_DAYS, _YEARS}:
        raise ContractError(say("contracts.retention.write_days_or_years"), where=where)
    return Rule(where, whole, str(unit), description, keep)


def _at(key: str) -> str:
    return f"{FILE}: {key}"
