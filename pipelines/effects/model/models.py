"""One model per metric: scale chosen, fitted, checked.

Turning models into effects lives in unit_rows and pooled_rows.
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.effects.model.cache import cached_fit, panel_hash
from pipelines.effects.model.checks import ModelChecks, check_model
from pipelines.effects.model.family import SMALL
from pipelines.effects.model.fit import Fit
from pipelines.effects.model.panel import Panel
from pipelines.effects.model.scale import MAX_RAW_SKEWNESS, Scale, can_be_logged, to_log


@dataclass(frozen=True)
class MetricModel:
    """A fitted metric.

    Attributes:
        raw: The panel as measured.
        panel: The panel on the model's scale.
        scale: ``raw`` or ``log``.
        fit: The fit on ``panel``.
        checks: Checks of that fit.
        input_hash: Hash of the raw panel and the model version.
    """

    raw: Panel
    panel: Panel
    scale: Scale
    fit: Fit
    checks: ModelChecks
    input_hash: str


@dataclass(frozen=True)
class ModelRequest:
    """What is needed to model one metric.

    Attributes:
        panel: As measured.
        log_if_skewed: Costs, hours and short-term sick leave: log scale if innovations are skew.
        cache_folder: Where fits are kept.
        always_log: Log scale whenever values allow it, because effects must add up over units.
    """

    panel: Panel
    log_if_skewed: bool
    cache_folder: Path
    always_log: bool = False


def first_panel(raw: Panel, *, always_log: bool) -> Panel:
    """The panel that is fitted first: as measured, or its logarithm where that is asked for."""
    return to_log(raw) if always_log and can_be_logged(raw) else raw


def model_metric(request: ModelRequest) -> MetricModel | None:
    """Fit one metric on raw scale and, where asked for, needed and a help, on log scale.

    Returns:
        The model, or None if there is too little before start to fit one.
    """
    raw = request.panel
    try:
        first = first_panel(raw, always_log=request.always_log)
        if first is not raw:
            fit = cached_fit(request.cache_folder, first)
            return MetricModel(raw, first, "log", fit, check_model(first, fit), panel_hash(raw))
        fit = cached_fit(request.cache_folder, raw)
        checks = check_model(raw, fit)
        skewed = checks.skewness > MAX_RAW_SKEWNESS
        if not (request.log_if_skewed and skewed and can_be_logged(raw)):
            return MetricModel(raw, raw, "raw", fit, checks, panel_hash(raw))
        panel = to_log(raw)
        log_fit = cached_fit(request.cache_folder, panel)
        log_checks = check_model(panel, log_fit)
        # values near zero can make logarithms skew the other way, and worse; in a small family
        # which of the two is worse flips by chance, so that it does not decide
        if checks.n_units >= SMALL and abs(log_checks.skewness) >= checks.skewness:
            return MetricModel(raw, raw, "raw", fit, checks, panel_hash(raw))
        return MetricModel(raw, panel, "log", log_fit, log_checks, panel_hash(raw))
    except ValueError:
        return None
