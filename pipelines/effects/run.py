"""From frames to the effect tables: build panels, fit models, draft, judge, pool, check beside."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.effects.bump import start_year
from pipelines.effects.cache import fit_name, is_kept
from pipelines.effects.diagnostic_rows import DIAGNOSTICS_TABLE, diagnostic_rows
from pipelines.effects.diagnostics import Question, answers, ask, kept_answers
from pipelines.effects.event_study import Estimate
from pipelines.effects.inputs import EffectInputs
from pipelines.effects.kept_files import clear_unused
from pipelines.effects.models import MetricModel, ModelRequest, first_panel, model_metric
from pipelines.effects.panel import Panel, build_panel
from pipelines.effects.pooled_rows import HEADLINE, pooled_rows
from pipelines.effects.pooled_verdicts import pooled_table
from pipelines.effects.processes import map_in_processes
from pipelines.effects.scale import can_be_logged, to_log
from pipelines.effects.table import effect_table
from pipelines.effects.unit_rows import Draft, draft_rows
from pipelines.effects.window_only import window_only, without_yearly


@dataclass(frozen=True)
class Effects:
    """What was estimated.

    Attributes:
        units: One row per started unit and metric, see :data:`table.EFFECT_TABLE`.
        pooled: One row per metric, group and window, see :data:`pooled_rows.POOLED_TABLE`.
        checks: One row per metric: model checks, scale and what failed.
        diagnostics: Other methods beside, see :data:`diagnostic_rows.DIAGNOSTICS_TABLE`.
    """

    units: pl.DataFrame
    pooled: pl.DataFrame
    checks: pl.DataFrame
    diagnostics: pl.DataFrame


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
    clear_unused(cache_folder, frozenset().union(*(result.files for result in found.values())))
    models = {metric_id: result.model for metric_id, result in found.items()}
    drafts = {metric_id: result.drafts for metric_id, result in found.items()}
    metrics = inputs.metrics.rows_by_key("metric_id", named=True, unique=True)
    pooled: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    for metric_id, result in sorted(found.items()):
        pooled += result.pooled
        metric = {"metric_id": metric_id} | metrics[metric_id]
        beside += _beside(metric, inputs, result)
    return Effects(
        units=window_only(effect_table(inputs, drafts, models), inputs.metrics),
        pooled=without_yearly(pooled_table(pooled, metrics, inputs.rules), inputs.metrics),
        checks=checks_table(models),
        diagnostics=without_yearly(
            pl.DataFrame(beside, schema=DIAGNOSTICS_TABLE, orient="row"), inputs.metrics
        ),
    )


def _beside(
    metric: dict[str, Any], inputs: EffectInputs, result: "MetricResult"
) -> list[dict[str, Any]]:
    if result.model is None or result.estimates is None:
        return []
    year = None
    for row in result.pooled:
        months = (row["first_month_after"], row["last_month_after"] + 1)
        if row["group_type"] == "all" and row["kind"] == "window" and months == HEADLINE:
            year = start_year(row["bump"], row["margin"], metric["direction"])
    scale = result.model.scale
    return diagnostic_rows(metric, inputs.as_of_month, result.estimates, scale, year)


def _estimated(tasks: list["MetricTask"], workers: int) -> dict[str, "MetricResult"]:
    """Use what is kept in this process, leave what must be estimated to others."""
    # starting processes takes longer than using fits that are kept
    is_fitted = [_is_fitted(task) for task in tasks]
    found: dict[str, MetricResult] = {}
    for fitted, processes in ((False, workers), (True, 1)):
        share = [
            replace(task, is_fitted=fitted)
            for task, known in zip(tasks, is_fitted, strict=True)
            if known is fitted
        ]
        results = map_in_processes(estimate_metric, share, processes)
        found |= {
            task.metric["metric_id"]: result for task, result in zip(share, results, strict=True)
        }
    # a fit that is kept, but other units passed the gates: an event was registered
    asked = [(name, result) for name, result in found.items() if result.is_unanswered]
    questions = [(result.question, tasks[0].cache_folder) for _, result in asked]
    given = map_in_processes(_answer, questions, workers)
    for (name, result), estimates in zip(asked, given, strict=True):
        found[name] = replace(result, estimates=estimates)
    return {task.metric["metric_id"]: found[task.metric["metric_id"]] for task in tasks}


def _answer(asked: tuple[Question | None, Path]) -> list[Estimate]:
    question, folder = asked
    return [] if question is None else answers(question, folder)


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
        is_fitted: Its fit is kept; then nothing is estimated here, not even beside.
    """

    inputs: EffectInputs
    metric: dict[str, Any]
    cache_folder: Path
    is_fitted: bool = False

    @property
    def always_log(self) -> bool:
        """Whether effects are wanted in per cent whatever the figures look like."""
        return bool(self.metric.get("always_log"))


@dataclass(frozen=True)
class MetricResult:
    """One metric's model and rows.

    Attributes:
        model: None if none could be fitted.
        drafts: Draft rows of its units.
        pooled: Rows of the pooled table.
        question: What the other methods are asked, None if nothing.
        estimates: What they said; None if not asked yet.
        files: Names of the kept files that were used.
    """

    model: MetricModel | None
    drafts: list[Draft]
    pooled: list[dict[str, Any]]
    question: Question | None
    estimates: list[Estimate] | None
    files: frozenset[str]

    @property
    def is_unanswered(self) -> bool:
        """There is something to ask the other methods, and no answer is kept."""
        return self.question is not None and self.estimates is None


def estimate_metric(task: MetricTask) -> MetricResult:
    """Fit, draft and pool one metric, and ask the other methods."""
    panel = metric_panel(task.inputs, task.metric["metric_id"])
    model = None
    files: set[str] = set()
    if panel is not None and task.metric["metric_id"] not in task.inputs.unmodelled:
        log_if_skewed = bool(task.metric["log_if_skewed"])
        model = model_metric(ModelRequest(panel, log_if_skewed, task.cache_folder, task.always_log))
        first = first_panel(panel, always_log=task.always_log)
        files.add(fit_name(first))
        if log_if_skewed and first is panel and can_be_logged(panel):
            files.add(fit_name(to_log(panel)))
    drafts = draft_rows(task.inputs, task.metric, panel, model)
    pooled = pooled_rows(task.inputs, task.metric, drafts, model)
    question = ask(task.inputs, drafts, model)
    estimates = None
    if question is not None:
        files.add(question.name)
        look_up = kept_answers if task.is_fitted else answers
        estimates = look_up(question, task.cache_folder)
    return MetricResult(model, drafts, pooled, question, estimates, frozenset(files))


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
