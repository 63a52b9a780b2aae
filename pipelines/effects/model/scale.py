"""Raw or log scale: the two transformations and how an effect is told on each.

Which scale a metric gets is decided in models, from the skewness of its innovations.
"""

from dataclasses import replace
from typing import Literal

import numpy as np

from pipelines.effects.model.panel import Floats, Panel

Scale = Literal["raw", "log"]
MAX_RAW_SKEWNESS = 0.8


def can_be_logged(panel: Panel) -> bool:
    """Tell whether no value is negative and some value is positive."""
    seen = panel.values[~np.isnan(panel.values)]
    return bool(seen.size and seen.min() >= 0 and seen.max() > 0)


def log_offset(panel: Panel) -> float:
    """Half the smallest positive value, so that zeros have a logarithm."""
    seen = panel.values[~np.isnan(panel.values)]
    return float(seen[seen > 0].min()) / 2


def to_log(panel: Panel) -> Panel:
    """The same panel with log(value + offset)."""
    values: Floats = np.log(panel.values + log_offset(panel))
    return replace(panel, values=values)


def told(effect: float, scale: Scale) -> float:
    """An effect as it is told: raw units, or per cent = 100 (exp(d) - 1) on log scale."""
    return effect if scale == "raw" else float(100 * np.expm1(effect))


def expected_change(raw: tuple[float, float], effect: float, scale: Scale) -> float:
    """The change that would have come anyway, in the metric's unit.

    Args:
        raw: Mean before and after, as measured.
        effect: Estimated effect on the model's scale.
        scale: The model's scale.
    """
    before, after = raw
    counterfactual = after - effect if scale == "raw" else after * float(np.exp(-effect))
    return counterfactual - before
