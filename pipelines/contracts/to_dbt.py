"""Contracts as dbt YAML: sources with tests, and enforced contracts for the published models.

The two files are owned whole: nothing is merged, the check is a diff. The generic tests they name
are in ``dbt_project/tests/generic``. Row counts are left to the gates, which also say how many
rows there were.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from pipelines.contracts.inner_sources import INNER_SOURCES
from pipelines.contracts.shapes import DBT, EFFECTS, Column, Contract, Rule, Table, tables_built_by
from pipelines.contracts.to_sql import verdict

_HEADER = """\
# GENERATED, do not edit. Edit {source} and run:
#   python -m pipelines.contracts generate
"""
SOURCES_FROM = "data_contracts/sources/*.odcs.yaml"
# Dagster's gates measure these promises as evidence; the tests guard who runs dbt by hand
MEASURED_BY_GATES = "measured_by_gates"
# the folders of models that read the effects have this tag, in dbt_project.yml
AFTER_EFFECTS = "after_effects"
MARTS = "marts"
PRODUCTS_FROM = "data_contracts/products/*.odcs.yaml"


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as the rest of the dbt project does."""

    def increase_indent(
        self,
        flow: bool = False,  # noqa: FBT001, FBT002 - as PyYAML calls it
        indentless: bool = False,  # noqa: FBT001, FBT002 - as PyYAML calls it
    ) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def render_sources(
    contracts: Mapping[str, Contract], products: Mapping[str, Contract] | None = None
) -> str:
    """Return ``__sources.yml``: one dbt source per contract, plus municipality, ops and effects.

    Args:
        contracts: What is delivered.
        products: What is published; the tables of it that the effects step makes are read by the
            models after it.
    """
    sources = [_source(contracts[key]) for key in sorted(contracts)]
    sources += _effect_sources(products or {})
    sources += [
        {
            "name": name,
            "description": description,
            "schema": name,
            "tables": [{"name": table, "description": text} for table, text in tables.items()],
        }
        for name, (description, tables) in INNER_SOURCES.items()
    ]
    return render(SOURCES_FROM, {"version": 2, "sources": sources})


def render_products(contracts: Mapping[str, Contract]) -> str:
    """Return ``__products.yml``: one enforced model per product table that dbt makes."""
    models = [
        _model(contract, table)
        for _, contract in sorted(contracts.items())
        for table in contract.tables.values()
        if table.built_by == DBT
    ]
    return render(PRODUCTS_FROM, {"version": 2, "models": models})


def render(source: str, content: dict[str, Any]) -> str:
    """Return a made YAML file with what it is made from at the top.

    Args:
        source: The files it is made from.
        content: What it holds.
    """
    body = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return _HEADER.format(source=source) + body


def _source(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.id,
        "description": contract.description,
        "schema": contract.id,
        "config": {"meta": {"contract": contract.id, "version": contract.version}},
        "tables": [
            _described(table.as_kept(), f"{contract.id}__{table.name}", all_measured=True)
            for table in contract.tables.values()
        ],
    }


def _effect_sources(products: Mapping[str, Contract]) -> list[dict[str, Any]]:
    """Tables made between the two dbt runs; gate 2 measures what they promise."""
    made = {
        contract.id: (contract, list(tables_built_by(EFFECTS, [contract])))
        for contract in products.values()
    }
    return [
        {
            "name": name,
            "description": contract.description,
            "schema": MARTS,
            "tables": [
                {
                    "name": table.name,
                    "description": table.description,
                    # one asset, whether the effects step makes it or dbt reads it
                    "config": {"meta": {"dagster": {"asset_key": [MARTS, table.name]}}},
                }
                for table in tables
            ],
        }
        for name, (contract, tables) in sorted(made.items())
        if tables
    ]


def _model(contract: Contract, table: Table) -> dict[str, Any]:
    described = _described(table, table.name, all_measured=False)
    return {
        "name": described.pop("name"),
        "description": described.pop("description"),
        "config": {
            "contract": {"enforced": True},
            "meta": {"contract": contract.id, "version": contract.version},
        },
        **described,
    }


def _described(table: Table, prefix: str, *, all_measured: bool) -> dict[str, Any]:
    on_column = [rule for rule in table.rules if rule.kind in _COLUMN_TESTS]
    on_table = [rule for rule in table.rules if rule.kind in _TABLE_TESTS]
    out: dict[str, Any] = {"name": table.name, "description": table.description}
    if on_table:
        out["data_tests"] = [_test(rule, prefix, all_measured=all_measured) for rule in on_table]
    out["columns"] = [
        _column(column, on_column, prefix, all_measured=all_measured) for column in table.columns
    ]
    return out


def _column(
    column: Column, rules: Iterable[Rule], prefix: str, *, all_measured: bool
) -> dict[str, Any]:
    title = f"{column.business_name}. " if column.business_name else ""
    out: dict[str, Any] = {
        "name": column.name,
        "description": f"{title}{column.meaning}".strip(),
        "data_type": column.physical_type,
    }
    tests = [
        _test(rule, prefix, all_measured=all_measured)
        for rule in rules
        if rule.columns == (column.name,)
    ]
    if tests:
        out["data_tests"] = tests
    return out


def _test(rule: Rule, prefix: str, *, all_measured: bool) -> dict[str, Any]:
    name, arguments = {**_COLUMN_TESTS, **_TABLE_TESTS}[rule.kind](rule)
    body: dict[str, Any] = {"name": f"{prefix}__{rule.id}", "description": rule.description_nb}
    if arguments:
        body["arguments"] = arguments
    config: dict[str, Any] = {"severity": "warn"} if rule.severity == "warning" else {}
    if all_measured or rule.kind == "not_null":
        config["tags"] = [MEASURED_BY_GATES]
    if config:
        body["config"] = config
    return {name: body}


_Projection = Callable[[Rule], tuple[str, dict[str, Any]]]


def _enum(rule: Rule) -> tuple[str, dict[str, Any]]:
    values = list(rule.params["values"])
    arguments: dict[str, Any] = {"values": values}
    if not all(isinstance(value, str) for value in values):
        arguments["quote"] = False
    return "accepted_values", arguments


def _range(rule: Rule) -> tuple[str, dict[str, Any]]:
    return "in_range", {key: value for key, value in rule.params.items() if value is not None}


def _sum_equals(rule: Rule) -> tuple[str, dict[str, Any]]:
    return "sum_equals", {"columns": list(rule.columns), **rule.params}


def _ordered(rule: Rule) -> tuple[str, dict[str, Any]]:
    return "ordered", dict(zip(("lower_column", "upper_column"), rule.columns, strict=True))


def _verdict(rule: Rule) -> tuple[str, dict[str, Any]]:
    # dbt takes any expression as column_name: a verdict of 0 is below the minimum
    return "in_range", {"column_name": verdict(rule), "minimum": 1}


_COLUMN_TESTS: dict[str, _Projection] = {
    "not_null": lambda _rule: ("not_null", {}),
    "enum": _enum,
    "range": _range,
}
_TABLE_TESTS: dict[str, _Projection] = {
    "unique_key": lambda rule: ("unique_combination", {"columns": list(rule.columns)}),
    "order": _ordered,
    "sum_equals": _sum_equals,
    "pattern": _verdict,
    "kostra_code": _verdict,
    "first_of_month": _verdict,
    "empty_when_hidden": _verdict,
}
