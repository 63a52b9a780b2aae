"""What may leave of effects that were estimated from months nobody may see.

A unit shows the parts of a total per year, its months are fitted on the restricted side. Only the
effect over the window, its interval, how sure it is and the verdict leave, rounded as they are
printed: nothing per month or stretch, no level and nothing that gives the exact figure back. Levels
before and after are those of the published years. Nothing is estimated here.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

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
_SURENESS = ("p", "q")
_SURENESS_DECIMALS = 2


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
