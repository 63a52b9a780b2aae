"""What may leave of effects that were estimated from months nobody may see.

A unit shows the parts of a total per year, its months are fitted on the restricted side. Only the
effect over the window, its interval, how sure it is and the verdict leave, rounded as they are
printed: nothing per month or stretch, no level and nothing that gives the exact figure back. Levels
before and after are those of the published years. Of groups only all units together leave, over the
whole window. Nothing is estimated here.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.effects.judge.persistence import HEADLINE
from pipelines.effects.tables.table import EFFECT_TABLE

_KEPT = frozenset(
    {
        "unit_id", "metric_id", "as_of_month", "lean_start", "months_after", "window_months",
        "cf_window_months", "df", "basis", "n_tested", "is_preliminary", "is_pooled", "scale",
        "effect_unit", "n_untreated",
        "persistence", "flag_bad_start_year", "flag_budget_cut", "flag_reorganisation",
        "flag_leader_change", "flag_definition_change", "flag_did_disagrees", "verdict",
        "precision", "reason", "model_version",
    }
)  # fmt: skip
_ROUNDED = ("cf_delta", "cf_lo", "cf_hi", "eb_delta", "mde80")
_SURENESS = ("p", "q", "p_better")
_SURENESS_DECIMALS = 2
_MIN_POOLED = 5
"""Units of which a mean may leave, as many as a group must have to show a month."""
_POOLED_ROUNDED = ("estimate", "se", "lo", "hi")
_POOLED_HIDDEN = ("bump", "bump_se", "margin", "persistence")
_CHECKED = ("innovation_sd", "skewness", "kurtosis", "lag_1", "lag_12", "log_likelihood")


def window_only(units: pl.DataFrame, metrics: pl.DataFrame) -> pl.DataFrame:
    """Reduce the effects of what units show per year to what is said of the window.

    Args:
        units: Finished rows, columns ``EFFECT_TABLE``.
        metrics: ``EffectInputs.metrics``, with ``is_yearly`` where any metric is.

    Returns:
        The same rows and columns.
    """
    yearly = _yearly(metrics)
    if yearly.is_empty():
        return units
    known = {row["metric_id"]: row for row in yearly.iter_rows(named=True)}
    rows = [
        _reduced(row, known[row["metric_id"]]) if row["metric_id"] in known else row
        for row in units.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=EFFECT_TABLE, orient="row")


def whole_window(groups: pl.DataFrame, metrics: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Of what units show per year, leave all units' mean over the whole window and nothing else.

    Every unit in it has published years on both sides of its start; a wave or a sector has few, and
    a shorter window tells of a stretch. Those in it that show no effect of their own (their window
    is not over) must be none, or as many as a mean may leave of: the mean less the effects that are
    shown is theirs.

    Args:
        groups: Finished rows of groups.
        metrics: ``EffectInputs.metrics``, with ``is_yearly`` where any metric is.
        units: Finished rows of units: ``metric_id``, ``is_pooled``, ``cf_delta``.

    Returns:
        The rows of other metrics as they are, and those, rounded as they are printed.
    """
    yearly = _yearly(metrics)
    first, last = HEADLINE[0], HEADLINE[1] - 1
    kept = groups.join(yearly, on="metric_id", how="semi").filter(
        (pl.col("group_type") == "all")
        & (pl.col("kind") == "window")
        & (pl.col("first_month_after") == first)
        & (pl.col("last_month_after") == last)
        & (pl.col("n_units") >= _MIN_POOLED)
    )
    unseen = units.filter(pl.col("is_pooled") & pl.col("cf_delta").is_null())
    few = unseen.group_by("metric_id").len().filter(pl.col("len") < _MIN_POOLED)
    kept = kept.join(few, on="metric_id", how="anti", maintain_order="left")
    decimals = {row["metric_id"]: row["decimals"] for row in yearly.iter_rows(named=True)}
    rows = []
    for row in kept.iter_rows(named=True):
        places = max(decimals[row["metric_id"]], 1)
        row |= {name: _rounded(row[name], places) for name in _POOLED_ROUNDED}
        row |= {name: _rounded(row[name], _SURENESS_DECIMALS) for name in ("p", "q")}
        rows.append(row | dict.fromkeys(_POOLED_HIDDEN))
    told = pl.DataFrame(rows, schema=groups.schema, orient="row")
    return pl.concat([without_yearly(groups, metrics), told])


def checks_passed(checks: pl.DataFrame, metrics: pl.DataFrame) -> pl.DataFrame:
    """Of models of what units show per year, leave which checks failed and no measured figure.

    Each is computed from months that nobody may see, in six digits.

    Args:
        checks: Finished rows, one per metric.
        metrics: ``EffectInputs.metrics``.
    """
    yearly = _yearly(metrics)["metric_id"].to_list()
    told = ~pl.col("metric_id").is_in(yearly)
    return checks.with_columns(pl.when(told).then(pl.col(*_CHECKED)))


def without_yearly(rows: pl.DataFrame, metrics: pl.DataFrame) -> pl.DataFrame:
    """Leave out the rows of what units show per year: they tell of stretches and of few units."""
    return rows.join(_yearly(metrics), on="metric_id", how="anti")


def _yearly(metrics: pl.DataFrame) -> pl.DataFrame:
    return (
        metrics.filter(pl.col("is_yearly")) if "is_yearly" in metrics.columns else metrics.clear()
    )


def _reduced(row: Mapping[str, Any], metric: dict[str, Any]) -> dict[str, Any]:
    decimals = metric["decimals"]
    if row["effect_unit"] == "percent":
        decimals = max(decimals, 1)
    found = {name: value if name in _KEPT else None for name, value in row.items()}
    found |= {name: _rounded(row[name], decimals) for name in _ROUNDED}
    found |= {name: _rounded(row[name], _SURENESS_DECIMALS) for name in _SURENESS}
    return found


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
