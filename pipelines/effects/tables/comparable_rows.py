"""Rows of one metric with all that can be said of them before they stand beside other metrics'."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from pipelines.effects.judge import persistence
from pipelines.effects.judge.detectable import detectable
from pipelines.effects.judge.unit_rows import Draft
from pipelines.effects.judge.verdicts import good_sign
from pipelines.effects.model.cache import MODEL_VERSION
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.models import MetricModel
from pipelines.effects.model.rows import ModelledMetric
from pipelines.effects.model.shrinkage import probability_above, shrink
from pipelines.effects.tables.table import HELD


def comparable_rows(
    inputs: EffectInputs, metric: ModelledMetric, drafts: Sequence[Draft], model: MetricModel | None
) -> list[dict[str, Any]]:
    """Rows of one metric, with all that can be said before they are compared with other metrics'.

    Args:
        inputs: All frames.
        metric: Its row of ``EffectInputs.metrics``.
        drafts: Its draft rows.
        model: Its model.

    Returns:
        Plain values by column name: numbers, words and nothing else, so that they can be kept.
    """
    shrunken = _shrunken(drafts, model)
    sign = good_sign(metric["direction"])
    likely = _likely(drafts, sign)
    locked = inputs.looks(metric["metric_id"])
    n_screened = sum(d.stopped is None and d.row["unit_id"] not in locked for d in drafts)
    rows = []
    for draft in drafts:
        is_registered = draft.row["unit_id"] in locked
        basis = "registered" if is_registered else "screened"
        row: dict[str, Any] = {**draft.row, "basis": basis}
        if draft.effect is not None and model is not None:
            n = None if is_registered else n_screened
            size = detectable(
                draft.effect.standard_error, draft.effect.df, inputs.rules, n_screened=n
            )
            row["mde80"] = model.telling(row["mean_after"]).size(
                size, good_sign(metric["direction"])
            )
        row |= _provenance(model) if draft.unit is not None else {}
        if draft.stopped is not None:
            row["verdict"], row["reason"] = draft.stopped
        else:
            row["eb_delta"] = shrunken.get(id(draft))
            row["p_better"] = likely.get(id(draft))
            if sign is not None:
                enough = row["months_after"] >= persistence.MIN_MONTHS
                row[HELD] = {
                    verdict: persistence.classify(draft.course, side, enough=enough)
                    for verdict, side in (("improved", sign), ("worsened", -sign))
                }
        rows.append(row)
    return rows


def _shrunken(group: Sequence[Draft], model: MetricModel | None) -> dict[int, float]:
    passed = [(d, d.effect) for d in group if d.stopped is None and d.effect is not None]
    if model is None or not passed:
        return {}
    values = shrink(
        np.array([effect.estimate for _, effect in passed]),
        np.array([effect.variance for _, effect in passed]),
    )
    return {
        id(draft): model.telling(draft.row["mean_after"]).told(float(value))
        for (draft, _), value in zip(passed, values, strict=True)
    }


def _likely(group: Sequence[Draft], sign: int | None) -> dict[int, float]:
    """Probability that a unit's effect is for the better; none where no direction is."""
    passed = [(d, d.effect) for d in group if d.stopped is None and d.effect is not None]
    if sign is None or not passed:
        return {}
    values = probability_above(
        np.array([sign * effect.estimate for _, effect in passed]),
        np.array([effect.variance for _, effect in passed]),
    )
    return {id(draft): float(value) for (draft, _), value in zip(passed, values, strict=True)}


def _provenance(model: MetricModel | None) -> dict[str, Any]:
    if model is None:
        return {"model_version": MODEL_VERSION}
    return {
        "model_version": MODEL_VERSION,
        "params": json.dumps({k: float(f"{v:.6g}") for k, v in asdict(model.fit.params).items()}),
        "input_hash": model.input_hash,
    }
