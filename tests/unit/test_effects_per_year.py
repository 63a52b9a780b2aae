"""What the effects take and leave of what a unit shows per year, on the town of three units."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.effects.tables.run import checks_table, estimate_effects
from pipelines.effects.tables.warehouse_inputs import read_inputs
from pipelines.effects.tables.window_only import checks_passed
from tests.unit.test_effects_warehouse import TOWN, months_of


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(TOWN)
        yield con


def _yearly(con: duckdb.DuckDBPyConnection, window: float | None) -> None:
    """Short is shown per year: its months are known on the restricted side alone."""
    con.execute("update intermediate.int_metrics set unit_grain = 'year' where metric_id = 'short'")
    con.execute(
        "insert into intermediate.int_metric_levels select 'unit', group_id, metric_id, month,"
        " value, numerator, denominator from intermediate.int_metric_months_visible"
        " where metric_id = 'short'"
    )
    con.execute(
        "update intermediate.int_metric_months_visible set value = null, numerator = null,"
        " denominator = null, suppression_reason = 'per_year' where metric_id = 'short'"
    )
    con.execute(
        "insert into intermediate.int_metric_years_visible"
        " values ('unit', 'a', 'short', 2011, 1), ('unit', 'c', 'short', 2011, 1)"
    )
    con.execute(
        "insert into intermediate.int_phase_results values ('k1', 'short', ?, ?)", [window, window]
    )


def test_of_what_is_shown_per_year_only_what_is_said_of_the_window_leaves(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    _yearly(con, 1.5)
    inputs = read_inputs(con)
    assert inputs.unmodelled == frozenset()
    # b shows no year
    assert set(inputs.values.filter(pl.col("metric_id") == "short")["unit_id"]) == {"a", "c"}
    effects = estimate_effects(inputs, tmp_path, workers=1)
    (row,) = effects.units.filter(pl.col("metric_id") == "short").iter_rows(named=True)
    told = {name for name, value in row.items() if isinstance(value, float)}
    assert told <= {"cf_delta", "cf_lo", "cf_hi", "eb_delta", "mde80", "p", "q", "p_better"}
    assert row["n_before"] is None
    assert row["input_hash"] is None
    assert row["naive_delta"] is None
    for name in told:
        assert row[name] == round(row[name], 2)
    assert "short" not in set(effects.pooled["metric_id"]) | set(effects.diagnostics["metric_id"])
    (sick,) = effects.units.filter(pl.col("metric_id") == "sick").iter_rows(named=True)
    assert sick["naive_delta"] is not None


def test_of_a_model_of_hidden_months_is_told_which_checks_failed_and_nothing_measured() -> None:
    fitted = {
        "scale": "raw", "innovation_sd": 1.02734, "skewness": 0.41772, "kurtosis": 7.10934,
        "lag_1": 0.012345, "lag_12": 0.054321, "n_units": 6, "log_likelihood": -431.207,
        "failures": "kurtosis",
    }  # fmt: skip
    checks = checks_table([{"metric_id": name} | fitted for name in ("sick", "short")])
    metrics = pl.DataFrame({"metric_id": ["sick", "short"], "is_yearly": [False, True]})
    sick, short = checks_passed(checks, metrics).iter_rows(named=True)
    told = {"metric_id": "short", "scale": "raw", "n_units": 6, "failures": "kurtosis"}
    assert {name: value for name, value in short.items() if value is not None} == told
    assert sick == {"metric_id": "sick", "distribution": None} | fitted


@pytest.mark.parametrize(("is_by_duration", "n_months"), [(False, 60), (True, 58)])
def test_months_in_which_a_case_may_still_grow_are_in_no_model_of_how_long_cases_were(
    con: duckdb.DuckDBPyConnection, is_by_duration: bool, n_months: int
) -> None:
    _yearly(con, 1.5)
    con.execute("update intermediate.int_metrics set is_by_duration = ?", [is_by_duration])
    values = read_inputs(con).values
    assert len(months_of(values, "c", "short")) == n_months
    assert len(months_of(values, "c")) == 60


def test_a_unit_whose_window_is_hidden_is_in_no_model_of_what_is_shown_per_year(
    con: duckdb.DuckDBPyConnection,
) -> None:
    _yearly(con, None)
    inputs = read_inputs(con)
    assert "short" not in inputs.metrics["metric_id"].to_list()
    assert set(inputs.values["metric_id"]) == {"sick"}
