"""What dbt says of the models' tests, and what a night counts, are the same; also of broken data.

A night measures dbt's tests itself, one query per table; whoever runs dbt by hand gets them of dbt.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.contracts.to_dbt import MEASURED_BY_GATES
from pipelines.defs.model_tests import model_tests, with_queries
from pipelines.quality.model_promises import judge_models
from tests.dbt_fixture import FIRST_STEP, run_dbt
from tests.dbt_parsed import by_its_name
from tests.golden.definitions_town import definitions_warehouse

# the same row once more breaks every promise that rows are one of each; these break the others
BROKEN = """
    update marts.fct_metric_months set denominator = -1 where level = 'unit';
    update marts.fct_metric_months set level = 'street' where level = 'sector';
    update marts.fct_metric_months set suppression_reason = 'few_persons'
    where numerator is not null and month(month) = 2;
    update marts.fct_metric_months set value = value + 1 where month(month) = 3;
    update intermediate.int_sick_leave__unit_months set sick_days_short = sick_days_short + 1;
    update marts.dim_units set valid_to = valid_from - 1;
    alter table intermediate.int_baselines drop column baseline_id
"""
LEAST_BROKEN = 60


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """What dbt says of a warehouse whose rows have been spoilt, and what a night says of it."""
    target = tmp_path_factory.mktemp("target")
    file = shutil.copyfile(
        definitions_warehouse(tmp_path_factory, worker_id), target / "town.duckdb"
    )
    with duckdb.connect(str(file)) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where schema_name in ('intermediate', 'marts') order by all"
        ).fetchall()
        for (name,) in tables:
            con.execute(f"insert into {name} select * from {name} limit 1")
        con.execute(BROKEN)
    results = run_dbt(
        file, "test", *FIRST_STEP, f"tag:{MEASURED_BY_GATES}", target=target, may_fail=True
    )
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    # without contracts none is left to gate 2
    tests = [test for test in model_tests(manifest, {}) if not test.is_late]
    # the queries name the database
    with by_its_name(file) as named, duckdb.connect(str(named)) as con:
        judged = judge_models(con, with_queries(tests, target / "compiled"))
    return {"dbt": results.results, "night": judged, "manifest": manifest}


def test_dbt_and_a_night_find_as_many_of_the_same(said: dict[str, Any]) -> None:
    by_dbt = {r.node.name: None if r.status == "error" else r.failures for r in said["dbt"]}
    by_night = {one.promise.name: one.n_failed for one in said["night"]}
    assert by_night == by_dbt
    assert len([n for n in by_dbt.values() if n]) >= LEAST_BROKEN
    assert None in by_dbt.values()


def test_dbt_and_a_night_stop_for_the_same(said: dict[str, Any]) -> None:
    assert {one.promise.name for one in said["night"] if one.stops} == {
        r.node.name for r in said["dbt"] if r.status in {"fail", "error"}
    }
    assert {one.promise.name for one in said["night"] if not one.success} == {
        r.node.name for r in said["dbt"] if r.status != "pass"
    }


def test_every_singular_test_is_a_promise_of_a_night(said: dict[str, Any]) -> None:
    folder = Path(__file__).parents[2] / "dbt_project" / "tests"
    names = {file.stem for file in folder.glob("*.sql")}
    assert names
    # also beside the contracts
    tests = model_tests(said["manifest"], load_contracts(kind="products"))
    assert names <= {test.name for test in tests}


def test_a_promise_is_left_to_gate_two_only_where_a_contract_makes_it_and_no_step_reads(
    said: dict[str, Any],
) -> None:
    manifest, products = said["manifest"], load_contracts(kind="products")
    every = {test.name: test for test in model_tests(manifest, {})}
    kept = {test.name for test in model_tests(manifest, products)}
    published = {table.name for contract in products.values() for table in contract.tables.values()}
    assert {every[name].table for name in every.keys() - kept} <= published - {"dim_units"}
    assert {name for name, test in every.items() if test.table == "dim_units"} <= kept


def test_no_test_of_the_project_asks_dbt_for_what_a_night_does_not_do(said: dict[str, Any]) -> None:
    # a limit, a threshold or rows left out would make dbt's answer another than the count
    usual = {"where": None, "limit": None, "warn_if": "!= 0", "error_if": "!= 0", "enabled": True}
    tests = [n for n in said["manifest"]["nodes"].values() if n["resource_type"] == "test"]
    assert tests
    assert [n["name"] for n in tests if any(n["config"][k] != v for k, v in usual.items())] == []
