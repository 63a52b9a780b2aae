"""The inbound gate counts what breaks a promise, keeps the history, and never keeps a value."""

from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from pipelines.contracts.model import Contract, Table
from pipelines.contracts.to_expectations import ExpectationSpec, expectations_for
from pipelines.quality import engine
from pipelines.quality.gates import run_gate, warm_up
from pipelines.quality.results import rows_broke
from tests.unit.quality_town import (
    CONTRACTS,
    NAME,
    NOW,
    POSITIONS,
    by_rule,
    deliver,
    fill,
    inbound,
    open_town,
)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as con:
        yield con


def test_a_good_delivery_passes_and_every_promise_is_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    deliver(con, 1)
    result = inbound(con)
    assert result.success
    assert all(r.success for r in result.results)
    found = by_rule(result)
    assert found["not_null_unit_id"].measured_nb == "0 av 1\u00a0200 rader brøt regelen"
    assert found["row_count_min"].measured_nb == "1\u00a0200 rader"
    assert found["counts_reconcile"].measured_nb == "0 av 1 leveranser brøt regelen"
    assert [r.rule_id for r in result.results][:7] == [r.id for r in POSITIONS.rules]


def test_a_broken_promise_says_how_many_rows_and_stops_the_gate(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con, bad=True)
    result = inbound(con)
    assert not result.success
    counts = {r.rule_id: r.n_failed for r in result.results if r.contract_id == "hr"}
    assert counts == {
        "not_null_unit_id": 1,
        "enum_kind": 1,
        "range_pct": 1,
        "pattern_unit_id": 1,
        "unique_key_position_id_start_date": 2,
        "order_start_date_end_date": 1,
        "row_count_min": 0,
    }
    assert by_rule(result)["enum_kind"].measured_nb == "1 av 1\u00a0202 rader brøt regelen"


def test_a_broken_warning_is_shown_and_does_not_stop_the_gate(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    con.execute("update hr.positions set unit_id = 'X' where position_id = 'P3'")
    result = inbound(con)
    assert result.success
    assert not by_rule(result)["pattern_unit_id"].success


def test_no_value_of_a_bad_row_is_kept_anywhere(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, bad=True)
    result = inbound(con)
    kept = con.sql("select cast(t as varchar) from ops.quality_results as t").fetchall()
    assert len(kept) == len(result.results)
    assert NAME not in str(kept)
    assert NAME not in str(result)


def test_great_expectations_itself_is_told_to_keep_no_values() -> None:
    specs = expectations_for(CONTRACTS["hr"], POSITIONS)
    frame = pd.DataFrame(
        {
            "unit_id": [NAME, None],
            "kind": [NAME, NAME],
            "pct": [0.0, 1.0],
            "position_id": [NAME, NAME],
            "start_date": pd.to_datetime(["2020-01-02", "2020-01-02"]),
            "end_date": pd.to_datetime(["2020-01-01", "2020-01-01"]),
            "check__pattern_unit_id": [0, 1],
        }
    )
    gx, batch_definition = engine._engine()
    kinds = [engine._expectation(gx, i, spec) for i, spec in enumerate(specs)]
    batch = batch_definition.get_batch({"dataframe": frame})
    found = batch.validate(
        gx.ExpectationSuite(name="suite", expectations=kinds), result_format=engine.RESULT_FORMAT
    )
    assert not found.success
    assert NAME not in str(found.to_json_dict())


def test_a_table_that_was_never_delivered_is_a_note_and_not_a_crash(
    con: duckdb.DuckDBPyConnection,
) -> None:
    optional = Table("positions", "", POSITIONS.columns, POSITIONS.rules[:-1], ())
    contracts = {"hr": Contract("hr", "1.2.0", "HR", "", {"positions": optional})}
    for prepare in ("select 1", "drop table hr.positions"):
        con.execute(prepare).fetchall()
        result = run_gate(con, "inbound", contracts, "run-1", NOW)
        assert result.success
        note = by_rule(result)["has_rows"]
        assert (note.severity, note.success) == ("warning", True)
        assert note.measured_nb == "ingen rader levert"


def test_a_table_that_must_have_rows_stops_the_gate_when_it_has_none(
    con: duckdb.DuckDBPyConnection,
) -> None:
    result = inbound(con)
    assert not result.success
    assert by_rule(result)["row_count_min"].measured_nb == "0 rader"


def test_a_table_without_a_promised_column_is_reported_as_not_checked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    con.execute("alter table hr.positions drop column kind")
    result = inbound(con)
    assert not result.success
    assert by_rule(result)["enum_kind"].measured_nb == "kunne ikke kontrolleres"


def test_a_promise_great_expectations_cannot_evaluate_is_broken() -> None:
    spec = ExpectationSpec(
        "expect_column_values_to_not_be_null",
        {"column": "finnes_ikke"},
        {"rule": "x"},
        "error",
        "",
        (),
    )
    outcome = engine.validate(pd.DataFrame({"a": [1]}), [spec])[0]
    assert (outcome.success, outcome.was_run) == (False, False)


def test_outcomes_come_in_the_order_of_the_promises() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3]})
    specs = [
        ExpectationSpec(
            "expect_column_values_to_be_between",
            {"column": "a", "min_value": low, "max_value": None},
            {},
            "error",
            "",
            ("a",),
        )
        for low in (4, 1, 3, 2)
    ]
    assert [o.n_failed for o in engine.validate(frame, specs)] == [3, 0, 2, 1]


def test_a_gate_run_again_replaces_its_own_results_and_keeps_other_runs(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    first = inbound(con, "run-1")
    inbound(con, "run-2")
    inbound(con, "run-2")
    counts = con.sql("select run_id, count(*) from ops.quality_results group by 1 order by 1")
    n = len(first.results)
    assert counts.fetchall() == [("run-1", n), ("run-2", n)]


def test_large_counts_are_written_with_spaces() -> None:
    assert rows_broke(0, 30112) == "0 av 30\u00a0112 rader brøt regelen"


def test_warming_up_twice_is_harmless() -> None:
    warm_up()
    warm_up()
