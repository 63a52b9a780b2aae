"""Simulated municipalities through the engine of effects, one after the other, kept in a folder.

An effect in points moves every month after the start and nothing before it, so the fit of a
municipality serves all effects added to it.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pipelines.effects.judge.unit_rows import draft_rows
from pipelines.effects.model.cache import MODEL_VERSION
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.models import MetricModel, ModelRequest, model_metric
from pipelines.effects.tables.comparable_rows import comparable_rows
from pipelines.effects.tables.metric_estimate import metric_panel
from pipelines.effects.tables.pooled_rows import pooled_rows
from pipelines.effects.tables.pooled_verdicts import POOLED_TABLE
from pipelines.effects.tables.table import effect_table
from tests.statistics.effect_worlds import SICK_LEAVE, no_events
from tests.statistics.harder_worlds import made
from tests.statistics.simulated_municipality import (
    INTRODUCTION_MONTHS,
    N_MONTHS,
    Floats,
    Simulated,
    fading,
    month_of,
)

# what is added after the start, by name
EFFECTS: Mapping[str, Floats] = {
    "none": np.zeros(1),
    "minus_1": np.array([-1.0]),
    "minus_2": np.array([-2.0]),
    "fading": fading(-2.0),
}
METRIC_ID = "sick_leave_pct"
ABOUT = {**SICK_LEAVE, "metric_id": METRIC_ID, "scale": 100.0}


@dataclass(frozen=True)
class Estimated:
    """What the engine says of some municipalities.

    Attributes:
        units: The rows of the effect table, with ``world``, ``seed``, ``effect`` (name).
        pooled: The rows of the pooled table, with the same three.
        fits: One row per municipality: seconds of the fit, seconds of all rows, failed checks.
    """

    units: pl.DataFrame
    pooled: pl.DataFrame
    fits: pl.DataFrame


def estimated(world: str, seeds: Iterable[int], folder: Path) -> Estimated:
    """The effects of a world's municipalities, from the folder or, where missing, estimated now.

    Args:
        world: Name of the world.
        seeds: One municipality each.
        folder: Kept results, by the model's version.
    """
    found = [_kept(world, seed, folder) for seed in seeds]
    return Estimated(
        *(pl.concat([getattr(one, name) for one in found]) for name in ("units", "pooled", "fits"))
    )


def estimate(simulated: Simulated) -> Estimated:
    """Effects of one municipality with every effect added to it."""
    began = time.process_time()
    inputs = inputs_of(simulated, EFFECTS["none"])
    panel = metric_panel(inputs, METRIC_ID)
    assert panel is not None
    with TemporaryDirectory() as cache:
        model = model_metric(ModelRequest(panel, False, Path(cache)))
    assert model is not None
    fitted = time.process_time()
    units, pooled = [], []
    for name, effect in EFFECTS.items():
        changed = inputs_of(simulated, effect)
        rows, together = _rows(changed, model)
        told = [
            pl.lit(simulated.world).alias("world"),
            pl.lit(simulated.seed).alias("seed"),
            pl.lit(name).alias("effect"),
        ]
        units.append(rows.with_columns(told))
        pooled.append(together.with_columns(told))
    fits = pl.DataFrame(
        {
            "world": [simulated.world],
            "seed": [simulated.seed],
            "fit_seconds": [fitted - began],
            "rows_seconds": [(time.process_time() - fitted) / len(EFFECTS)],
            "failures": [", ".join(model.checks.failures)],
        }
    )
    return Estimated(pl.concat(units), pl.concat(pooled), fits)


def inputs_of(simulated: Simulated, effect: Floats) -> EffectInputs:
    """The frames the engine takes in; the introduction has no figures."""
    values = simulated.changed_by(effect)
    months = np.arange(N_MONTHS)
    begin, start = simulated.begin[:, None], simulated.start[:, None]
    unit_at, month_at = np.nonzero((months < begin) | (months >= start))
    unit_ids = np.array(simulated.unit_ids)
    all_months = np.array([month_of(month) for month in months], dtype="datetime64[D]")
    nothing = pl.lit(None, pl.Float64)
    units = [
        {
            "unit_id": unit_id,
            "sector": f"sektor {service % 3}",
            "wave": int(wave) if wave else None,
            "is_pilot": 0 < wave <= 2,
            "lean_start": month_of(int(first)) if wave else None,
            "employees": float(employees),
            "introduction_months": INTRODUCTION_MONTHS,
        }
        for unit_id, service, wave, first, employees in zip(
            simulated.unit_ids,
            simulated.service,
            simulated.wave,
            simulated.start,
            simulated.employees,
            strict=True,
        )
    ]
    types: dict[str, pl.DataType | type[pl.DataType]] = {"lean_start": pl.Date, "wave": pl.Int64}
    return EffectInputs(
        values=pl.DataFrame(
            {
                "unit_id": unit_ids[unit_at],
                "month": all_months[month_at],
                "value": values[unit_at, month_at],
            }
        )
        .filter(pl.col("value").is_not_nan())
        .with_columns(
            pl.lit(METRIC_ID).alias("metric_id"),
            nothing.alias("numerator"),
            nothing.alias("denominator"),
        ),
        units=pl.DataFrame(units, schema_overrides=types),
        metrics=pl.DataFrame([ABOUT], schema_overrides={"target_value": pl.Float64}),
        events=_events(simulated),
        as_of_month=month_of(N_MONTHS - 1),
    )


def _events(simulated: Simulated) -> pl.DataFrame:
    rows = [
        (simulated.unit_ids[unit], month_of(month), "reorganisation", None)
        for unit, month in simulated.reorganised
    ]
    return pl.DataFrame(rows, schema=no_events().schema, orient="row")


def _rows(inputs: EffectInputs, model: MetricModel) -> tuple[pl.DataFrame, pl.DataFrame]:
    panel = metric_panel(inputs, METRIC_ID)
    assert panel is not None
    model = replace(model, raw=panel, panel=panel)
    drafts = draft_rows(inputs, ABOUT, panel, model)
    units = effect_table(inputs, {METRIC_ID: comparable_rows(inputs, ABOUT, drafts, model)})
    told = [name for name in units.columns if name not in _LEFT_OUT]
    pooled = pl.DataFrame(
        pooled_rows(inputs, ABOUT, drafts, model), schema=POOLED_TABLE, orient="row"
    )
    return units.select(told), pooled.drop("model_version")


_LEFT_OUT = {"params", "input_hash", "model_version"}


def _kept(world: str, seed: int, folder: Path) -> Estimated:
    paths = {
        name: folder / MODEL_VERSION / world / f"{seed:05d}_{name}.parquet"
        for name in ("units", "pooled", "fits")
    }
    if not paths["fits"].exists():
        found = estimate(made(world, seed))
        paths["fits"].parent.mkdir(parents=True, exist_ok=True)
        for name, path in paths.items():
            getattr(found, name).write_parquet(path)
    return Estimated(*(pl.read_parquet(path) for path in paths.values()))
