"""What may be said of the groups: q, verdict, precision and class of the pooled table's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.effects.judge.group_looks import largest_p
from pipelines.effects.judge.rule import screened_q
from pipelines.effects.judge.verdicts import (
    good_sign,
    judge,
    precision_of,
    relevant_effect,
    start_year,
)
from pipelines.effects.model.inputs import Rules
from pipelines.effects.tables.pooled_class import pooled_class
from pipelines.words.catalogue import codes
from pipelines.words.verdict_class import class_word

POOLED_TABLE = pl.Schema(
    {
        "metric_id": pl.String(),
        "as_of_month": pl.Date(),
        "group_type": pl.String(),
        "group_id": pl.String(),
        "kind": pl.String(),
        "first_month_after": pl.Int32(),
        "last_month_after": pl.Int32(),
        "n_units": pl.Int32(),
        "effect_unit": pl.String(),
        "estimate": pl.Float64(),
        "se": pl.Float64(),
        "lo": pl.Float64(),
        "hi": pl.Float64(),
        "p": pl.Float64(),
        "q": pl.Float64(),
        "bump": pl.Float64(),
        "bump_se": pl.Float64(),
        "margin": pl.Float64(),
        "start_order": pl.String(),
        "months_in_pct": pl.Float64(),
        "p_limit": pl.Float64(),
        "verdict": pl.String(),
        "precision": pl.String(),
        "persistence": pl.String(),
        "start_year": pl.String(),
        "verdict_class": pl.String(),
        **{f"verdict_class_{code}": pl.String() for code in codes()},
        "model_version": pl.String(),
    }
)
_FAMILY = ("metric_id", "group_type", "kind", "first_month_after", "last_month_after")


def pooled_table(
    rows: Sequence[Mapping[str, Any]],
    metrics: Mapping[str, dict[str, Any]],
    rules: Rules,
) -> pl.DataFrame:
    """Finish the rows of all metrics.

    Sectors and waves are many, and some would stand out by chance: q is taken within each metric
    among all groups of one type, window by window, as among single units. How small p must be
    follows from how much of the group's months has come (``judge.group_looks``). A contrast between
    years gets no verdict; whether something lasted is told by the class.

    Args:
        rows: From :func:`pipelines.effects.tables.pooled_rows.pooled_rows`, with the month.
        metrics: Rows of ``EffectInputs.metrics`` by id.
        rules: Limits.

    Returns:
        Columns ``POOLED_TABLE``, rows in the order given.
    """
    q_values = screened_q(
        [("\x1f".join(str(row[name]) for name in _FAMILY), row["p"], False) for row in rows]
    )
    finished = [
        _judged(
            dict(row) | {"q": q},
            metrics[row["metric_id"]],
            rules,
        )
        for row, q in zip(rows, q_values, strict=True)
    ]
    return pl.DataFrame(finished, schema=POOLED_TABLE, orient="row")


def _judged(row: dict[str, Any], metric: dict[str, Any], rules: Rules) -> dict[str, Any]:
    row |= {"verdict": None, "precision": None, "p_limit": None}
    mean_before = row.pop("mean_before")
    if row["kind"] == "window":
        sign = good_sign(metric["direction"])
        is_good = None if sign is None else row["estimate"] * sign > 0
        row["p_limit"] = largest_p(row["months_in_pct"] / 100, rules)
        at_this_look = replace(rules, max_p=row["p_limit"])
        row["verdict"] = judge(row["p"], row["q"], at_this_look, is_good=is_good)
        if row["verdict"] == "no_detectable_change":
            relevant = relevant_effect(
                metric["minimum_relevant_effect"], row["effect_unit"], mean_before
            )
            row["precision"] = precision_of(row["p"], (row["lo"], row["hi"]), relevant, rules)
    found = pooled_class(row["verdict"], row["precision"], row["persistence"])
    row["start_year"] = start_year(row["bump"], row["margin"], metric["direction"])
    row["verdict_class"] = found
    for code in codes():
        row[f"verdict_class_{code}"] = class_word(found, code) if found else None
    return row
