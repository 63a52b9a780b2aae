"""The chart models in the order they build on each other, and the tables they stand on."""

from pipelines.settings import DBT_DIR

TARGET = DBT_DIR.parent / ".pytest_cache" / "dbt_charts"
# for dbt: all of them at once
FOLDER = "path:models/intermediate/charts"
TO_VERDICTS = (
    "int_chart_series",
    "int_chart_pool_months",
    "int_chart_season_index",
    "int_chart_stretches",
    "int_chart_drift",
    "int_chart_comparisons",
    "int_chart_values",
    "int_chart_months",
    "int_chart_limits",
    "int_chart_points",
    "int_chart_judged_points",
    "int_chart_signs",
    "int_chart_changes",
    "int_chart_verdicts",
)

# the columns of what the models build on; a town gives the rows
UPSTREAM = """
create schema intermediate; create schema staging; create schema marts;
create table intermediate.int_metric_months_visible (level varchar, group_id varchar,
    metric_id varchar, month date, numerator double, denominator double, value double);
create table intermediate.int_months (month date, year integer, month_no integer,
    month_index integer);
create table intermediate.int_phase_windows (cycle_id varchar, unit_id varchar, metric_id varchar,
    start_index integer, end_index integer, is_yearly boolean default false);
create table intermediate.int_phase_events (cycle_id varchar, metric_id varchar,
    has_definition_change boolean, has_reorganisation boolean, has_budget_cut boolean,
    caveats varchar);
create table intermediate.int_lean__cycles (cycle_id varchar, unit_id varchar, start_date date,
    decision varchar);
create table intermediate.int_baseline_months (cycle_id varchar, metric_id varchar, month date,
    frozen_numerator double, frozen_denominator double, frozen_value double);
create table intermediate.int_baseline_sums (cycle_id varchar, metric_id varchar,
    n_restated integer);
create table intermediate.int_rebase_decisions (series_id varchar, phase_no integer,
    decision_id varchar, decided_date date, decided_by_role varchar, reason varchar,
    known_cause varchar);
create table intermediate.int_metrics (metric_id varchar, has_denominator boolean);
create table staging.stg_municipality__metrics (metric_id varchar, scale double,
    is_seasonal boolean, is_cost_linked boolean, chart varchar, direction varchar,
    target_value double, lower_bound double, upper_bound double);
create table staging.stg_organisation__units (unit_id varchar, service_type varchar);
"""
