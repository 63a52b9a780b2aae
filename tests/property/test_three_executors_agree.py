"""Ingest, gate and dbt must refuse as many of the same rows, rule by rule."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Contract, load_contract
from pipelines.contracts.to_dbt import render_sources
from pipelines.contracts.to_expectations import ExpectationSpec, expectations_for
from pipelines.contracts.to_polars import polars_dtypes, rule_expression, schema_for

# Great Expectations imports modules that Python has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_.*' is deprecated")

GENERIC_TESTS = Path(__file__).parents[2] / "dbt_project" / "tests" / "generic"

# one table with every kind of rule; nullable where a missing value is the interesting case
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: everything
version: 1.0.0
status: active
schema:
  - name: rows
    properties:
      - {name: id_a, logicalType: string, physicalType: varchar, required: true,
         primaryKey: true, primaryKeyPosition: 1}
      - {name: id_b, logicalType: date, physicalType: date, primaryKey: true,
         primaryKeyPosition: 2}
      - {name: code, logicalType: string, physicalType: varchar,
         logicalTypeOptions: {pattern: '[0-9]{3}|[a-z]'}}
      - {name: function, logicalType: string, physicalType: varchar}
      - {name: year, logicalType: integer, physicalType: integer, required: true}
      - name: kind
        logicalType: string
        physicalType: varchar
        customProperties: [{property: hidden_when, value: [x, ""]}]
        quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [x, y]}}]
      - name: level
        logicalType: integer
        physicalType: integer
        quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [1, 2]}}]
      - {name: pct, logicalType: number, physicalType: 'decimal(5,2)',
         logicalTypeOptions: {minimum: 0.01, maximum: 100}}
      - {name: share_a, logicalType: number, physicalType: double,
         logicalTypeOptions: {minimum: 0},
         customProperties: [{property: about_persons, value: true},
                            {property: suppression, value: derived}]}
      - {name: share_b, logicalType: number, physicalType: double,
         logicalTypeOptions: {maximum: 1}}
      - {name: first_day, logicalType: date, physicalType: date}
      - {name: last_day, logicalType: date, physicalType: date,
         customProperties: [{property: hidden_when, value: filled}]}
    quality:
      - {name: days_in_order, type: custom, engine: pukk,
         implementation: {kind: order, lower: first_day, upper: last_day}}
      - {name: shares_sum, type: custom, engine: pukk,
         implementation: {kind: sum_equals, columns: [share_a, share_b], total: 1}}
      - {name: shares_sum_to_pct, type: custom, engine: pukk,
         implementation: {kind: sum_equals, columns: [share_a, share_b], total: pct}}
      - {name: valid_function, type: custom, engine: pukk,
         implementation: {kind: kostra_code, code: function, year: year, code_type: function}}
      - {name: month_start, type: custom, engine: pukk,
         implementation: {kind: first_of_month, column: first_day}}
      - {name: one_at_a_time, metric: duplicateValues, mustBe: 0,
         arguments: {properties: [year, kind]}}
      - {name: enough_rows, metric: rowCount, mustBeGreaterOrEqualTo: 2}
"""

DATES = [None, date(2017, 1, 1), date(2017, 1, 31), date(2017, 2, 1)]
SHARES = [None, -0.1, 0.0, 0.1, 0.2, 0.3, 0.7, 0.9, 1.0, 1.5]
ROW = st.fixed_dictionaries(
    {
        "id_a": st.sampled_from([None, "a", "b", "c", "d"]),
        "id_b": st.sampled_from(DATES),
        "code": st.sampled_from([None, "", "012", "12", "0123", "a", "ab", "012\n", "1é"]),
        "function": st.sampled_from([None, "253", "254", "257", "333", "999"]),
        "year": st.sampled_from([None, 2012, 2017, 2024]),
        "kind": st.sampled_from([None, "x", "y", "X", ""]),
        "level": st.sampled_from([None, 1, 2, 3]),
        "pct": st.sampled_from([None, "0.00", "0.01", "0.30", "1.00", "100.00", "100.01"]),
        "share_a": st.sampled_from(SHARES),
        "share_b": st.sampled_from(SHARES),
        "first_day": st.sampled_from(DATES),
        "last_day": st.sampled_from(DATES),
    }
)


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("contract") / "everything.odcs.yaml"
    path.write_text(CONTRACT, encoding="utf-8")
    return load_contract(path)


@pytest.fixture(scope="module")
def gx_context() -> Iterator[Any]:
    import great_expectations as gx  # slow to import: only here

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    context.data_sources.add_pandas("p").add_dataframe_asset(
        "a"
    ).add_batch_definition_whole_dataframe("b")
    return context


def failed_by_polars(contract: Contract, frame: pl.DataFrame) -> dict[str, int]:
    table = contract.tables["rows"]
    counts = schema_for(table, technical=()).filter(frame)[1].counts()
    return {
        rule.id: counts.get(rule.id, 0)
        for rule in table.rules
        if rule_expression(rule, table) is not None
    }


def failed_by_gx(context: Any, specs: list[ExpectationSpec], frame: pl.DataFrame) -> dict[str, int]:
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    derived = [f"{sql} as {name}" for spec in specs for name, sql in spec.derived.items()]
    with duckdb.connect() as con:
        con.register("frame", frame.to_arrow())
        pandas_frame = con.sql(f"select *, {', '.join(derived)} from frame").df()
    suite = gx.ExpectationSuite(
        name="s",
        expectations=[
            get_expectation_impl(spec.type)(**spec.kwargs, meta=dict(spec.meta)) for spec in specs
        ],
    )
    batch = context.data_sources.get("p").get_asset("a").get_batch_definition("b")
    result = batch.get_batch({"dataframe": pandas_frame}).validate(
        suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    assert not [one for one in result.results if one.exception_info.get("raised_exception")]
    failed = {}
    for one in result.results:
        # an expectation about the table has no rows to count: it holds or it does not
        count = one.result.get("unexpected_count", 0 if one.success else 1)
        assert one.success == (count == 0)
        failed[one.expectation_config.meta["rule"]] = count
    return failed


def dbt_tests(contract: Contract) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield rule id, generic test and arguments of every test in the generated YAML."""
    source = yaml.safe_load(render_sources({contract.id: contract}))["sources"][0]
    table = source["tables"][0]
    for column in (None, *table["columns"]):
        owner = table if column is None else column
        extra = {} if column is None else {"column_name": column["name"]}
        for test in owner.get("data_tests", []):
            ((name, body),) = test.items()
            rule_id = body["name"].removeprefix("everything__rows__")
            yield rule_id, name, {**extra, **body.get("arguments", {})}


def dbt_sql(name: str, arguments: dict[str, Any]) -> str:
    column = arguments.get("column_name")
    if name == "not_null":  # the next two are dbt's own
        return f"select {column} from rows where {column} is null"
    if name == "accepted_values":
        quote = "'" if arguments.get("quote", True) else ""
        values = ", ".join(f"{quote}{value}{quote}" for value in arguments["values"])
        return f"select {column} from rows where {column} not in ({values})"
    text = (GENERIC_TESTS / f"{name}.sql").read_text(encoding="utf-8")
    macro = re.sub(r"{%-?\s*test ", "{% macro ", text)
    macro = re.sub(r"{%-?\s*endtest\s*-?%}", "{% endmacro %}", macro)
    module = jinja2.Environment(autoescape=False).from_string(macro).module  # noqa: S701 - SQL, not HTML
    return str(getattr(module, name)(model="rows", **arguments))


def failed_by_dbt(contract: Contract, frame: pl.DataFrame) -> dict[str, int]:
    failed = {}
    with duckdb.connect() as con:
        # the sources' tests judge a key within its delivery; all these rows come with one
        con.register("rows", frame.with_columns(delivery_id=pl.lit("D000001")).to_arrow())
        for rule_id, name, arguments in dbt_tests(contract):
            found = con.sql(dbt_sql(name, arguments)).fetchall()
            # unique_combination gives one row per key, with the number of rows last
            is_grouped = name == "unique_combination"
            failed[rule_id] = sum(row[-1] for row in found) if is_grouped else len(found)
    return failed


@settings(
    max_examples=12,
    phases=[Phase.generate],  # shrinking would take minutes and the rule's id says enough
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROW, max_size=20))
def test_dataframely_great_expectations_and_dbt_agree_on_every_rule(
    contract: Contract, gx_context: Any, rows: list[dict[str, Any]]
) -> None:
    table = contract.tables["rows"]
    types = polars_dtypes(table)
    frame = pl.DataFrame(rows, schema={**types, "pct": pl.String}, orient="row").with_columns(
        pl.col("pct").cast(types["pct"])
    )
    by_polars = failed_by_polars(contract, frame)
    by_gx = failed_by_gx(gx_context, expectations_for(contract, table), frame)
    by_dbt = failed_by_dbt(contract, frame)

    assert set(by_gx) == {rule.id for rule in table.rules}
    # a row count is no row's fault, and dbt leaves it to the gates
    assert set(by_gx) - set(by_polars) == {"enough_rows"}
    assert set(by_polars) == set(by_dbt)
    assert (by_gx["enough_rows"] == 0) == (frame.height >= 2)
    for rule_id, count in by_polars.items():
        assert (count, count) == (by_gx[rule_id], by_dbt[rule_id]), rule_id
