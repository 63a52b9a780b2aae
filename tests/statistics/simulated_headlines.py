"""Simulated municipalities through both instruments and the truth table of the headline.

The rules are the product's: its dbt models and seeds, run on what the engine and the charts said.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.settings import DBT_DIR
from tests.statistics.harder_worlds import made
from tests.statistics.simulated_charts import HEADLINE_MODELS, chart_verdicts, charts_key
from tests.statistics.simulated_effects import METRIC_ID

_AT_A_TIME = 25
_KEY = ["world", "seed", "effect", "unit_id"]
_CYCLE = pl.concat_str(_KEY, separator="|").alias("cycle_id")
_METRIC = pl.lit(METRIC_ID).alias("metric_id")
_HEADLINES = """
select verdicts.cycle_id, verdicts.headline, verdicts.basis, codes.headline_group
from intermediate.int_headline_verdicts as verdicts
inner join staging.headlines as codes on verdicts.headline = codes.headline
"""


def charted(
    sql: dict[str, str], world: str, seeds: Sequence[int], effect: str, folder: Path
) -> pl.DataFrame:
    """Chart verdicts of a world's municipalities, from the folder or, where missing, drawn now.

    What is kept is kept by the hash of the charts' SQL: other SQL draws everything anew.
    """
    kept = folder / "charts" / charts_key(sql)
    kept.mkdir(parents=True, exist_ok=True)
    found = []
    for first in range(0, len(seeds), _AT_A_TIME):
        some = seeds[first : first + _AT_A_TIME]
        path = kept / f"{world}_{effect}_{some[0]:05d}_{some[-1]:05d}.parquet"
        if not path.exists():
            verdicts = chart_verdicts(sql, [made(world, seed) for seed in some], effect)
            verdicts.write_parquet(path)
        found.append(pl.read_parquet(path))
    return pl.concat(found)


def headlines(
    sql: dict[str, str], units: pl.DataFrame, charts: pl.DataFrame, *, compared: bool
) -> pl.DataFrame:
    """What a leader sees: one row per unit of ``units``, with headline, its group and its basis.

    Args:
        sql: Text per model, from :func:`tests.statistics.simulated_charts.compile_models`.
        units: Rows of the effect table with ``world``, ``seed``, ``effect``.
        charts: From :func:`charted`, for the same municipalities.
        compared: False leaves out the comparison, as where nothing can be compared with.
    """
    cycles = units.with_columns(_CYCLE)
    judged = charts.filter(pl.col("series") == "value").with_columns(_CYCLE, _METRIC)
    tables = {
        "intermediate.int_lean__cycles": cycles.select(
            "cycle_id",
            pl.lit(1).alias("start_no"),
        ),
        "intermediate.int_phase_verdicts": cycles.select(
            "cycle_id",
            "metric_id",
            pl.col("cycle_id").alias("unit_id"),
            pl.col("lean_start").alias("start_date"),
            pl.when(pl.col("verdict") == "suppressed")
            .then(pl.lit("suppressed"))
            .when(pl.col("naive_delta") < 0)
            .then(pl.lit("measured_better"))
            .otherwise(pl.lit("measured_worse"))
            .alias("verdict"),
            *(pl.lit(None, pl.String).alias(name) for name in ("reason_code", "caveats")),
            pl.col("naive_delta").alias("difference"),
            pl.col("seasonal_delta").alias("seasonal_difference"),
            pl.col("mean_before").alias("value_before"),
            pl.col("mean_after").alias("value_after"),
            "n_before",
            "n_after",
        ),
        "staging.stg_effects__units": cycles.with_columns(pl.col("cycle_id").alias("unit_id"))
        .drop("cycle_id", "world", "seed", "effect")
        .head(units.height if compared else 0),
        "staging.stg_municipality__metrics": pl.DataFrame(
            [{"metric_id": METRIC_ID, "scale": 100.0, "is_nominal": False}]
        ).with_columns(complement_of=pl.lit(None, pl.String)),
        "intermediate.int_target_locks": pl.DataFrame(
            schema=dict.fromkeys(("cycle_id", "tested_metric_id", "lock_state"), pl.String)
        ),
        "intermediate.int_chart_series": judged.select(
            "cycle_id", "metric_id", "series", pl.col("cycle_id").alias("series_id")
        ),
        "intermediate.int_chart_summaries": judged.select(
            pl.col("cycle_id").alias("series_id"),
            pl.when("is_indexed").then(pl.lit("index")).otherwise(pl.lit("not_removed"))
            .alias("season_method"),
            pl.lit("firm").alias("limit_label"),
        ),
        "intermediate.int_chart_verdicts": judged.select(
            pl.col("cycle_id").alias("series_id"),
            "verdict",
            pl.lit(None, pl.String).alias("void_reason"),
            *("is_bad_start_year", "change", "change_low", "change_high"),
        ),
    }  # fmt: skip
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("create schema intermediate; create schema staging")
        for name, frame in tables.items():
            con.register("given", frame.to_arrow())
            con.execute(f"create table {name} as from given")
        for seed in ("headlines", "headline_rules"):
            path = str(DBT_DIR / "seeds" / f"{seed}.csv")
            con.execute(f"create table staging.{seed} as from read_csv(?, header = true)", [path])
        for name in HEADLINE_MODELS:
            con.execute(f"create table intermediate.{name} as {sql[name]}")
        found: pl.DataFrame = con.sql(_HEADLINES).pl()
    # what a headline rests on, not what the effect was held to
    cycles = cycles.drop("basis")
    return cycles.join(found, on="cycle_id", how="inner", validate="1:1").drop("cycle_id")


def rates(found: pl.DataFrame, groups: Iterable[str]) -> pl.DataFrame:
    """Per world and effect: judged series and the share of each group of headlines, in per cent."""
    shown = found.filter(~pl.col("headline_group").is_in(["suppressed", "too_little_data"]))
    return shown.group_by("world", "effect").agg(
        pl.len().alias("n_series"),
        *((100 * (pl.col("headline_group") == group).mean()).alias(group) for group in groups),
    )
