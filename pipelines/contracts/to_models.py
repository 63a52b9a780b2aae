"""What a source needs no SQL of its own for: its staging models, and where its measures are read.

A staging model is made for each table that has none written by hand. Which sources give measures,
and which of them have their rows followed by unit and month, is a macro that the models loop over.
How a measure is computed is SQL in ``dbt_project`` and never made here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.generated import Files
from pipelines.contracts.shapes import Contract, Table
from pipelines.contracts.to_dbt import SOURCES_FROM, render
from pipelines.errors import ContractError
from pipelines.words.messages import say

_MADE_SQL = """\
-- GENERATED, do not edit. Edit data_contracts/sources/{contract}.odcs.yaml and run:
--   python -m pipelines.contracts generate
"""
_LATEST = """\
with latest as (
    {{{{ latest_delivery('{contract}', '{table}', [{keys}]) }}}}
)

select
    {columns}
from latest
"""
# rows without a key: a delivery replaces its periods at loading, so every row counts
_EVERY = """\
select
    {columns}
from {{{{ source('{contract}', '{table}') }}}}
"""
_KEPT_WITH = {
    "feed_id": "Feed the row came with.",
    "period_ym": "Period the row was delivered for.",
    "delivery_id": "Delivery the row came with; the latest where several took part.",
}
_MEASURE_COLUMNS = {
    "unit_id": "The unit's own id, which never changes.",
    "month": "First day of the month.",
    "measure_id": "Id of the measure.",
    "value": "The measured value.",
    "n_persons": "Distinct persons behind the denominator.",
    "n_persons_once": "Persons, each counted in one unit only, so that units can be added.",
    "n_contributors": "Distinct persons behind the numerator, a lower bound when units are added.",
    "source": "Where it comes from.",
    "delivery_id": _KEPT_WITH["delivery_id"],
}
_MACROS = """\
{{# GENERATED, do not edit. Edit data_contracts/sources/*.odcs.yaml and run:
     python -m pipelines.contracts generate
   The sources that say which measures are made of them; those whose rows are followed by a model of
   their own; and the tables of the others, followed by unit and month. #}}
{{% macro measured_sources() -%}}
    {{{{ return({measured}) }}}}
{{%- endmacro %}}

{{% macro sources_with_own_reconciliation() -%}}
    {{{{ return({own}) }}}}
{{%- endmacro %}}

{{% macro tables_followed_by_month() -%}}
    {{{{ return([{tables}]) }}}}
{{%- endmacro %}}
"""
_UNIT = "unit_id"


@dataclass(frozen=True)
class _Project:
    """Where the models of one dbt project lie."""

    models: Path

    @property
    def made(self) -> Path:
        return self.models / "staging" / "generated"

    def has_own_staging(self, contract: Contract, table: Table) -> bool:
        return (self.models / "staging" / contract.id / f"{_staging(contract, table)}.sql").exists()

    def measures_of(self, contract: Contract) -> Path:
        return self.models / "intermediate" / "measures" / f"{_measures(contract)}.sql"

    def has_own_reconciliation(self, contract: Contract) -> bool:
        name = f"int_reconciliation__{contract.id}.sql"
        return (self.models / "intermediate" / "reconciliation" / name).exists()


def model_files(root: Path, contracts: Mapping[str, Contract]) -> Files:
    """Return the made models, their descriptions and the macros that name them, by path.

    What lies among the made and should not, because a table is gone or has a model by hand, has an
    empty text.

    Args:
        root: A dbt project.
        contracts: The source contracts by id.

    Raises:
        ContractError: A source says that it gives measures and no model makes them, or has a table
            whose rows cannot be followed by unit and month.
    """
    project = _Project(root / "models")
    made = [
        (contract, table)
        for contract in contracts.values()
        for table in contract.tables.values()
        if not project.has_own_staging(contract, table)
    ]
    files = {
        project.made / f"{_staging(contract, table)}.sql": (
            _staging_sql(contract, table),
            f"data_contracts/sources/{contract.id}.odcs.yaml",
        )
        for contract, table in made
    }
    left = {file: ("", SOURCES_FROM) for file in project.made.glob("*.sql") if file not in files}
    measured = [contract for contract in contracts.values() if contract.measures]
    described = {"version": 2, "models": [_described(*each) for each in made]}
    long_form = {"version": 2, "models": [_long_form(project, each) for each in measured]}
    return {
        **left,
        **files,
        project.made / "__generated.yml": (render(SOURCES_FROM, described), SOURCES_FROM),
        project.models / "intermediate" / "measures" / "__generated.yml": (
            render(SOURCES_FROM, long_form),
            SOURCES_FROM,
        ),
        root / "macros" / "generated" / "measured_sources.sql": (
            _macros(project, measured),
            SOURCES_FROM,
        ),
    }


def _staging(contract: Contract, table: Table) -> str:
    return f"stg_{contract.id}__{table.name}"


def _measures(contract: Contract) -> str:
    return f"int_{contract.id}__measures"


def _staging_sql(contract: Contract, table: Table) -> str:
    body = (_LATEST if table.primary_key else _EVERY).format(
        contract=contract.id,
        table=table.name,
        keys=_listed(table.primary_key),
        columns=",\n    ".join((*table.column_names, *_KEPT_WITH)),
    )
    return _MADE_SQL.format(contract=contract.id) + body


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _described(contract: Contract, table: Table) -> dict[str, object]:
    columns = [
        {"name": column.name, "description": column.description} for column in table.columns
    ] + [{"name": name, "description": text} for name, text in _KEPT_WITH.items()]
    unique = {"unique_combination": {"arguments": {"columns": list(table.primary_key)}}}
    return {
        "name": _staging(contract, table),
        "description": table.description,
        **({"data_tests": [unique]} if table.primary_key else {}),
        "columns": columns,
    }


def _long_form(project: _Project, contract: Contract) -> dict[str, object]:
    file = project.measures_of(contract)
    if not file.exists():
        raise ContractError(
            say(
                "contracts.to_models.no_model", measures=", ".join(m.id for m in contract.measures)
            ),
            where=f"data_contracts/sources/{contract.id}.odcs.yaml: measures",
            way_out=say("contracts.to_models.write_model", file=file.name),
        )
    names = ", ".join(measure.id for measure in contract.measures)
    return {
        "name": _measures(contract),
        "description": f"What the warehouse makes of {contract.id}, long: {names}.",
        "columns": [{"name": name, "description": text} for name, text in _MEASURE_COLUMNS.items()],
    }


def _macros(project: _Project, measured: list[Contract]) -> str:
    own = [contract.id for contract in measured if project.has_own_reconciliation(contract)]
    followed = [
        f"\n        {_followed(contract, table)}"
        for contract in measured
        if contract.id not in own
        for table in contract.tables.values()
    ]
    return _MACROS.format(
        measured=f"[{_listed(contract.id for contract in measured)}]",
        own=f"[{_listed(own)}]",
        tables=",".join(followed) + ("\n    " if followed else ""),
    )


def _followed(contract: Contract, table: Table) -> str:
    measured = [column.name for column in table.columns if column.time == "measured"]
    if _UNIT not in table.column_names or not measured or not table.primary_key:
        raise ContractError(
            say("contracts.to_models.cannot_be_followed"),
            where=f"data_contracts/sources/{contract.id}.odcs.yaml: {table.name}",
            way_out=say("contracts.to_models.write_reconciliation", id=contract.id),
        )
    key = _listed(table.primary_key)
    return (
        f"{{'of': '{contract.id}', 'name': '{table.name}', 'key': [{key}],"
        f" 'dated': '{measured[0]}'}}"
    )
