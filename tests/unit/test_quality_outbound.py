"""The outbound gate stops what may not be shown and marts that are missing."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.contracts.model import Contract, Table
from pipelines.quality.gates import run_gate
from tests.unit.quality_town import NOW, POSITIONS, by_rule, open_town


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_town() as con:
        yield con


def outbound_tables(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("dim_units", "dim_metrics", "dim_months"):
        con.execute(f"create table marts.{name} as select 1 as a")
    con.execute(
        "create table marts.fct_metric_months as select 'unit' as level, 'E1' as group_id,"
        " 'Omsorg' as sector, 'sick' as metric_id, date '2026-01-01' as month,"
        " 7.5 as numerator, 100 as denominator, 7.5 as value,"
        " cast(null as varchar) as suppression_reason, cast(null as varchar) as missing_reason"
    )
    con.execute(
        "create table intermediate.int_metric_levels as select 'unit' as level, 'E1' as group_id,"
        " 'sick' as metric_id, date '2026-01-01' as month, 5 as n_persons"
    )
    con.execute(
        "create table municipality.metrics as select 'sick' as metric_id,"
        " 'Sykefravær' as label_nb, true as is_about_persons, cast(null as varchar) as split_of,"
        " cast(null as varchar) as split_group, 'month' as unit_grain"
    )
    con.execute(
        "create table municipality.profile as select 5 as min_persons, 10 as min_persons_split"
    )
    persons_behind(con)
    con.execute(
        "create table marts.mart_gain_issues (gain_id varchar, other_gain_id varchar,"
        " severity varchar)"
    )
    con.execute("create table marts.mart_gain_savings (gain_id varchar, saving_status varchar)")
    con.execute(
        "create table intermediate.int_sick_leave__unit_matches (unit_id varchar, month date,"
        " n_spells integer, n_unmatched integer, n_persons integer, is_too_unmatched boolean)"
    )
    con.execute(
        "create table intermediate.int_counted_unit_months (unit_id varchar, sector varchar,"
        " month date, total_id varchar, is_held_back boolean)"
    )
    con.execute(
        "create table intermediate.int_kept_unit_months (unit_id varchar, metric_id varchar,"
        " month date, denominator double, is_frozen boolean, is_late boolean);"
        "create table intermediate.int_metric_months (unit_id varchar, metric_id varchar,"
        " month date, denominator double, has_data boolean);"
        "create table intermediate.int_metrics as select 'sick' as metric_id,"
        " true as has_denominator"
    )
    con.execute(
        "create table intermediate.int_reconciliation (source varchar, feed_id varchar,"
        " period varchar, measure varchar, n_loaded bigint, n_unexplained bigint,"
        " amount_unexplained double, is_unexplained boolean)"
    )
    con.execute(
        "create table intermediate.int_ledger__unit_versions (unit_id varchar, year integer,"
        " amount_type varchar, version varchar, version_no integer, n_known_lines integer,"
        " n_earlier_lines integer, is_whole boolean, first_version_no integer)"
    )
    con.execute(
        "create table intermediate.int_ledger__versions (year integer, amount_type varchar,"
        " version varchar, version_no integer, is_order_unknown boolean)"
    )
    con.complete()


def persons_behind(con: duckdb.DuckDBPyConnection) -> None:
    """Five persons in E1, there since the year before; a sixth is paid by the hour."""
    con.execute(
        "insert into hr.positions (position_id, person_id, unit_id, employment_type, start_date)"
        " select 'P' || range, 'p' || range, 'E1', 'permanent', date '2025-01-01' from range(5);"
        "insert into hr.positions (position_id, person_id, unit_id, employment_type, start_date)"
        " values ('P9', 'p9', 'E1', 'hourly', date '2025-01-01')"
    )
    con.execute(
        "create table municipality.metric_measures as select 'sick' as metric_id,"
        " 'denominator' as role, 'agreed_days' as measure_id"
    )
    con.execute(
        "create table intermediate.int_measures_unioned as select 'E1' as unit_id,"
        " date '2026-01-01' as month, 'agreed_days' as measure_id, 5 as n_persons,"
        " 'hr.positions' as source"
    )
    con.execute(
        "create table marts.mart_metric_years (level varchar, group_id varchar, metric_id varchar,"
        " year integer, numerator double, denominator double, value double)"
    )


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("select 1", None),
        ("delete from marts.dim_months", "tables_have_rows"),
        ("update marts.fct_metric_months set suppression_reason = 'few'", "hidden_is_empty"),
        # what the models have counted is the guard's to judge by; the gate counts for itself
        ("update intermediate.int_metric_levels set n_persons = 4", None),
        ("delete from hr.positions where person_id = 'p4'", "no_small_group_visible"),
        (
            "update hr.positions set person_id = 'p3' where person_id = 'p4'",
            "no_small_group_visible",
        ),
        (
            "update hr.positions set end_date = date '2025-12-31' where person_id = 'p4'",
            "no_small_group_visible",
        ),
        (
            "insert into marts.mart_metric_years (level, group_id, metric_id, year, value)"
            " values ('unit', 'E1', 'sick', 2024, 5)",
            "no_small_group_visible",
        ),
        ("update municipality.metrics set unit_grain = 'year'", "no_small_group_visible"),
        ("update municipality.metrics set is_about_persons = false", None),
        ("update municipality.profile set min_persons = 6", "no_small_group_visible"),
        # a count that came with the figure stands for itself
        (
            "update intermediate.int_measures_unioned set source = 'unit_metrics.values',"
            " n_persons = 4",
            "no_small_group_visible",
        ),
        (
            "update intermediate.int_measures_unioned set source = 'unit_metrics.values';"
            "delete from hr.positions",
            None,
        ),
        # nobody knows a small group where accounts alone were delivered
        (
            "update intermediate.int_measures_unioned set source = 'ledger.entries';"
            "delete from hr.positions",
            None,
        ),
        ("drop table intermediate.int_metric_levels", "every_cell_is_published"),
        ("drop table hr.positions", "no_small_group_visible"),
    ],
)
def test_what_may_not_be_shown_stops_the_outbound_gate(
    con: duckdb.DuckDBPyConnection, change: str, broken: str | None
) -> None:
    outbound_tables(con)
    con.execute(change).fetchall()
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success is (broken is None)
    assert ", ".join(r.rule_id for r in result.results if not r.success) == (broken or "")


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


def test_absences_that_meet_nobody_are_said_with_unit_month_and_count(
    con: duckdb.DuckDBPyConnection,
) -> None:
    outbound_tables(con)
    con.execute(
        "insert into intermediate.int_sick_leave__unit_matches values"
        " ('U19', date '2024-06-01', 6, 6, 6, true), ('U2', date '2024-05-01', 9, 9, 2, true),"
        " ('U3', date '2024-05-01', 40, 1, 30, false),"
        " ('U4', date '2024-04-01', 3, 3, 2, true)"
    )
    # what is published of U19 and U4 says why it is missing; of U2, a small group, it does not
    con.execute(
        "insert into marts.fct_metric_months (level, group_id, metric_id, month, missing_reason)"
        " values ('unit', 'U19', 'sick', date '2024-06-01', 'unmatched_absences'),"
        " ('unit', 'U4', 'sick', date '2024-04-01', 'unmatched_absences'),"
        " ('unit', 'U2', 'sick', date '2024-05-01', 'no_data')"
    )
    con.execute(
        "insert into intermediate.int_metric_levels (level, group_id, metric_id, month)"
        " select level, group_id, metric_id, month from marts.fct_metric_months"
        " where missing_reason is not null"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success
    told = by_rule(result)["absences_meet_a_position"]
    assert not told.success
    assert told.measured_nb == (
        "3 av 4 enheter og måneder brøt regelen: U19 2024-06: 6 av 6 fravær treffer ingen stilling,"
        " U4 2024-04: fravær fra færre enn 5 personer treffer ingen stilling,"
        " enheter under grensen, færre enn fem måneder i enhetene: fravær treffer ingen stilling"
    )
    # in how many units anybody was away is not counted: less those that are shown, it is the hidden
    con.execute("delete from intermediate.int_sick_leave__unit_matches where unit_id = 'U3'")
    again = by_rule(run_gate(con, "outbound", {}, "run-2", NOW))["absences_meet_a_position"]
    assert again.n_rows == told.n_rows
    con.execute(
        "insert into intermediate.int_sick_leave__unit_matches select 'U2', date '2023-01-01'"
        " + to_months(cast(i as integer)), 9, 9, 2, true from range(3) as months(i)"
    )
    few = by_rule(run_gate(con, "outbound", {}, "run-3", NOW))["absences_meet_a_position"]
    # how many such months there are is not told by how many were looked at or broke, either
    assert (few.measured_nb, few.n_rows, few.n_failed) == (told.measured_nb, told.n_rows, 3)
    con.execute(
        "insert into intermediate.int_sick_leave__unit_matches"
        " values ('U2', date '2022-01-01', 9, 9, 2, true)"
    )
    many = by_rule(run_gate(con, "outbound", {}, "run-4", NOW))["absences_meet_a_position"]
    assert " enheter under grensen, 5 måneder i enhetene: fravær treffer" in many.measured_nb
    assert many.n_failed == 3


def test_what_is_held_back_of_hidden_units_is_said_without_amounts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    outbound_tables(con)
    con.execute(
        "insert into intermediate.int_counted_unit_months values"
        " ('U1', 'Stab', date '2016-03-01', 'sick', true),"
        " ('U2', 'Stab', date '2016-03-01', 'sick', false),"
        " ('U3', 'Omsorg', date '2016-03-01', 'sick', false)"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success
    assert by_rule(result)["corrections_of_hidden_units_count"].measured_nb == (
        "1 av 2 sektorer, måneder og mål brøt regelen: Stab, 2016-03, Sykefravær: 1 skjult enhet"
        " teller med tallene fra en tidligere utgave"
    )


def test_versions_whose_names_give_no_order_are_said(con: duckdb.DuckDBPyConnection) -> None:
    outbound_tables(con)
    con.execute(
        "insert into intermediate.int_ledger__versions values"
        " (2023, 'revised_budget', 'Høst', 1, true), (2023, 'revised_budget', 'Vår', 2, true),"
        " (2022, 'revised_budget', 'R1', 1, false)"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success
    assert by_rule(result)["budget_versions_have_an_order"].measured_nb == (
        "2 av 3 versjoner brøt regelen: regulert budsjett 2023, versjon «Høst», regulert budsjett"
        " 2023, versjon «Vår»"
    )


def test_a_budget_version_of_changed_lines_is_said_with_its_name_and_counts(
    con: duckdb.DuckDBPyConnection,
) -> None:
    outbound_tables(con)
    con.execute(
        "insert into intermediate.int_ledger__unit_versions values"
        " ('L1', 2023, 'revised_budget', '1', 1, 0, 0, true, 1),"
        " ('L1', 2023, 'revised_budget', '2', 2, 12, 24, false, 1),"
        " ('L2', 2022, 'revised_budget', '2', 2, 5, 24, false, 3),"
        " ('L2', 2022, 'revised_budget', '3', 3, 24, 24, true, 3)"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert result.success
    assert by_rule(result)["budget_versions_are_whole"].measured_nb == (
        "1 av 2 versjoner brøt regelen: regulert budsjett 2023, versjon «2»: 12 av 24 tidligere"
        " linjer i L1 (resten står som i versjonene før)"
    )


def test_a_row_that_is_lost_on_the_way_stops_the_gate_with_feed_period_measure_and_count(
    con: duckdb.DuckDBPyConnection,
) -> None:
    outbound_tables(con)
    con.execute(
        "insert into intermediate.int_reconciliation values"
        " ('ledger.entries', 'regnskap', '2023-01', 'accounts', 812, 3, 1250.5, true),"
        " ('hr.positions', 'stillinger', 'all', 'positions', 130, 0, 0, false)"
    )
    result = run_gate(con, "outbound", {}, "run-1", NOW)
    assert not result.success
    assert by_rule(result)["everything_loaded_is_accounted_for"].measured_nb == (
        "1 av 2 kilder, perioder og mål brøt regelen: ledger.entries, kilde regnskap, periode"
        " 2023-01, accounts: 3 rader og 1250,50 kr av 812 lastede rader er verken brukt eller gjort"
        " rede for"
    )
