"""The scales of a model: the logarithm, and how an effect is told on each.

Which scale a metric gets is decided in models, from the skewness of its innovations, and for counts
and shares in own_scale.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pipelines.effects.model.panel import Floats, Panel

Scale = Literal["raw", "log", "logit"]
MAX_RAW_SKEWNESS = 0.8
_LEAST_SHARE = 0.005


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


@dataclass(frozen=True)
class Telling:
    """How what is estimated on a scale is told: raw units, or per cent on log scale.

    Attributes:
        scale: The model's scale.
        after: Mean after the start as measured, in the metric's unit. Log odds are told in that
            unit, as the difference from what would have been there without the effect.
        factor: Of a share: 100 where it is in per cent.
    """

    scale: Scale
    after: float = float("nan")
    factor: float = 1.0

    @property
    def effect_unit(self) -> Literal["raw", "percent"]:
        """What effects are told in: the metric's unit or per cent."""
        return "percent" if self.scale == "log" else "raw"

    def told(self, effect: float) -> float:
        """An effect as it is told; per cent is 100 (exp(d) - 1)."""
        if self.scale == "logit":
            return self.after - self.without(effect)
        return effect if self.scale == "raw" else float(100 * np.expm1(effect))

    def error(self, standard_error: float) -> float:
        """A standard error as it is told, near no effect."""
        if self.scale == "logit":
            share = self._share
            return standard_error * self.factor * share * (1 - share)
        return standard_error * (1 if self.scale == "raw" else 100)

    def size(self, effect: float, sign: int | None) -> float:
        """How large a change of this size on the scale is, told from the level that is shown.

        Nothing falls by more than 100 per cent, and a share near all cannot rise by much: which
        way the change is wanted decides.

        Args:
            effect: On the model's scale, at least 0.
            sign: 1 where higher is better, -1 where lower is; None = neither, told as a rise.
        """
        wanted = effect if sign is None else sign * effect
        if self.scale == "logit":
            return abs(self.without(-wanted) - self.after)
        return abs(self.told(wanted))

    def without(self, effect: float) -> float:
        """The mean after, had there been no effect, in the metric's unit."""
        if self.scale == "logit":
            share = self._share
            odds = float(np.log(share / (1 - share))) - effect
            # what is shown is not bounded, the share that the odds stand for is
            return self.after - self.factor * share + self.factor / (1 + float(np.exp(-odds)))
        if self.scale == "log":
            return self.after * float(np.exp(-effect))
        return self.after - effect

    @property
    def _share(self) -> float:
        return float(np.clip(self.after / self.factor, _LEAST_SHARE, 1 - _LEAST_SHARE))
