"""Contracts as expectations, as dbt YAML and as generated files on disk."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipelines.contracts.__main__ import check, generate
from pipelines.contracts.model import Contract, Rule, Table, load_contracts
from pipelines.contracts.shapes import Column
from pipelines.contracts.to_dbt import render_products, render_sources
from pipelines.contracts.to_expectations import expectations_for
from pipelines.errors import ContractError
from pipelines.municipality import __main__ as schemas
from pipelines.settings import REPO_ROOT

SOURCES = load_contracts()
PRODUCT = Contract(
    id="mart_units",
    version="2.1.0",
    name="Enheter",
    description="All units.",
    tables={
        "dim_units": Table(
            name="dim_units",
            description="One row per unit.",
            columns=(Column("unit_id", "string", "varchar", True, "Its id.", "Enhet", "Dens id."),),
            rules=(
                Rule("not_null_unit_id", "not_null", ("unit_id",), {}, "error", "Fylt ut."),
                Rule("has_rows", "row_count_min", (), {"minimum": 1}, "warning", "Har rader."),
                Rule("one_each", "unique_key", ("unit_id",), {}, "warning", "Unik."),
            ),
            primary_key=("unit_id",),
        )
    },
)


def test_every_rule_becomes_one_expectation_that_says_where_it_comes_from() -> None:
    for contract in SOURCES.values():
        for table in contract.tables.values():
            specs = expectations_for(contract, table)
            assert [spec.meta["rule"] for spec in specs] == [rule.id for rule in table.rules]
            assert {spec.meta["contract"] for spec in specs} == {contract.id}
            assert {spec.meta["version"] for spec in specs} == {contract.version}


def test_a_compound_key_counts_missing_parts_as_values() -> None:
    table = SOURCES["organisation"].tables["unit_codes"]
    specs = {spec.meta["rule"]: spec for spec in expectations_for(SOURCES["organisation"], table)}
    assert specs["unique_key"].type == "expect_compound_columns_to_be_unique"
    assert specs["unique_key"].kwargs["ignore_row_if"] == "never"


def test_a_rule_pandas_cannot_judge_comes_with_the_sql_that_can() -> None:
    specs = {
        spec.meta["rule"]: spec
        for spec in expectations_for(SOURCES["lean"], SOURCES["lean"].tables["gains"])
    }
    spec = specs["shares_sum_to_one"]
    assert spec.type == "expect_column_values_to_be_in_set"
    assert list(spec.derived) == ["check__shares_sum_to_one"] == [spec.kwargs["column"]]
    assert "share_quality" in spec.derived["check__shares_sum_to_one"]


def test_dbt_sources_carry_schema_types_and_tests_with_arguments_apart() -> None:
    content = yaml.safe_load(render_sources(SOURCES))
    by_name = {source["name"]: source for source in content["sources"]}
    assert list(by_name) == [*sorted(SOURCES), "municipality", "ops"]
    assert all(source["schema"] == name for name, source in by_name.items())
    columns = {c["name"]: c for c in by_name["hr"]["tables"][0]["columns"]}
    assert columns["position_pct"]["data_type"] == "decimal(5,2)"
    in_range = columns["position_pct"]["data_tests"][1]["in_range"]
    assert in_range["arguments"] == {"minimum": 0.01, "maximum": 100}


def test_names_of_dbt_tests_are_never_used_twice() -> None:
    def names(node: object) -> list[str]:
        if isinstance(node, list):
            return [name for item in node for name in names(item)]
        if not isinstance(node, dict):
            return []
        own = [body["name"] for test in node.get("data_tests", []) for body in test.values()]
        return own + [name for key, item in node.items() for name in names(item)]

    found = names(yaml.safe_load(render_sources(SOURCES)))
    assert len(found) > 100
    assert len(found) == len(set(found))


def test_products_become_enforced_models_and_row_counts_are_left_to_the_gate() -> None:
    (model,) = yaml.safe_load(render_products({PRODUCT.id: PRODUCT}))["models"]
    assert model["name"] == "dim_units"
    assert model["config"]["contract"] == {"enforced": True}
    assert model["config"]["meta"] == {"contract": "mart_units", "version": "2.1.0"}
    (unique,) = model["data_tests"]
    assert unique["unique_combination"]["config"] == {"severity": "warn"}
    assert model["columns"][0]["description"] == "Enhet. Dens id. / Its id."


def test_a_table_made_at_publishing_is_no_dbt_model() -> None:
    table = replace(PRODUCT.tables["dim_units"], built_by="publishing")
    product = replace(PRODUCT, tables={"dim_units": table})
    assert yaml.safe_load(render_products({product.id: product}))["models"] == []


def test_generated_files_in_the_repo_are_fresh() -> None:
    check(REPO_ROOT)
    schemas.check(REPO_ROOT)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for path in (REPO_ROOT / "data_contracts" / "sources").glob("*.yaml"):
        copy = tmp_path / "data_contracts" / "sources" / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    models = Path("dbt_project/models/intermediate")
    for path in [
        *(REPO_ROOT / models / "measures").glob("int_*__measures.sql"),
        *(REPO_ROOT / models / "reconciliation").glob("int_reconciliation__*.sql"),
    ]:
        copy = tmp_path / path.relative_to(REPO_ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    generate(tmp_path)
    schemas.generate(tmp_path)
    return tmp_path


def test_generating_twice_writes_nothing_the_second_time(clone: Path) -> None:
    assert generate(clone) == []
    assert schemas.generate(clone) == []


def test_a_changed_contract_makes_the_check_name_the_file_and_the_command(clone: Path) -> None:
    path = clone / "data_contracts" / "sources" / "hr.odcs.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("minimum: 0.01", "minimum: 1"))
    with pytest.raises(ContractError) as problem:
        check(clone)
    assert problem.value.text == (
        "dbt_project/models/staging/__sources.yml: Filen er ikke lik det "
        "data_contracts/sources/*.odcs.yaml gir. Kjør: python -m pipelines.contracts generate"
    )


def test_a_file_changed_by_hand_is_found(clone: Path) -> None:
    path = clone / "data_contracts" / "schemas" / "pilots.schema.json"
    path.write_text("{}\n")
    with pytest.raises(ContractError, match=r"pilots\.schema\.json") as problem:
        schemas.check(clone)
    assert problem.value.text.endswith("Kjør: python -m pipelines.municipality generate")
