"""Simulated municipalities through the chart models of dbt, many at a time in one DuckDB.

The models are the product's own, compiled by dbt, from the visible months to the verdicts; season
index and comparison series come out of them as in a warehouse.
"""

import hashlib
from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl

from tests.dbt_fixture import NO_FILE, compiled, run_dbt
from tests.statistics.chart_models import FOLDER, TARGET, TO_VERDICTS, UPSTREAM
from tests.statistics.simulated_effects import EFFECTS, METRIC_ID
from tests.statistics.simulated_municipality import N_MONTHS, WORK_DAYS, Simulated, month_of

HEADLINE_MODELS = ("int_headline_own_evidence", "int_headline_evidence", "int_headline_verdicts")
_METRIC = {
    "metric_id": METRIC_ID,
    "has_denominator": True,
    "scale": 100.0,
    "is_seasonal": True,
    "is_cost_linked": False,
    "chart": "iprime",
    "direction": "lower",
}
_TABLES: dict[str, tuple[str, ...]] = {
    "int_metric_months_visible": (
        "level",
        "group_id",
        "metric_id",
        "month",
        "numerator",
        "denominator",
        "value",
    ),
    "int_phase_windows": (
        "cycle_id",
        "unit_id",
        "metric_id",
        "start_index",
        "end_index",
        "is_yearly",
    ),
    "int_lean__cycles": ("cycle_id", "unit_id", "start_date", "decision"),
    "stg_organisation__units": ("unit_id", "service_type"),
    "int_metrics": ("metric_id", "has_denominator"),
    "stg_municipality__metrics": tuple(name for name in _METRIC if name != "has_denominator"),
}
# series of units that never start are drawn, not judged
_JUDGED = "delete from intermediate.int_chart_series where cycle_id is null"
_VERDICTS = """
select series.cycle_id, series.series, summaries.season_index is not null as is_indexed,
    verdicts.verdict, verdicts.n_before, verdicts.n_after, verdicts.autocorrelation,
    verdicts.required_run, verdicts.is_bad_start_year,
    verdicts.longest_run_better, verdicts.longest_run_worse,
    verdicts.change, verdicts.change_low, verdicts.change_high
from intermediate.int_chart_verdicts as verdicts
inner join intermediate.int_chart_series as series on verdicts.series_id = series.series_id
inner join (
    select series_id, max(season_index) as season_index
    from intermediate.int_chart_values group by series_id
) as summaries on series.series_id = summaries.series_id
"""


def compile_models() -> dict[str, str]:
    """The SQL of every chart model and of the headline's, as dbt writes it."""
    run_dbt(
        NO_FILE,
        *("compile", "--select", FOLDER, *HEADLINE_MODELS),
        *("--no-introspect", "--no-populate-cache"),
        target=TARGET,
    )
    return {name: compiled(name, TARGET) for name in TO_VERDICTS + HEADLINE_MODELS}


def charts_key(sql: dict[str, str]) -> str:
    """What the chart models come to: the same key, the same verdicts."""
    text = "\n".join(sql[name] for name in TO_VERDICTS) + _JUDGED + _VERDICTS
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def chart_verdicts(
    sql: dict[str, str], towns: Sequence[Simulated], effect: str, *, threads: int = 1
) -> pl.DataFrame:
    """The verdict of every started unit's chart and comparison chart.

    Args:
        sql: Text per model, from :func:`compile_models`.
        towns: Municipalities of any worlds; they do not meet.
        effect: Name of what is added after the start.
        threads: For DuckDB.

    Returns:
        One row per series with ``world``, ``seed``, ``effect`` and ``unit_id``.
    """
    with duckdb.connect(config={"threads": threads}) as con:
        con.execute(UPSTREAM)
        months = [month_of(number) for number in range(N_MONTHS)]
        calendar = pl.DataFrame(
            {
                "month": months,
                "year": [month.year for month in months],
                "month_no": [month.month for month in months],
                "month_index": range(N_MONTHS),
            }
        )
        _insert(con, "intermediate.int_months", calendar)
        for name in _TABLES:
            schema = "staging" if name.startswith("stg_") else "intermediate"
            parts = [_rows(name, town, effect) for town in towns]
            _insert(con, f"{schema}.{name}", pl.concat(parts))
        for name in TO_VERDICTS:
            con.execute(f"create table intermediate.{name} as {sql[name]}")
            if name == "int_chart_series":
                con.execute(_JUDGED)
        found: pl.DataFrame = con.sql(_VERDICTS).pl()
    parts_of_id = pl.col("cycle_id").str.split("|")
    return found.with_columns(
        parts_of_id.list.get(0).alias("world"),
        parts_of_id.list.get(1).cast(pl.Int64).alias("seed"),
        pl.lit(effect).alias("effect"),
        parts_of_id.list.get(2).alias("unit_id"),
    ).drop("cycle_id")


def _insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    con.register("given", frame.to_arrow())
    names = ", ".join(frame.columns)
    con.execute(f"insert into {table} ({names}) select {names} from given")
    con.unregister("given")


def _rows(table: str, town: Simulated, effect: str) -> pl.DataFrame:
    """One municipality's rows of a table the models build on."""
    unit_ids = np.array([f"{town.world}|{town.seed}|{unit_id}" for unit_id in town.unit_ids])
    started = np.flatnonzero(town.wave > 0)
    # a metric of its own: what units not started do is measured per metric
    metric = pl.lit(f"{METRIC_ID}|{town.world}|{town.seed}").alias("metric_id")
    if table in ("int_metrics", "stg_municipality__metrics"):
        frame = pl.DataFrame([_METRIC]).with_columns(metric)
    elif table == "stg_organisation__units":
        kinds = [f"{town.world}|{town.seed}|{service}" for service in town.service]
        frame = pl.DataFrame({"unit_id": unit_ids, "service_type": kinds})
    elif table == "int_metric_months_visible":
        values = town.changed_by(EFFECTS[effect]).ravel()
        agreed = np.repeat(town.employees * WORK_DAYS, N_MONTHS)
        months = [month_of(number) for number in range(N_MONTHS)]
        frame = pl.DataFrame(
            {
                "group_id": np.repeat(unit_ids, N_MONTHS),
                "month": months * unit_ids.size,
                "numerator": values * agreed / 100,
                "denominator": agreed,
                "value": values,
            }
        ).filter(pl.col("value").is_not_nan())
        frame = frame.with_columns(metric, pl.lit("unit").alias("level"))
    else:
        frame = pl.DataFrame(
            {
                "cycle_id": unit_ids[started],
                "unit_id": unit_ids[started],
                "start_index": town.begin[started],
                "end_index": town.start[started] - 1,
                "start_date": [month_of(int(month)) for month in town.begin[started]],
            }
        ).with_columns(
            metric, pl.lit("standardise").alias("decision"), pl.lit(value=False).alias("is_yearly")
        )
    return frame.select(_TABLES[table])
