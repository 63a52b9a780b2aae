"""The rows of mart_effect_diagnostics, and the words that say how to read each estimator."""

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
        "estimator_nb": pl.String(),
        "estimator_en": pl.String(),
        "note_nb": pl.String(),
        "note_en": pl.String(),
        "method_version": pl.String(),
    }
)
_NAMES = {
    "cs_not_yet": (
        "Forskjell i forskjeller per startmåned, mot enheter som ikke har startet ennå",
        "Difference in differences by start month, against units not yet started",
    ),
    "cs_never": (
        "Forskjell i forskjeller per startmåned, mot enheter som aldri har startet",
        "Difference in differences by start month, against units that never started",
    ),
    "imputation": (
        "Innsetting fra enhets- og månedsnivå",
        "Imputation from unit and month levels",
    ),
    "sdid": (
        "Syntetisk forskjell i forskjeller",
        "Synthetic difference in differences",
    ),
    "interrupted_series": (
        "Avbrutt tidsserie, uten sammenligning",
        "Interrupted time series, without a comparison",
    ),
}
_CHECK = ("Kontroll ved siden av, aldri konklusjonen.", "A check beside, never the conclusion.")
_ONE_MONTH = (
    "Alt måles mot måneden før oppstart; var den uvanlig, leses veien tilbake til det vanlige som"
    " effekt.",
    "Everything is measured against the month before the start; if that was unusual, the way back"
    " to the usual is read as an effect.",
)
_BIASES = {
    "cs_not_yet": _ONE_MONTH,
    "cs_never": _ONE_MONTH,
    "imputation": (
        "Alle måneder før oppstart teller likt; etter et uvanlig år blir anslaget skjevt, til den"
        " ene eller den andre siden, og intervallet er for smalt når enheter svinger langsomt.",
        "All months before the start count alike; after an unusual year the estimate is off, to"
        " one side or the other, and the interval is too narrow when units drift slowly.",
    ),
    "sdid": (
        "Enhetene som ikke har startet, vektes så de ligner før oppstart; et uvanlig år blir"
        " likevel delvis med, og intervallet er for smalt. Bare enheter med tall i"
        " alle måneder er med.",
        "Units that have not started are weighted to look alike before the start; part of an"
        " unusual year remains all the same, and the interval is too narrow. Only units with"
        " figures in all months take part.",
    ),
    "interrupted_series": (
        "Det som rammer alle enheter samtidig, leses som effekt, og intervallet er for smalt fordi"
        " én serie ikke viser hvor mye den svinger av seg selv.",
        "What hits all units at once is read as an effect, and the interval is too narrow since one"
        " series cannot show how far it drifts by itself.",
    ),
}
_STARTS = {
    "bad": (
        "Disse enhetene startet etter et uvanlig dårlig år: vent at bedringen er overdrevet her.",
        "These units started after an unusually bad year: expect an exaggerated improvement here.",
    ),
    "good": (
        "Disse enhetene startet etter et uvanlig godt år: vent at forverringen er overdrevet her.",
        "These units started after an unusually good year: expect an exaggerated worsening here.",
    ),
    "unusual": (
        "Disse enhetene startet etter et uvanlig år: vent at endringen er overdrevet her.",
        "These units started after an unusual year: expect an exaggerated change here.",
    ),
}


def diagnostic_rows(
    metric: dict[str, Any],
    as_of_month: date,
    estimates: Sequence[Estimate],
    scale: Scale,
    year: str | None,
) -> list[dict[str, Any]]:
    """Tell estimates in the metric's unit, or in per cent, with how to read them.

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
    # of the designs that lean on the months just before the start
    leans = estimate.estimator in ("cs_not_yet", "cs_never", "sdid")
    notes = [_CHECK, _BIASES[estimate.estimator]]
    if year is not None and leans:
        notes.append(_STARTS[year])
    values = {
        "estimate": told(estimate.estimate, scale),
        "se": estimate.se * (1 if scale == "raw" else 100),
        "lo": told(estimate.interval[0], scale),
        "hi": told(estimate.interval[1], scale),
    }
    names = _NAMES[estimate.estimator]
    return {
        "estimator": estimate.estimator,
        "kind": "overall" if estimate.month is None else "event_month",
        "first_month_after": first,
        "last_month_after": last,
        "n_units": estimate.n_units,
        "n_comparison": estimate.n_comparison,
        "effect_unit": "raw" if scale == "raw" else "percent",
        **{name: value if np.isfinite(value) else None for name, value in values.items()},
        "estimator_nb": names[0],
        "estimator_en": names[1],
        "note_nb": " ".join(note[0] for note in notes),
        "note_en": " ".join(note[1] for note in notes),
        "method_version": DIAGNOSTICS_VERSION,
    }
