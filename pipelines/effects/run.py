"""From frames to the two effect tables: build panels, fit models, draft, judge, pool."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.effects.cache import is_kept
from pipelines.effects.inputs import EffectInputs
from pipelines.effects.models import MetricModel, ModelRequest, first_panel, model_metric
from pipelines.effects.panel import Panel, build_panel
from pipelines.effects.pooled_rows import POOLED_TABLE, pooled_rows
from pipelines.effects.processes import map_in_processes
from pipelines.effects.table import effect_table
from pipelines.effects.unit_rows import Draft, draft_rows


@dataclass(frozen=True)
class Effects:
    """What was estimated.

    Attributes:
        units: One row per started unit and metric, see :data:`table.EFFECT_TABLE`.
        pooled: One row per metric, group and window, see :data:`pooled_rows.POOLED_TABLE`.
        checks: One row per metric: model checks, scale and what failed.
    """

    units: pl.DataFrame
    pooled: pl.DataFrame
    checks: pl.DataFrame


def estimate_effects(inputs: EffectInputs, cache_folder: Path, workers: int = 2) -> Effects:
    """Estimate all effects of one municipality as of a month.

    Args:
        inputs: All frames.
        cache_folder: Where fits are kept between runs; unchanged metrics are not fitted again.
        workers: Processes for the fitting.
    """
    tasks = [
        MetricTask(inputs.restricted_to(metric["metric_id"]), metric, cache_folder)
        for metric in inputs.metrics.iter_rows(named=True)
    ]
    found = _estimated(tasks, workers)
    models = {metric_id: result.model for metric_id, result in found.items()}
    drafts = {metric_id: result.drafts for metric_id, result in found.items()}
    pooled = [row for _, result in sorted(found.items()) for row in result.pooled]
    return Effects(
        units=effect_table(inputs, drafts, models),
        pooled=pl.DataFrame(pooled, schema=POOLED_TABLE, orient="row"),
        checks=checks_table(models),
    )


def _estimated(tasks: list["MetricTask"], workers: int) -> dict[str, "MetricResult"]:
    # starting processes takes longer than using fits that are kept
    is_fitted = [_is_fitted(task) for task in tasks]
    found: dict[str, MetricResult] = {}
    for fitted, processes in ((False, workers), (True, 1)):
        share = [task for task, known in zip(tasks, is_fitted, strict=True) if known is fitted]
        results = map_in_processes(estimate_metric, share, processes)
        found |= {
            task.metric["metric_id"]: result for task, result in zip(share, results, strict=True)
        }
    return {task.metric["metric_id"]: found[task.metric["metric_id"]] for task in tasks}


def _is_fitted(task: "MetricTask") -> bool:
    if task.metric["metric_id"] in task.inputs.unmodelled:
        return True
    panel = metric_panel(task.inputs, task.metric["metric_id"])
    if panel is None:
        return True
    first = first_panel(panel, always_log=task.always_log)
    return is_kept(task.cache_folder, first)


@dataclass(frozen=True)
class MetricTask:
    """One metric's share of the work.

    Attributes:
        inputs: Frames, values of this metric only.
        metric: Its row of ``inputs.metrics``.
        cache_folder: Where fits are kept.
    """

    inputs: EffectInputs
    metric: dict[str, Any]
    cache_folder: Path

    @property
    def always_log(self) -> bool:
        """Whether effects are wanted in per cent whatever the figures look like."""
        return bool(self.metric.get("always_log"))


@dataclass(frozen=True)
class MetricResult:
    """One metric's model, draft rows and pooled rows."""

    model: MetricModel | None
    drafts: list[Draft]
    pooled: list[dict[str, Any]]


def estimate_metric(task: MetricTask) -> MetricResult:
    """Fit, draft and pool one metric."""
    panel = metric_panel(task.inputs, task.metric["metric_id"])
    model = None
    if panel is not None and task.metric["metric_id"] not in task.inputs.unmodelled:
        log_if_skewed = bool(task.metric["log_if_skewed"])
        model = model_metric(ModelRequest(panel, log_if_skewed, task.cache_folder, task.always_log))
    drafts = draft_rows(task.inputs, task.metric, panel, model)
    return MetricResult(model, drafts, pooled_rows(task.inputs, task.metric, drafts, model))


def metric_panel(inputs: EffectInputs, metric_id: str) -> Panel | None:
    """The panel of one metric as of the month, None if no unit has values and employees."""
    units = inputs.units.with_columns(
        pl.when(pl.col("lean_start") <= inputs.as_of_month).then("lean_start")
    )
    rows = inputs.rows_of(metric_id)
    sized = units.filter(pl.col("employees") > 0)
    if rows.join(sized, on="unit_id", how="semi").is_empty():
        return None
    return build_panel(rows, sized)


def checks_table(models: dict[str, MetricModel | None]) -> pl.DataFrame:
    """Model checks per metric; ``failures`` is empty where verdicts may be given."""
    schema = pl.Schema(
        {
            "metric_id": pl.String(),
            "scale": pl.String(),
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
    rows = [
        {
            "metric_id": metric_id,
            "scale": model.scale,
            "innovation_sd": model.checks.sd,
            "skewness": model.checks.skewness,
            "kurtosis": model.checks.kurtosis,
            "lag_1": model.checks.lag_1,
            "lag_12": model.checks.lag_12,
            "n_units": model.checks.n_units,
            "log_likelihood": model.fit.log_likelihood,
            "failures": ", ".join(model.checks.failures),
        }
        if model is not None
        else {"metric_id": metric_id, "failures": "no_model"}
        for metric_id, model in models.items()
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
