"""One unit under its metric's model: headline window, persistence windows, checks beside it."""

from dataclasses import dataclass
from typing import Any

from pipelines.effects.judge import persistence
from pipelines.effects.judge.verdicts import good_sign
from pipelines.effects.model import as_measured
from pipelines.effects.model.bump import FLAG_Z, pre_start_bump
from pipelines.effects.model.counterfactual import (
    UnitEffect,
    contrast_weights,
    unit_effects,
    window_weights,
)
from pipelines.effects.model.did import Comparisons
from pipelines.effects.model.models import MetricModel
from pipelines.effects.model.scale import Telling


@dataclass(frozen=True)
class Found:
    """What the model says about one unit.

    Attributes:
        row: Column values of the effect table; NaN where something cannot be told.
        effect: Headline effect on the model's scale.
        course: First year, second year and contrast, None if the second is too short.
    """

    row: dict[str, Any]
    effect: UnitEffect
    course: persistence.Course | None


@dataclass(frozen=True)
class Lengths:
    """Months that are looked at.

    Attributes:
        compared: On each side, as measured and for the difference in differences.
        look: After start, for the estimated effect: where the series is judged.
    """

    compared: int
    look: int


def estimate_unit(
    model: MetricModel,
    unit: int,
    lengths: Lengths,
    measured: as_measured.Measured,
    comparisons: Comparisons,
) -> Found:
    """Estimate everything the effect table holds for one unit and metric.

    The counterfactual uses all history before start and the months after that the look is taken at.

    Args:
        model: The metric's model.
        unit: Row of the panel, with 12 months or more on both sides of start.
        lengths: How many months are looked at.
        measured: Before and after as measured, over those months.
        comparisons: Of the model's panel.
    """
    panel, telling = model.panel, model.telling(measured.mean_after)
    told = telling.told
    wanted = [window_weights(panel, unit, 0, lengths.look)]
    wanted += [window_weights(panel, unit, *window) for window in persistence.WINDOWS]
    wanted += [window_weights(panel, unit, *persistence.EARLY)]
    wanted += [contrast_weights(panel, unit, persistence.LATE, persistence.EARLY)]
    effect, *windows, early, contrast = unit_effects(panel, model.fit, unit, wanted)
    did = comparisons.of(unit, lengths.compared)
    bump = pre_start_bump(panel, model.fit, unit)
    low, high = _told_interval(effect, telling)
    row: dict[str, Any] = {
        "cf_window_months": lengths.look,
        "scale": model.scale,
        "effect_unit": telling.effect_unit,
        "cf_delta": told(effect.estimate),
        "cf_se": telling.error(effect.standard_error),
        "cf_lo": low,
        "cf_hi": high,
        "p": effect.p_value,
        "df": effect.df,
        "anyway": telling.without(effect.estimate) - measured.mean_before,
        "did_delta": told(did.delta),
        "did_p": did.p_value,
        "n_untreated": did.n_untreated,
        "bump": told(bump.delta),
        "bump_z": bump.z,
    }
    for window, part in zip(persistence.WINDOWS, windows, strict=True):
        if persistence.is_covered(window, part.n_months) and part.is_answerable:
            name = f"eff_{window[0]}_{window[1]}"
            row[name] = told(part.estimate)
            row[f"{name}_lo"], row[f"{name}_hi"] = _told_interval(part, telling)
    late = windows[persistence.WINDOWS.index(persistence.LATE)]
    later = windows[persistence.WINDOWS.index(persistence.LATER)]
    return Found(row, effect, _course(early, late, contrast, later))


def caveats(found: Found, direction: str, max_did_p: float) -> dict[str, bool]:
    """Flags that change no verdict but must stand in the text.

    Args:
        found: The unit's estimates.
        direction: Of the metric; a bad start year exists only where a direction is better.
        max_did_p: From here the difference in differences may disagree.
    """
    sign = good_sign(direction)
    did_delta, did_p = found.row["did_delta"], found.row["did_p"]
    return {
        "flag_bad_start_year": sign is not None and -sign * found.row["bump_z"] > FLAG_Z,
        "flag_did_disagrees": did_p <= max_did_p and did_delta * found.effect.estimate < 0,
    }


def _course(
    early: UnitEffect, late: UnitEffect, contrast: UnitEffect, later: UnitEffect
) -> persistence.Course | None:
    covered = persistence.is_covered(persistence.LATE, late.n_months) and late.is_answerable
    if not covered or not persistence.is_covered(persistence.EARLY, early.n_months):
        return None
    parts = [early, late, contrast]
    if persistence.is_covered(persistence.LATER, later.n_months) and later.is_answerable:
        parts.append(later)
    return persistence.Course(
        *(persistence.Interval(part.estimate, *part.interval) for part in parts)
    )


def _told_interval(effect: UnitEffect, telling: Telling) -> tuple[float, float]:
    low, high = effect.interval
    return telling.told(low), telling.told(high)
