"""The effect table: drafts of all metrics put beside each other, q, verdict and words added."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects import persistence
from pipelines.effects.cache import MODEL_VERSION
from pipelines.effects.inputs import EffectInputs, Rules
from pipelines.effects.models import MetricModel
from pipelines.effects.multiple_testing import benjamini_hochberg
from pipelines.effects.scale import told
from pipelines.effects.shrinkage import shrink
from pipelines.effects.text import sentence
from pipelines.effects.unit_rows import Draft
from pipelines.effects.verdicts import good_sign, is_good, judge, precision_of, relevant_effect

_WINDOW_COLUMNS = [
    f"eff_{low}_{high}{end}" for low, high in persistence.WINDOWS for end in ("", "_lo", "_hi")
]
EFFECT_TABLE = pl.Schema(
    {
        "unit_id": pl.String(),
        "metric_id": pl.String(),
        "as_of_month": pl.Date(),
        "lean_start": pl.Date(),
        "months_after": pl.Int32(),
        "window_months": pl.Int32(),
        "cf_window_months": pl.Int32(),
        "is_preliminary": pl.Boolean(),
        "n_before": pl.Int32(),
        "n_after": pl.Int32(),
        "mean_before": pl.Float64(),
        "mean_after": pl.Float64(),
        "naive_delta": pl.Float64(),
        "seasonal_delta": pl.Float64(),
        "n_pairs": pl.Int32(),
        "scale": pl.String(),
        "effect_unit": pl.String(),
        "cf_delta": pl.Float64(),
        "cf_se": pl.Float64(),
        "cf_lo": pl.Float64(),
        "cf_hi": pl.Float64(),
        "p": pl.Float64(),
        "q": pl.Float64(),
        "anyway": pl.Float64(),
        "eb_delta": pl.Float64(),
        "mde80": pl.Float64(),
        "did_delta": pl.Float64(),
        "did_p": pl.Float64(),
        "n_untreated": pl.Int32(),
        **dict.fromkeys(_WINDOW_COLUMNS, pl.Float64()),
        "persistence": pl.String(),
        "bump": pl.Float64(),
        "bump_z": pl.Float64(),
        "flag_bad_start_year": pl.Boolean(),
        "flag_budget_cut": pl.Boolean(),
        "flag_reorganisation": pl.Boolean(),
        "flag_leader_change": pl.Boolean(),
        "flag_definition_change": pl.Boolean(),
        "flag_did_disagrees": pl.Boolean(),
        "verdict": pl.String(),
        "precision": pl.String(),
        "reason": pl.String(),
        "text_nb": pl.String(),
        "text_en": pl.String(),
        "model_version": pl.String(),
        "params": pl.String(),
        "input_hash": pl.String(),
    }
)


def effect_table(
    inputs: EffectInputs,
    drafts: Mapping[str, Sequence[Draft]],
    models: Mapping[str, MetricModel | None],
) -> pl.DataFrame:
    """Finish the rows of all metrics.

    Args:
        inputs: All frames.
        drafts: Draft rows by metric id.
        models: Models by metric id.

    Returns:
        One row per started unit and metric with any value, columns ``EFFECT_TABLE``; a
        suppressed row holds ids, dates, verdict and words only.
    """
    metrics = {row["metric_id"]: row for row in inputs.metrics.iter_rows(named=True)}
    passed = [d for group in drafts.values() for d in group if d.stopped is None]
    q_values = benjamini_hochberg(np.array([draft.row["p"] for draft in passed]))
    q_of = {id(draft): float(q) for draft, q in zip(passed, q_values, strict=True)}
    rows = []
    for metric_id, group in drafts.items():
        shrunken = _shrunken(group, models[metric_id])
        for draft in group:
            row = dict.fromkeys(EFFECT_TABLE, None) | draft.row
            row |= _provenance(models[metric_id]) if draft.unit is not None else {}
            row |= {"q": q_of.get(id(draft)), "eb_delta": shrunken.get(id(draft))}
            row |= _verdict(row, draft, metrics[metric_id], inputs.rules)
            row["text_nb"], row["text_en"] = sentence(row, metrics[metric_id])
            rows.append(row)
    return pl.DataFrame(rows, schema=EFFECT_TABLE, orient="row").sort("metric_id", "unit_id")


def _verdict(
    row: dict[str, Any], draft: Draft, metric: dict[str, Any], rules: Rules
) -> dict[str, Any]:
    if draft.stopped is not None:
        verdict, reason = draft.stopped
        return {"verdict": verdict, "reason": reason, "precision": None}
    direction, target = metric["direction"], metric["target_value"]
    effect_raw = row["naive_delta"] - row["anyway"]
    good = is_good(direction, effect_raw, row["mean_after"], target)
    verdict = judge(row["p"], row["q"], rules, is_good=good)
    found: dict[str, Any] = {"verdict": verdict, "reason": None, "precision": None}
    if verdict == "no_detectable_change":
        relevant = relevant_effect(metric, row["effect_unit"], row["mean_before"])
        found["precision"] = precision_of(row["cf_lo"], row["cf_hi"], relevant)
    sign = good_sign(direction)
    if verdict == "improved" and sign is not None:
        enough = row["months_after"] >= persistence.MIN_MONTHS
        found["persistence"] = persistence.classify(draft.course, sign, enough=enough)
    return found


def _shrunken(group: Sequence[Draft], model: MetricModel | None) -> dict[int, float]:
    passed = [(d, d.effect) for d in group if d.stopped is None and d.effect is not None]
    if model is None or not passed:
        return {}
    values = shrink(
        np.array([effect.estimate for _, effect in passed]),
        np.array([effect.variance for _, effect in passed]),
    )
    return {
        id(draft): told(float(value), model.scale)
        for (draft, _), value in zip(passed, values, strict=True)
    }


def _provenance(model: MetricModel | None) -> dict[str, Any]:
    if model is None:
        return {"model_version": MODEL_VERSION}
    return {
        "model_version": MODEL_VERSION,
        "params": json.dumps({k: float(f"{v:.6g}") for k, v in asdict(model.fit.params).items()}),
        "input_hash": model.input_hash,
    }
