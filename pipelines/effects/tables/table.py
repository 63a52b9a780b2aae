"""The effect table: rows of all metrics put beside each other, q and verdict added.

What a row says in words is in the headline's sentence, which the words room makes of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.effects.judge import persistence
from pipelines.effects.judge.rule import Judged, Tested, judge_series
from pipelines.effects.judge.verdicts import is_good, relevant_effect
from pipelines.effects.model.inputs import EffectInputs

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
        "is_pooled": pl.Boolean(),
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
        "df": pl.Int32(),
        "p": pl.Float64(),
        "q": pl.Float64(),
        "basis": pl.String(),
        "n_tested": pl.Int32(),
        "anyway": pl.Float64(),
        "eb_delta": pl.Float64(),
        "p_better": pl.Float64(),
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
        "model_version": pl.String(),
        "params": pl.String(),
        "input_hash": pl.String(),
    }
)
HELD = "held"
"""Column of a row that is not yet judged: its persistence class by the verdict it may get."""


def effect_table(
    inputs: EffectInputs, metric_rows: Mapping[str, Sequence[dict[str, Any]]]
) -> pl.DataFrame:
    """Finish the rows of all metrics.

    Args:
        inputs: All frames.
        metric_rows: From ``comparable_rows.comparable_rows``, by metric id.

    Returns:
        One row per started unit and metric with any value, columns ``EFFECT_TABLE``; a
        suppressed row holds ids, dates and verdict only.
    """
    metrics = {row["metric_id"]: row for row in inputs.metrics.iter_rows(named=True)}
    starts = dict(inputs.units.select("unit_id", "lean_start").iter_rows())
    rows = [
        dict.fromkeys(EFFECT_TABLE, None)
        | row
        | {"as_of_month": inputs.as_of_month, "lean_start": starts[row["unit_id"]]}
        for group in metric_rows.values()
        for row in group
    ]
    passed = [row for row in rows if row["verdict"] is None]
    series = [_tested(row, metrics[row["metric_id"]]) for row in passed]
    for row, judged in zip(passed, judge_series(series, inputs.rules), strict=True):
        row |= _verdict(row, judged)
    for row in rows:
        row.pop(HELD, None)
    return pl.DataFrame(rows, schema=EFFECT_TABLE, orient="row").sort("metric_id", "unit_id")


def _tested(row: dict[str, Any], metric: dict[str, Any]) -> Tested:
    direction, target = metric["direction"], metric["target_value"]
    effect_raw = row["naive_delta"] - row["anyway"]
    return Tested(
        metric_id=row["metric_id"],
        p=row["p"],
        low=row["cf_lo"],
        high=row["cf_hi"],
        is_good=is_good(direction, effect_raw, row["mean_after"], target),
        relevant=relevant_effect(
            metric["minimum_relevant_effect"], row["effect_unit"], row["mean_before"]
        ),
        is_registered=row["basis"] == "registered",
    )


def _verdict(row: dict[str, Any], judged: Judged) -> dict[str, Any]:
    return {
        "q": judged.q,
        "n_tested": judged.n_tested,
        "verdict": judged.verdict,
        "precision": judged.precision,
        "persistence": (row.get(HELD) or {}).get(judged.verdict),
    }
