"""The gates count what breaks a promise, keep the history, and never keep a value."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.contracts.model import Column, Contract, Rule, Table
from pipelines.contracts.to_expectations import ExpectationSpec, expectations_for
from pipelines.quality import engine
from pipelines.quality.gates import CheckResult, GateResult, run_gate, warm_up
from pipelines.quality.results import rows_broke
from pipelines.warehouse.schema import create_tables

NOW = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
NAME = "Kari Nordmann"


def rule(kind: Any, *columns: str, severity: Any = "error", **params: object) -> Rule:
    name = "_".join((kind, *columns))
    return Rule(name, kind, columns, params, severity, f"Løftet {name}.")


POSITIONS = Table(
    "positions",
    "Stillinger",
    (
        Column("position_id", "string", "varchar", required=True),
        Column("unit_id", "string", "varchar", required=False),
        Column("kind", "string", "varchar", required=True),
        Column("pct", "number", "decimal(5,2)", required=True),
        Column("start_date", "date", "date", required=True),
        Column("end_date", "date", "date", required=False),
    ),
    (
        rule("not_null", "unit_id"),
        rule("enum", "kind", values=("permanent", "temporary")),
        rule("range", "pct", minimum=0.01, maximum=100),
        rule("pattern", "unit_id", pattern="E[0-9]+", severity="warning"),
        rule("unique_key", "position_id", "start_date"),
        rule("order", "start_date", "end_date"),
        rule("row_count_min", minimum=1),
    ),
    ("position_id", "start_date"),
)
COLUMNS = ", ".join(POSITIONS.column_names)
CONTRACTS = {"hr": Contract("hr", "1.2.0", "HR", "", {"positions": POSITIONS})}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for schema in ("hr", "marts", "intermediate", "municipality"):
            con.execute(f"create schema {schema}")
        create_tables(con, {})
        con.execute(
            "create table hr.positions (position_id varchar, unit_id varchar, kind varchar,"
            " pct decimal(5,2), start_date date, end_date date,"
            " delivery_id varchar default 'D000001')"
        )
        con.complete()
        yield con


def fill(con: duckdb.DuckDBPyConnection, *, bad: bool = False) -> None:
    con.execute(
        f"insert into hr.positions ({COLUMNS}) select"
        " 'P' || range, 'E' || range % 7, 'permanent', 80,"
        " date '2020-01-01', null from range(1200)"
    )
    if bad:
        con.execute(
            f"insert into hr.positions ({COLUMNS}) values"
            f" ('P1', null, '{NAME}', 100, date '2020-01-01', null),"
            f" ('P9999', '{NAME}', 'permanent', 0, date '2020-01-01', date '2019-12-31')"
        )
    con.complete()


def deliver(con: duckdb.DuckDBPyConnection, seq: int, **changed: object) -> None:
    row = {
        "delivery_id": f"D{seq:06d}",
        "seq": seq,
        "contract_id": "hr",
        "table_name": "positions",
        "feed_id": "hr_positions",
        "file_name": f"stillinger_{seq}.csv",
        "file_sha256": f"sha{seq}",
        "size_bytes": 1,
        "received_at": NOW.replace(tzinfo=None),
        "fingerprint": "x",
        "lines_total": 101,
        "layout_rows": 1,
        "status": "loaded",
        "reason_nb": None,
        "periods": "2026-01",
        "rows_in": 100,
        "rows_loaded": 98,
        "rows_quarantined": 1,
        "rows_duplicate": 1,
        **changed,
    }
    con.execute(
        f"insert into ops.deliveries ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    con.complete()


def by_rule(result: GateResult) -> dict[str, CheckResult]:
    return {r.rule_id: r for r in result.results}


def inbound(con: duckdb.DuckDBPyConnection, run_id: str = "run-1", *present: str) -> GateResult:
    return run_gate(con, "inbound", CONTRACTS, run_id, NOW, frozenset(present))


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


def test_delivery_counts_that_do_not_add_up_stop_the_gate_and_name_the_file(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    deliver(con, 1)
    deliver(con, 2, rows_loaded=97)
    result = inbound(con)
    assert not result.success
    assert by_rule(result)["counts_reconcile"].measured_nb == (
        "1 av 2 leveranser brøt regelen: D000002 stillinger_2.csv"
    )


def test_a_rejected_file_stops_the_gate_for_as_long_as_it_lies_in_the_inbox(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    nothing = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0}
    deliver(con, 1, status="rejected", reason_nb="Kolonnen mangler.", periods="", **nothing)
    result = inbound(con, "run-1", "sha1", "sha2")
    assert not result.success
    assert by_rule(result)["no_rejected_in_inbox"].measured_nb == (
        "1 av 1 filer brøt regelen: stillinger_1.csv (Kolonnen mangler.)"
    )
    assert inbound(con, "run-2", "sha2").success


@pytest.mark.parametrize("feed_at_first", ["hr_positions", None])
def test_a_file_that_was_rejected_and_is_now_accepted_no_longer_stops_the_gate(
    con: duckdb.DuckDBPyConnection, feed_at_first: str | None
) -> None:
    fill(con)
    nothing = {"rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "rows_duplicate": 0}
    deliver(con, 1, status="rejected", feed_id=feed_at_first, periods="", **nothing)
    assert not inbound(con, "run-1", "sha1").success
    deliver(con, 2, file_sha256="sha1")
    assert inbound(con, "run-2", "sha1").success
    deliver(con, 3, file_sha256="sha1", status="rejected", periods="", **nothing)
    assert not inbound(con, "run-3", "sha1").success


def test_a_source_months_behind_the_others_gives_a_warning(
    con: duckdb.DuckDBPyConnection,
) -> None:
    fill(con)
    deliver(con, 1, periods="2026-01,2026-02,2026-06")
    deliver(con, 2, contract_id="sick_leave", table_name="spells", periods="2026-03,2026-00")
    deliver(con, 3, contract_id="organisation", table_name="units", periods="all")
    result = inbound(con)
    assert result.success
    assert by_rule(result)["sources_up_to_date"].measured_nb == (
        "1 av 2 kilder brøt regelen: sick_leave.spells til 2026-03"
    )


@pytest.mark.parametrize(("rows", "kept"), [(30, False), (60, True), (190, True), (210, False)])
def test_a_delivery_far_from_the_usual_size_gives_a_warning(
    con: duckdb.DuckDBPyConnection, rows: int, kept: bool
) -> None:
    fill(con)
    for seq in (1, 2, 3):
        deliver(con, seq, rows_in=100, rows_loaded=100, rows_quarantined=0, rows_duplicate=0)
    deliver(con, 4, rows_in=rows, rows_loaded=rows, rows_quarantined=0, rows_duplicate=0)
    result = inbound(con)
    assert result.success
    assert by_rule(result)["volume_as_usual"].success is kept


def outbound_tables(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("dim_units", "dim_metrics", "dim_months"):
        con.execute(f"create table marts.{name} as select 1 as a")
    con.execute(
        "create table marts.fct_metric_months as select 'unit' as level, 'E1' as group_id,"
        " 'sick' as metric_id, date '2026-01-01' as month, 7.5 as numerator, 100 as denominator,"
        " 7.5 as value, cast(null as varchar) as suppression_reason"
    )
    con.execute(
        "create table intermediate.int_metric_levels as select 'unit' as level, 'E1' as group_id,"
        " 'sick' as metric_id, date '2026-01-01' as month, 5 as n_persons"
    )
    con.execute(
        "create table municipality.metrics as select 'sick' as metric_id,"
        " true as is_about_persons, cast(null as varchar) as split_of,"
        " cast(null as varchar) as split_group"
    )
    con.execute(
        "create table municipality.profile as select 5 as min_persons, 10 as min_persons_split"
    )
    con.complete()


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("select 1", None),
        ("delete from marts.dim_months", "tables_have_rows"),
        ("update marts.fct_metric_months set suppression_reason = 'few'", "hidden_is_empty"),
        ("update intermediate.int_metric_levels set n_persons = 4", "no_small_group_visible"),
        ("delete from intermediate.int_metric_levels", "no_small_group_visible"),
        ("drop table intermediate.int_metric_levels", "no_small_group_visible"),
        (
            "update municipality.metrics set split_of = 'x', split_group = 'duration'",
            "no_small_group_visible",
        ),
        ("update municipality.metrics set split_of = 'x', split_group = 'complement'", None),
    ],
)
def test_what_may_not_be_shown_stops_the_outbound_gate(
    con: duckdb.DuckDBPyConnection, change: str, broken: str | None
) -> None:
    outbound_tables(con)
    con.execute(change).fetchall()
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success is (broken is None)
    assert [r.rule_id for r in result.results if not r.success] == ([broken] if broken else [])


def test_a_promised_mart_that_does_not_exist_stops_the_outbound_gate(
    con: duckdb.DuckDBPyConnection,
) -> None:
    outbound_tables(con)
    table = Table("mart_gains", "", POSITIONS.columns, POSITIONS.rules, ())
    contracts = {"mart_gains": Contract("mart_gains", "1.0.0", "", "", {"mart_gains": table})}
    result = run_gate(con, "outbound", contracts, "run-1", NOW)
    assert not result.success
    assert by_rule(result)["exists"].measured_nb == "tabellen finnes ikke"


def test_an_empty_mart_is_a_note(con: duckdb.DuckDBPyConnection) -> None:
    outbound_tables(con)
    con.execute("create table marts.mart_gains (unit_id varchar)")
    table = Table("mart_gains", "", POSITIONS.columns[1:2], POSITIONS.rules[:1], ())
    contracts = {"mart_gains": Contract("mart_gains", "1.0.0", "", "", {"mart_gains": table})}
    result = run_gate(con, "outbound", contracts, "run-1", NOW)
    assert result.success
    assert by_rule(result)["has_rows"].measured_nb == "ingen rader"


def test_large_counts_are_written_with_spaces() -> None:
    assert rows_broke(0, 30112) == "0 av 30\u00a0112 rader brøt regelen"


def test_warming_up_twice_is_harmless() -> None:
    warm_up()
    warm_up()
