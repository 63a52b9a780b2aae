"""A run that stops says which metric, unit, month and file, and the report says the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.defs.reasons import broken_nodes, way_out, why
from pipelines.quality.broken_rows import broken_by, places
from pipelines.quality.gates import run_gate
from pipelines.quality.model_checks import BrokenNode, as_broken, record_model_checks
from pipelines.quality.model_promises import ModelPromise, judge_models
from pipelines.quality.report import write_report
from pipelines.settings import Paths
from tests.unit.quality_town import (
    COLUMNS,
    CONTRACTS,
    NAME,
    NOW,
    POSITIONS,
    deliver,
    fill,
    open_town,
)

TEST = "fct_metric_months__range_denominator"
BELOW_ZERO = "select * from marts.fct_metric_months where denominator < 0"
PRODUCTS = {"fct_metric_months": load_contracts(kind="products")["fct_metric_months"]}
SAID = (
    "[fct_metric_months] «Nevner» skal være minst 0. 2 rader brøt regelen:"
    " enhet L4, måltall overtime_pct, måned 2023-01 (fra regnskap.csv);"
    " enhet L4, måltall substitute_pct, måned 2023-01"
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as con:
        con.execute(
            "create table marts.fct_metric_months as select 'unit' as level, 'L4' as group_id,"
            " m as metric_id, date '2023-01-01' as month, d as denominator"
            " from (values ('overtime_pct', -5e4), ('substitute_pct', -5e4), ('agreed_fte', 1e0))"
            " as t(m, d)"
        )
        con.execute("create schema staging")
        con.execute(
            "create table staging.stg_municipality__metric_measures as"
            " select 'overtime_pct' as metric_id, 'fixed_pay_nok' as measure_id"
        )
        con.execute(
            "create table intermediate.int_measures_unioned as select 'L4' as unit_id,"
            " date '2023-01-01' as month, 'fixed_pay_nok' as measure_id, 'D000001' as delivery_id"
        )
        deliver(con, 1, file_name="regnskap.csv")
        con.complete()
        yield con


def broken() -> BrokenNode:
    return BrokenNode(TEST, "fct_metric_months", "«Nevner» skal være minst 0.", 2, BELOW_ZERO)


def stopped(*failed: tuple[str, str]) -> Any:
    events = [
        SimpleNamespace(
            is_step_failure=True,
            step_key=step,
            step_failure_data=SimpleNamespace(error=SimpleNamespace(cause=None, message=text)),
        )
        for step, text in failed
    ]
    return SimpleNamespace(run_id="run-1", all_events=events)


def test_a_broken_model_test_names_metric_unit_month_and_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    record_model_checks(con, [broken()], PRODUCTS, "run-1", NOW)
    assert why(con, stopped(("dbt_project", "dbt: 1 noder feilet"))) == [SAID]
    assert "pukk deliveries" in way_out(con, "run-1", "rapport.html")
    report = write_report(con, Paths(tmp_path), "Prøve", "run-1", None).read_text("utf-8")
    for word in ("Kjøringen stoppet: 1 løfte ble brutt", "overtime_pct", "L4", "2023-01"):
        assert word in report


def test_a_step_nobody_tells_more_about_is_told_as_it_is(con: duckdb.DuckDBPyConnection) -> None:
    result = stopped(("published__generation", "disken er full"))
    assert why(con, result) == ["published__generation: disken er full"]
    assert way_out(con, "run-1", "rapport.html") == "Se rapporten: rapport.html"


def test_a_model_that_cannot_be_computed_is_a_broken_node() -> None:
    events = [
        {
            "info": {"name": "NodeFinished"},
            "data": {"node_info": {"node_name": "int_a", "node_status": status}},
        }
        for status in ("error", "success", "skipped")
    ]
    assert broken_nodes(events) == [BrokenNode("int_a", "int_a", "", 0, None)]


def test_a_broken_promise_of_a_model_is_counted_judged_and_told_with_its_rows(
    con: duckdb.DuckDBPyConnection,
) -> None:
    kept = ModelPromise("kept", "dim_a", "Lovet.", "select 1 where 1 = 0", "count(*)", False)
    told = replace(
        kept, name=TEST, table="fct_metric_months", promised_nb=broken().promised_nb, sql=BELOW_ZERO
    )
    shown = replace(told, name="shown", is_warning=True)
    gone = replace(told, name="gone", sql="select * from marts.finnes_ikke")
    judged = {one.promise.name: one for one in judge_models(con, [kept, gone, shown, told])}
    assert {name: (one.success, one.n_failed, one.stops) for name, one in judged.items()} == {
        "kept": (True, 0, False),
        "gone": (False, None, True),
        "shown": (False, 2, False),
        TEST: (False, 2, True),
    }
    nodes = [as_broken(one) for one in judged.values() if one.stops]
    record_model_checks(con, nodes, PRODUCTS, "run-1", NOW)
    assert sorted(why(con, stopped(("model_promises", "Brutt i: fct_metric_months.")))) == [
        SAID,
        "[fct_metric_months] «Nevner» skal være minst 0. kunne ikke regnes ut",
    ]


def test_gate_two_names_the_rows_of_what_it_stops(con: duckdb.DuckDBPyConnection) -> None:
    contract = PRODUCTS["fct_metric_months"]
    con.execute(
        "alter table marts.fct_metric_months add column suppression_reason varchar;"
        "alter table marts.fct_metric_months add column missing_reason varchar;"
        "alter table marts.fct_metric_months add column sector varchar default 's';"
        "alter table marts.fct_metric_months add column numerator double;"
        "alter table marts.fct_metric_months add column value double"
    )
    con.complete()
    result = run_gate(con, "outbound", {"fct_metric_months": contract}, "run-1", NOW)
    (told,) = [r for r in result.results if r.rule_id == "range_denominator"]
    assert told.measured_nb == "2 av 3 rader brøt regelen:" + SAID.split("regelen:")[1]


@pytest.mark.parametrize("rule", [r for r in POSITIONS.rules if r.kind != "row_count_min"],
                         ids=lambda r: r.id)  # fmt: skip
def test_the_rows_named_are_those_that_break_the_rule_and_never_their_values(rule: Any) -> None:
    with open_town() as con:
        fill(con)
        kept = broken_by("hr.positions", rule)
        assert kept is not None
        assert con.sql(kept).fetchall() == []
        con.execute(
            f"insert into hr.positions ({COLUMNS}) values"
            f" ('P1', null, '{NAME}', 0, date '2020-01-01', date '2019-12-31'),"
            " ('P2', 'X9', 'permanent', 80, date '2021-01-01', null)"
        )
        assert con.sql(kept).fetchall() != []
        assert NAME not in "".join(places(con, kept, ("start_date",)))


def test_inbound_rows_are_never_named() -> None:
    with open_town() as con:
        fill(con, bad=True)
        result = run_gate(con, "inbound", CONTRACTS, "run-1", NOW)
        assert not result.success
        assert all(":" not in r.measured_nb for r in result.results if r.contract_id == "hr")
