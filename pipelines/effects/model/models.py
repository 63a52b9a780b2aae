"""One model per metric: scale chosen, fitted, checked.

Turning models into effects lives in unit_rows and pooled_rows.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pipelines.effects.model.cache import cached_fit, panel_hash
from pipelines.effects.model.checks import ModelChecks, check_model
from pipelines.effects.model.family import SMALL
from pipelines.effects.model.fit import Fit
from pipelines.effects.model.own_scale import Counted, OwnScale, on_own_scale
from pipelines.effects.model.panel import Panel
from pipelines.effects.model.scale import MAX_RAW_SKEWNESS, Scale, Telling, can_be_logged, to_log


@dataclass(frozen=True)
class MetricModel:
    """A fitted metric.

    Attributes:
        raw: The panel as measured.
        panel: The panel on the model's scale.
        scale: ``raw``, ``log`` or ``logit``.
        fit: The fit on ``panel``.
        checks: Checks of that fit.
        input_hash: Hash of the raw panel and the model version.
        factor: Of a share: what its value is of its numerator over its denominator.
    """

    raw: Panel
    panel: Panel
    scale: Scale
    fit: Fit
    checks: ModelChecks
    input_hash: str
    factor: float = 1.0

    def telling(self, after: float) -> Telling:
        """How effects are told of who had this mean after, in the metric's unit."""
        return Telling(self.scale, after, self.factor)


@dataclass(frozen=True)
class ModelRequest:
    """What is needed to model one metric.

    Attributes:
        panel: As measured.
        log_if_skewed: Costs, hours and short-term sick leave: log scale if innovations are skew.
        cache_folder: Where fits are kept.
        always_log: Log scale whenever values allow it, because effects must add up over units.
        counted: What its values were counted as, where they were: then on its own scale.
    """

    panel: Panel
    log_if_skewed: bool
    cache_folder: Path
    always_log: bool = False
    counted: Counted | None = None

    @property
    def fits(self) -> list[Panel]:
        """The panels that are fitted, or may be: the first always."""
        own = self.own_scale
        if own is not None:
            return [own.panel]
        raw = self.panel
        if self.always_log and can_be_logged(raw):
            return [to_log(raw)]
        return [raw, to_log(raw)] if self.log_if_skewed and can_be_logged(raw) else [raw]

    @cached_property
    def own_scale(self) -> OwnScale | None:
        """The panel on its own scale, None where it is not counted."""
        return None if self.counted is None else on_own_scale(self.panel, self.counted)


def model_metric(request: ModelRequest) -> MetricModel | None:
    """Fit one metric on raw scale and, where asked for, needed and a help, on log scale.

    Returns:
        The model, or None if there is too little before start to fit one.
    """
    raw = request.panel
    try:
        if request.own_scale is not None:
            return _counted_model(request, request.own_scale)
        first = request.fits[0]
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


def _counted_model(request: ModelRequest, own: OwnScale) -> MetricModel:
    fit = cached_fit(request.cache_folder, own.panel)
    checks = replace(check_model(own.panel, fit), distribution=own.distribution)
    factor = 1.0 if request.counted is None else request.counted.factor
    return MetricModel(
        request.panel, own.panel, own.scale, fit, checks, panel_hash(request.panel), factor
    )
