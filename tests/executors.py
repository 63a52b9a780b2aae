"""A contract with every kind of rule, and what each executor of a contract says of its rows."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import jinja2
import polars as pl
import yaml

from pipelines.contracts.model import Contract, load_contract
from pipelines.contracts.to_dbt import render_sources
from pipelines.contracts.to_expectations import ExpectationSpec, expectations_for
from pipelines.contracts.to_polars import polars_dtypes, rule_expression, schema_for
from pipelines.contracts.to_sql import floating_columns
from pipelines.quality.engine import Outcome, judge_here
from pipelines.quality.scan import scan

GENERIC_TESTS = Path(__file__).parents[1] / "dbt_project" / "tests" / "generic"

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


def contract_of(text: str) -> Contract:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "everything.odcs.yaml"
        path.write_text(text, encoding="utf-8")
        return load_contract(path)


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


def judged_by_scan(contract: Contract, frame: pl.DataFrame) -> dict[str, Outcome]:
    """What the gate says of a table: counted in SQL, judged by Great Expectations."""
    table = contract.tables["rows"]
    with duckdb.connect() as con:
        con.register("frame", frame.to_arrow())
        con.execute("create table rows as select * from frame")
        counts = scan(con, "rows", table.rules, floating_columns(table))
    outcomes = judge_here(list(zip(expectations_for(contract, table), counts, strict=True)))
    return {rule.id: outcome for rule, outcome in zip(table.rules, outcomes, strict=True)}


def failed_by_scan(contract: Contract, frame: pl.DataFrame) -> dict[str, int]:
    judged = judged_by_scan(contract, frame)
    for outcome in judged.values():
        assert outcome.was_run
        assert outcome.n_rows == frame.height
        assert outcome.success == (outcome.n_failed == 0)
    return {rule_id: outcome.n_failed for rule_id, outcome in judged.items()}


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


def as_frame(contract: Contract, rows: list[dict[str, Any]]) -> pl.DataFrame:
    types = polars_dtypes(contract.tables["rows"])
    return pl.DataFrame(rows, schema={**types, "pct": pl.String}, orient="row").with_columns(
        pl.col("pct").cast(types["pct"])
    )
