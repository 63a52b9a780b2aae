"""The rows of mart_effect_diagnostics; how each estimator is read is said in the word files."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from pipelines.effects.beside.estimates import DIAGNOSTICS_VERSION, HORIZON, Estimate
from pipelines.effects.model.rows import DiagnosticRow
from pipelines.effects.model.scale import Telling

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
    metric_id: str,
    as_of_month: date,
    estimates: Sequence[Estimate],
    telling: Telling,
    year: str | None,
) -> list[DiagnosticRow]:
    """Tell estimates in the metric's unit, or in per cent.

    Args:
        metric_id: The metric.
        as_of_month: Last known month.
        estimates: Of one metric, on the model's scale; the interrupted series' are logarithms.
        telling: How estimates on the model's scale are told.
        year: As :func:`pipelines.effects.model.bump.start_year`.
    """
    return [
        _row(
            (metric_id, as_of_month),
            estimate,
            Telling("log") if estimate.estimator == "interrupted_series" else telling,
            year,
        )
        for estimate in estimates
    ]


def _row(
    about: tuple[str, date], estimate: Estimate, telling: Telling, year: str | None
) -> DiagnosticRow:
    first, last = (0, HORIZON - 1) if estimate.month is None else (estimate.month, estimate.month)
    return DiagnosticRow(
        metric_id=about[0],
        as_of_month=about[1],
        estimator=estimate.estimator,
        kind="overall" if estimate.month is None else "event_month",
        first_month_after=first,
        last_month_after=last,
        n_units=estimate.n_units,
        n_comparison=estimate.n_comparison,
        effect_unit=telling.effect_unit,
        estimate=_finite(telling.told(estimate.estimate)),
        se=_finite(telling.error(estimate.se)),
        lo=_finite(telling.told(estimate.interval[0])),
        hi=_finite(telling.told(estimate.interval[1])),
        start_year=year if estimate.estimator in _LEANS else None,
        method_version=DIAGNOSTICS_VERSION,
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
