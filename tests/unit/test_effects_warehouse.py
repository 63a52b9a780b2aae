"""What the effects take from the warehouse and what they leave there, on a town of three units."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts.model import load_contracts
from pipelines.effects.tables.run import estimate_effects
from pipelines.effects.tables.warehouse_inputs import MODELS_READ, read_inputs
from pipelines.effects.tables.warehouse_results import write_effects

TOWN = """
create schema intermediate; create schema staging;
create table staging.stg_organisation__units as
    select * from (values ('a', 'Omsorg', 'p'), ('b', 'Omsorg', 'p'), ('c', 'Skole', 's'))
    as u(unit_id, sector, service_type);
create table staging.stg_municipality__pilots as select 'a' as unit_id, 1 as wave;
create table intermediate.int_lean__cycles as select * from (values
    ('k1', 'a', 1, 2, date '2012-02-09', date '2012-06-15'),
    ('k2', 'a', 2, 2, date '2014-02-09', date '2014-06-15'),
    ('k3', 'b', 1, 5, date '2014-10-05', null)
) as k(cycle_id, unit_id, start_no, wave, start_date, introduction_end_date);
create table staging.stg_municipality__metrics as select
    metric_id, metric_id as label_nb, metric_id as label_en, 'pct' as unit, 1 as decimals,
    direction, null::double as target_value, 100.0 as scale, false as is_cost_linked,
    0.5 as minimum_relevant_effect, metric_id = 'short' as log_if_skewed, is_about_persons,
    false as is_gain_measure, metric_id = 'nominal' as is_nominal, true as is_count,
    case when metric_id = 'present' then 'sick' end as complement_of,
    row_number() over () as metric_order
from (values
    ('sick', 'lower', true), ('short', 'lower', true), ('present', 'higher', true),
    ('fte', 'neutral', false), ('grades', 'higher', false), ('nominal', 'lower', false)
) as m(metric_id, direction, is_about_persons);
create table intermediate.int_start_orders as select * from (values
    ('k1', 'a', 'drawn'), ('k2', 'a', 'chosen'), ('k3', 'b', 'chosen')
) as o(cycle_id, unit_id, start_order);
create table intermediate.int_target_locks as select * from (values
    ('k1', 'a', 'present', 'sick', 12, 'registered'),
    ('k2', 'a', 'short', 'short', 24, 'registered'), ('k1', 'a', 'short', 'short', 24, 'second')
) as l(cycle_id, unit_id, metric_id, tested_metric_id, look_months, lock_state);
create table intermediate.int_metrics as
    select metric_id, case when metric_id = 'short' then 10 else 5 end as min_persons,
        'month' as unit_grain, false as is_by_duration
    from staging.stg_municipality__metrics;
create table intermediate.int_months as
    select cast(date '2010-01-01' + interval (i) month as date) as month, i < 58 as is_settled
    from range(60) r(i);
create table intermediate.int_metric_levels (level varchar, group_id varchar, metric_id varchar,
    month date, value double, numerator double, denominator double);
create table intermediate.int_metric_years_visible (level varchar, group_id varchar,
    metric_id varchar, year integer, value double);
create table intermediate.int_phase_results (cycle_id varchar, metric_id varchar,
    value_before double, value_after double);
create table intermediate.int_unit_events as select * from (values
    ('a', date '2012-01-15', 'budget_cut', null)
) as e(unit_id, event_date, event_type, metric_id);
create table intermediate.int_comparable_spans as select * from (values
    ('a', date '2010-01-01', date '2013-01-01'), ('b', date '2010-01-01', null)
) as s(unit_id, first_month, next_border);
create table intermediate.int_metric_months_visible as
    select 'unit' as level, unit_id as group_id, metric_id, month::date as month,
        month_no::double as value, 1.0 as numerator, 100.0 as denominator,
        null::varchar as suppression_reason,
        true as has_data
    from staging.stg_organisation__units, staging.stg_municipality__metrics,
        (select date '2010-01-01' + interval (i) month as month, i as month_no from range(60) r(i))
    where metric_id <> 'grades' or unit_id = 'c';
create table intermediate.int_measures_unioned as
    select unit_id, month::date as month, 'n_employees' as measure_id,
        case when unit_id = 'a' and month >= date '2012-07-01' then 20.0 else 12.0 end as value,
        12 as n_persons
    from staging.stg_organisation__units,
        (select date '2010-01-01' + interval (i) month as month from range(60) r(i));
"""


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(TOWN)
        yield con


def months_of(values: pl.DataFrame, unit_id: str, metric_id: str = "sick") -> list[date]:
    mine = values.filter((pl.col("unit_id") == unit_id) & (pl.col("metric_id") == metric_id))
    return mine["month"].sort().to_list()


def test_what_is_read_is_known_before_it_is_built_and_is_never_a_mart() -> None:
    assert set(MODELS_READ) == set(re.findall(r"create table \w+\.(\w+)", TOWN))
    # gate 2 stands between the marts and whatever follows, and it comes after the effects
    assert not [name for name in MODELS_READ if name.startswith(("mart_", "fct_", "dim_"))]


def test_the_target_of_the_first_start_is_read_as_what_is_tested(
    con: duckdb.DuckDBPyConnection,
) -> None:
    found = read_inputs(con).registered
    assert found.rows() == [("a", "sick", 12)]


def test_lean_starts_after_the_introduction_whose_months_are_neither_before_nor_after(
    con: duckdb.DuckDBPyConnection,
) -> None:
    inputs = read_inputs(con)
    units = {row["unit_id"]: row for row in inputs.units.iter_rows(named=True)}
    assert units["a"]["lean_start"] == date(2012, 7, 1)
    assert units["a"]["introduction_months"] == 5
    assert (units["a"]["is_pilot"], units["a"]["wave"], units["a"]["employees"]) == (True, 1, 12)
    seen = months_of(inputs.values, "a")
    assert date(2012, 1, 1) in seen
    assert date(2012, 7, 1) in seen
    assert not [m for m in seen if date(2012, 2, 1) <= m <= date(2012, 6, 1)]
    assert len(seen) == 55


def test_a_unit_in_an_unfinished_introduction_is_compared_with_until_it_began(
    con: duckdb.DuckDBPyConnection,
) -> None:
    inputs = read_inputs(con)
    assert inputs.units.filter(pl.col("unit_id") == "b")["lean_start"].to_list() == [None]
    assert months_of(inputs.values, "b")[-1] == date(2014, 9, 1)
    assert months_of(inputs.values, "c")[-1] == date(2014, 12, 1)


def test_what_is_hidden_and_what_is_summed_up_never_reaches_the_models(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute(
        "update intermediate.int_metric_months_visible set value = null, numerator = null,"
        " denominator = null, suppression_reason = 'few_persons'"
        " where group_id = 'c' and metric_id = 'sick' and month < date '2013-01-01'"
    )
    con.execute(
        "insert into intermediate.int_metric_months_visible"
        " select 'sector', 'Omsorg', metric_id, month, 77, 1, 1, null, true"
        " from intermediate.int_metric_months_visible"
    )
    values = read_inputs(con).values
    assert months_of(values, "c")[0] == date(2013, 1, 1)
    assert set(values["unit_id"]) == {"a", "b", "c"}
    assert values["value"].max() == 59


def test_what_gains_are_held_against_is_read_between_reorganisations_and_told_in_per_cent(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute(
        "update staging.stg_municipality__metrics set is_gain_measure = true"
        " where metric_id = 'fte'"
    )
    inputs = read_inputs(con)
    assert months_of(inputs.values, "a", "fte")[-1] == date(2012, 12, 1)
    assert months_of(inputs.values, "c", "fte") == []
    assert months_of(inputs.values, "a")[-1] == date(2014, 12, 1)
    effects = estimate_effects(inputs, tmp_path, workers=1)
    assert dict(effects.checks.select("metric_id", "scale").rows())["fte"] == "log"


def test_a_metric_that_is_mostly_hidden_is_described_and_never_modelled(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert read_inputs(con).unmodelled == frozenset()
    con.execute(
        "update intermediate.int_metric_months_visible set value = null, numerator = null,"
        " denominator = null, suppression_reason = 'few_contributors'"
        " where metric_id = 'short' and month(month) <= 4"
    )
    inputs = read_inputs(con)
    assert inputs.unmodelled == {"short"}
    effects = estimate_effects(inputs, tmp_path, workers=1)
    assert dict(effects.checks.select("metric_id", "failures").rows())["short"] == "no_model"
    (row,) = effects.units.filter(pl.col("metric_id") == "short").iter_rows(named=True)
    assert (row["verdict"], row["reason"]) == ("too_little_data", "missing_before")
    assert row["naive_delta"] is not None
    assert row["cf_delta"] is None


def test_only_metrics_that_can_be_better_and_that_a_started_unit_has_are_estimated(
    con: duckdb.DuckDBPyConnection,
) -> None:
    metrics = read_inputs(con).metrics
    assert metrics["metric_id"].to_list() == ["sick", "short"]
    assert metrics["min_persons"].to_list() == [5, 10]
    assert metrics["log_if_skewed"].to_list() == [False, True]


def test_shares_of_what_is_counted_are_counted_and_those_of_amounts_are_not(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("update staging.stg_municipality__metrics set is_about_persons = false")
    assert read_inputs(con).metrics["counted_as"].to_list() == ["share", "share"]
    # minutes among minutes: each month is thousands of them, and none is a trial
    con.execute(
        "update staging.stg_municipality__metrics set is_count = false where metric_id = 'short'"
    )
    assert read_inputs(con).metrics["counted_as"].to_list() == ["share", None]


def test_a_unit_nobody_knows_the_size_of_is_left_out(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from intermediate.int_measures_unioned where unit_id = 'c'")
    assert read_inputs(con).units["unit_id"].to_list() == ["a", "b"]


def test_registered_events_and_a_jump_in_headcount_are_both_events(
    con: duckdb.DuckDBPyConnection,
) -> None:
    events = read_inputs(con).events
    assert events.select("unit_id", "month", "event_type").rows() == [
        ("a", date(2012, 1, 1), "budget_cut"),
        ("a", date(2012, 7, 1), "reorganisation"),
    ]


def test_where_nobody_has_started_the_tables_are_empty_and_as_promised(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("delete from intermediate.int_lean__cycles")
    counts = write_effects(con, estimate_effects(read_inputs(con), tmp_path))
    assert set(counts.values()) == {0}
    assert list(tmp_path.iterdir()) == []
    for table in load_contracts(kind="products")["effects"].tables.values():
        found = con.execute(
            "select column_name, lower(data_type) from duckdb_columns()"
            " where schema_name = 'marts' and table_name = ? order by column_index",
            [table.name],
        ).fetchall()
        assert found == [(column.name, column.physical_type) for column in table.columns]


def test_an_empty_warehouse_gives_no_effects_and_no_error(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("delete from intermediate.int_metric_months_visible")
    effects = estimate_effects(read_inputs(con), tmp_path)
    assert (effects.units.height, effects.pooled.height, effects.checks.height) == (0, 0, 0)
