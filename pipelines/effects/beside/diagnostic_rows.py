"""The rows of mart_effect_diagnostics; how each estimator is read is said in the word files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.beside.estimates import DIAGNOSTICS_VERSION, HORIZON, Estimate
from pipelines.effects.model.scale import Scale, told

DIAGNOSTICS_TABLE = pl.Schema(
    {
        "metric_id": pl.String(),
        "as_of_month": pl.Date(),
        "estimator": pl.String(),
        "kind": pl.String(),
        "first_month_after": pl.Int32(),
        "last_month_after": pl.Int32(),
        "n_units": pl.Int32(),
        "n_comparison": pl.Int32(),
        "effect_unit": pl.String(),
        "estimate": pl.Float64(),
        "se": pl.Float64(),
        "lo": pl.Float64(),
        "hi": pl.Float64(),
        "start_year": pl.String(),
        "method_version": pl.String(),
    }
)
# the designs that lean on the months just before the start
_LEANS = ("cs_not_yet", "cs_never", "sdid")


def diagnostic_rows(
    metric: dict[str, Any],
    as_of_month: date,
    estimates: Sequence[Estimate],
    scale: Scale,
    year: str | None,
) -> list[dict[str, Any]]:
    """Tell estimates in the metric's unit, or in per cent.

    Args:
        metric: One row of ``EffectInputs.metrics``.
        as_of_month: Last known month.
        estimates: Of one metric, on the model's scale; the interrupted series' are logarithms.
        scale: The model's scale.
        year: As :func:`pipelines.effects.model.bump.start_year`.
    """
    return [
        {"metric_id": metric["metric_id"], "as_of_month": as_of_month}
        | _row(estimate, "log" if estimate.estimator == "interrupted_series" else scale, year)
        for estimate in estimates
    ]


def _row(estimate: Estimate, scale: Scale, year: str | None) -> dict[str, Any]:
    first, last = (0, HORIZON - 1) if estimate.month is None else (estimate.month, estimate.month)
    values = {
        "estimate": told(estimate.estimate, scale),
        "se": estimate.se * (1 if scale == "raw" else 100),
        "lo": told(estimate.interval[0], scale),
        "hi": told(estimate.interval[1], scale),
    }
    return {
        "estimator": estimate.estimator,
        "kind": "overall" if estimate.month is None else "event_month",
        "first_month_after": first,
        "last_month_after": last,
        "n_units": estimate.n_units,
        "n_comparison": estimate.n_comparison,
        "effect_unit": "raw" if scale == "raw" else "percent",
        **{name: value if np.isfinite(value) else None for name, value in values.items()},
        "start_year": year if estimate.estimator in _LEANS else None,
        "method_version": DIAGNOSTICS_VERSION,
    }
