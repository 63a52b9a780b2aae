"""From frames to the effect tables: what is kept is used, what is new estimated, all judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.effects.beside.diagnostic_rows import DIAGNOSTICS_TABLE, diagnostic_rows
from pipelines.effects.beside.estimates import Estimate
from pipelines.effects.judge.persistence import HEADLINE
from pipelines.effects.judge.verdicts import start_year
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kept_files import clear_unused
from pipelines.effects.model.rows import DiagnosticRow
from pipelines.effects.model.scale import Telling
from pipelines.effects.tables.metric_rows import MetricRows, counted, rows_name
from pipelines.effects.tables.pooled_verdicts import pooled_table
from pipelines.effects.tables.table import effect_table
from pipelines.effects.tables.window_only import (
    checks_passed,
    whole_window,
    window_only,
    without_yearly,
)


@dataclass(frozen=True)
class Effects:
    """What was estimated.

    Attributes:
        units: One row per started unit and metric, see :data:`table.EFFECT_TABLE`.
        pooled: One row per metric, group and window, see :data:`pooled_verdicts.POOLED_TABLE`.
        checks: One row per metric: model checks, scale and what failed.
        diagnostics: Other methods beside, see :data:`diagnostic_rows.DIAGNOSTICS_TABLE`.
        names: Metric to the name of its kept rows, which stands for all that they are made of.
    """

    units: pl.DataFrame
    pooled: pl.DataFrame
    checks: pl.DataFrame
    diagnostics: pl.DataFrame
    names: Mapping[str, str]


def estimate_effects(inputs: EffectInputs, cache_folder: Path, workers: int = 2) -> Effects:
    """Estimate all effects of one municipality as of a month.

    Args:
        inputs: All frames.
        cache_folder: Where rows and fits are kept between runs; a metric whose figures are
            unchanged costs nothing.
        workers: Processes for what must be estimated.
    """
    found, names = _rows_of_all(inputs, cache_folder, workers)
    kept = frozenset(names.values()).union(*(rows.files for rows in found.values()))
    clear_unused(cache_folder, kept)
    metrics = inputs.metrics.rows_by_key("metric_id", named=True, unique=True)
    pooled: list[dict[str, Any]] = []
    beside: list[DiagnosticRow] = []
    for metric_id, rows in sorted(found.items()):
        pooled += [row | {"as_of_month": inputs.as_of_month} for row in rows.pooled]
        beside += _beside({"metric_id": metric_id} | metrics[metric_id], inputs, rows)
    table = effect_table(inputs, {metric_id: rows.units for metric_id, rows in found.items()})
    groups = pooled_table(pooled, metrics, inputs.rules)
    others = pl.DataFrame(beside, schema=DIAGNOSTICS_TABLE, orient="row")
    return Effects(
        units=window_only(table, inputs.metrics),
        pooled=whole_window(groups, inputs.metrics, table),
        checks=checks_passed(checks_table([rows.check for rows in found.values()]), inputs.metrics),
        diagnostics=without_yearly(others, inputs.metrics),
        names=names,
    )


def _beside(metric: dict[str, Any], inputs: EffectInputs, rows: MetricRows) -> list[DiagnosticRow]:
    if rows.telling is None or rows.estimates is None:
        return []
    year = None
    for row in rows.pooled:
        months = (row["first_month_after"], row["last_month_after"] + 1)
        if row["group_type"] == "all" and row["kind"] == "window" and months == HEADLINE:
            year = start_year(row["bump"], row["margin"], metric["direction"])
    estimates = [Estimate(**estimate) for estimate in rows.estimates]
    telling = Telling(**rows.telling)
    return diagnostic_rows(metric["metric_id"], inputs.as_of_month, estimates, telling, year)


def _rows_of_all(
    inputs: EffectInputs, folder: Path, workers: int
) -> tuple[dict[str, MetricRows], dict[str, str]]:
    """Rows by metric in the metrics' order, and the name of each one's kept file."""
    found: dict[str, MetricRows | None] = {}
    names = {}
    for row in inputs.metrics.iter_rows(named=True):
        name = rows_name(inputs.about(row["metric_id"]), counted(row))
        names[row["metric_id"]] = name
        found[row["metric_id"]] = MetricRows.kept(folder / name)
    absent = [metric_id for metric_id, rows in found.items() if rows is None]
    if absent:
        # what estimates takes long to load, and most nights most metrics bring nothing new
        from pipelines.effects.tables.metric_estimate import estimate_metrics

        found |= estimate_metrics(inputs, absent, folder, workers)
    whole = {metric_id: rows for metric_id, rows in found.items() if rows is not None}
    return whole, names


def checks_table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """One row per metric, from :func:`check_row`."""
    schema = pl.Schema(
        {
            "metric_id": pl.String(),
            "scale": pl.String(),
            "distribution": pl.String(),
            "innovation_sd": pl.Float64(),
            "skewness": pl.Float64(),
            "kurtosis": pl.Float64(),
            "lag_1": pl.Float64(),
            "lag_12": pl.Float64(),
            "n_units": pl.Int32(),
            "log_likelihood": pl.Float64(),
            "failures": pl.String(),
        }
    )
    return pl.DataFrame(rows, schema=schema, orient="row")
