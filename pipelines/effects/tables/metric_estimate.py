"""One metric estimated: fitted, drafted, pooled, other methods asked, and the rows kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.beside.diagnostics import answers, ask, kept_answers
from pipelines.effects.judge.unit_rows import Draft, draft_rows
from pipelines.effects.model.cache import fit_name, is_kept
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.models import MetricModel, ModelRequest, model_metric
from pipelines.effects.model.own_scale import Counted
from pipelines.effects.model.panel import Panel, build_panel, counts_beside
from pipelines.effects.model.processes import map_in_processes
from pipelines.effects.model.rows import ModelledMetric
from pipelines.effects.tables.comparable_rows import comparable_rows
from pipelines.effects.tables.metric_rows import MetricRows, counted, rows_name
from pipelines.effects.tables.pooled_rows import pooled_rows

# values that are drafted and pooled sooner than another process has started
_SMALL = 200_000


@dataclass(frozen=True)
class MetricTask:
    """One metric's share of the work.

    Attributes:
        inputs: From :meth:`EffectInputs.about`.
        metric: Its columns :data:`metric_rows.COUNTED`.
        cache_folder: Where rows and fits are kept.
        asks_others: Whether other methods may be estimated here; kept answers always count.
    """

    inputs: EffectInputs
    metric: ModelledMetric
    cache_folder: Path
    asks_others: bool = True

    @property
    def name(self) -> str:
        """Name of the file of its rows."""
        return rows_name(self.inputs, self.metric)

    def request(self, panel: Panel | None) -> ModelRequest | None:
        """What is to be modelled; None where nothing is."""
        metric = self.metric
        if panel is None or metric["metric_id"] in self.inputs.unmodelled:
            return None
        counted = None
        if metric["counted_as"] is not None:
            parts = counts_beside(self.inputs.rows_of(metric["metric_id"]), panel)
            counted = Counted(metric["counted_as"], *parts, float(metric["scale"]))
        return ModelRequest(
            panel,
            bool(metric["log_if_skewed"]),
            self.cache_folder,
            bool(metric["always_log"]),
            counted,
        )


def estimate_metrics(
    inputs: EffectInputs, metric_ids: Sequence[str], folder: Path, workers: int
) -> dict[str, MetricRows]:
    """Estimate metrics that no rows are kept of.

    Args:
        inputs: All frames.
        metric_ids: Which.
        folder: Where rows and fits are kept.
        workers: Processes for what takes longer than starting them.
    """
    rows = inputs.metrics.rows_by_key("metric_id", named=True, unique=True)

    def task(metric_id: str, *, asks_others: bool) -> MetricTask:
        metric = counted({"metric_id": metric_id} | rows[metric_id])
        return MetricTask(inputs.about(metric_id), metric, folder, asks_others)

    found: dict[str, MetricRows | None] = {}
    for metric_id in metric_ids:
        # None where another method must be asked: what that loads is left to another process
        quick = task(metric_id, asks_others=False)
        found[metric_id] = estimate_metric(quick) if is_quick(quick) else None
    absent = [metric_id for metric_id in metric_ids if found[metric_id] is None]
    tasks = (task(metric_id, asks_others=True) for metric_id in absent)
    found |= zip(absent, map_in_processes(estimate_metric, tasks, workers), strict=True)
    return {metric_id: rows for metric_id, rows in found.items() if rows is not None}


def estimate_metric(task: MetricTask) -> MetricRows | None:
    """Fit, draft and pool one metric, ask the other methods, and keep the rows.

    Returns:
        The rows, as they are kept; None if other methods would have to be asked and may not.
    """
    panel = metric_panel(task.inputs, task.metric["metric_id"])
    request = task.request(panel)
    model = None if request is None else model_metric(request)
    files = set() if request is None else {fit_name(fitted) for fitted in request.fits}
    drafts = draft_rows(task.inputs, task.metric, panel, model)
    question = ask(task.inputs, drafts, model)
    estimates = None
    if question is not None:
        files.add(question.name)
        look_up = answers if task.asks_others else kept_answers
        estimates = look_up(question, task.cache_folder)
        if estimates is None:
            return None
    rows = MetricRows(
        units=comparable_rows(task.inputs, task.metric, drafts, model),
        pooled=pooled_rows(task.inputs, task.metric, drafts, model),
        check=check_row(task.metric["metric_id"], model),
        telling=None if model is None else asdict(model.telling(_mean_after(drafts))),
        estimates=None if estimates is None else [asdict(estimate) for estimate in estimates],
        files=sorted(files),
    )
    return rows.keep(task.cache_folder / task.name)


def _mean_after(drafts: Sequence[Draft]) -> float:
    """Mean over the pooled units, as measured; what log odds are told near."""
    return float(np.mean([d.row["mean_after"] for d in drafts if d.is_pooled] or [np.nan]))


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


def check_row(metric_id: str, model: MetricModel | None) -> dict[str, Any]:
    """Model checks of one metric; ``failures`` is empty where verdicts may be given."""
    if model is None:
        return {"metric_id": metric_id, "failures": "no_model"}
    return {
        "metric_id": metric_id,
        "scale": model.scale,
        "distribution": model.checks.distribution,
        "innovation_sd": model.checks.sd,
        "skewness": model.checks.skewness,
        "kurtosis": model.checks.kurtosis,
        "lag_1": model.checks.lag_1,
        "lag_12": model.checks.lag_12,
        "n_units": model.checks.n_units,
        "log_likelihood": model.fit.log_likelihood,
        "failures": ", ".join(model.checks.failures),
    }


def is_quick(task: MetricTask) -> bool:
    """Nothing has to be fitted, and little drafted: starting a process would take longer."""
    if task.inputs.values.height > _SMALL:
        return False
    request = task.request(metric_panel(task.inputs, task.metric["metric_id"]))
    return request is None or is_kept(task.cache_folder, request.fits[0])
