"""The inbound gate counts what breaks a promise, keeps the history, and never keeps a value."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.contracts.model import Contract, Table
from pipelines.contracts.to_expectations import expectations_for
from pipelines.quality import beside, engine
from pipelines.quality.gates import run_gate, warm_up
from pipelines.quality.results import rows_broke
from pipelines.quality.scan import Counted
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

ROW_COUNT = "expect_table_row_count_to_be_between"


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


def test_great_expectations_own_record_has_the_counts_and_no_value() -> None:
    specs = expectations_for(CONTRACTS["hr"], POSITIONS)
    kinds = engine._engine()
    records = [engine._record(kinds, spec, 1202, 2).to_json_dict() for spec in specs]
    assert [r["success"] for r in records] == [spec.type == ROW_COUNT for spec in specs]
    by_rows = [r["result"] for r in records if "unexpected_count" in r["result"]]
    assert len(by_rows) == len(specs) - 1
    for result in by_rows:
        assert (result["element_count"], result["unexpected_count"]) == (1202, 2)
        assert not [name for name in result if name.endswith("_list")]


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


def test_only_the_promise_that_cannot_be_counted_is_not_checked(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con, bad=True)
    con.execute("alter table hr.positions drop column kind")
    counts = {r.rule_id: (r.n_rows, r.n_failed) for r in inbound(con).results}
    assert counts["enum_kind"] == (1202, 0)
    assert counts["range_pct"] == (1202, 1)
    assert counts["unique_key_position_id_start_date"] == (1202, 2)


def test_a_promise_that_was_not_counted_is_broken() -> None:
    spec = expectations_for(CONTRACTS["hr"], POSITIONS)[0]
    outcome = engine.judge_here([(spec, Counted(3, None))])[0]
    assert (outcome.success, outcome.was_run, outcome.n_rows) == (False, False, 3)


def test_outcomes_come_in_the_order_of_the_promises() -> None:
    specs = expectations_for(CONTRACTS["hr"], POSITIONS)[:4]
    counts = [Counted(9, n) for n in (3, 0, 2, 1)]
    judged = engine.judge_here(list(zip(specs, counts, strict=True)))
    assert [(o.success, o.n_failed) for o in judged] == [
        (False, 3),
        (True, 0),
        (False, 2),
        (False, 1),
    ]


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


def test_beside_the_run_the_same_is_said_and_when_it_falls_it_is_said_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    specs = expectations_for(CONTRACTS["hr"], POSITIONS)
    counts = [Counted(1202, n) for n in (1, 0, None, 2, 2, 0, 0)]
    promises = list(zip(specs, counts, strict=True))
    here = engine.judge_here(promises)
    with beside.judging_beside():
        child = beside._running.get()
        assert child is not None
        with monkeypatch.context() as patch:
            patch.delattr(beside, "judge_here")
            assert beside.judge(promises) == here
            assert beside.judge([]) == []
            assert beside.judge(promises[:1]) == here[:1]
        child.kill()
        child.wait()
        assert beside.judge(promises) == here
    with beside.judging_beside():
        child = beside._running.get()
        assert child is not None
    # nothing was asked, and nothing is left
    assert child.returncode is not None
    assert beside._running.get() is None
