"""Small made-up municipalities for the tests of effects, from a seed."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.panel import Panel

FIRST_MONTH = date(2018, 1, 1)
# what the engine is told of a metric, but for its id and its scale
SICK_LEAVE: dict[str, Any] = {
    "label_nb": "Sykefravær",
    "label_en": "Sick leave",
    "unit": "pct",
    "decimals": 1,
    "direction": "lower",
    "target_value": None,
    "is_cost_linked": False,
    "minimum_relevant_effect": 1.0,
    "log_if_skewed": False,
    "min_persons": 5,
}


def small_panel(seed: int, n_units: int = 21, n_months: int = 54, holes: float = 0.05) -> Panel:
    """A third of the units start between month 26 and 36; some cells are missing."""
    rng = np.random.default_rng(seed)
    employees = rng.integers(5, 40, n_units).astype(float)
    slow = np.zeros((n_units, n_months))
    fast = np.zeros((n_units, n_months))
    slow[:, 0], fast[:, 0] = rng.normal(0, 0.8, n_units), rng.normal(0, 1.2, n_units)
    for month in range(1, n_months):
        slow[:, month] = 0.93 * slow[:, month - 1] + rng.normal(0, 0.3, n_units)
        fast[:, month] = 0.5 * fast[:, month - 1] + rng.normal(0, 1.0, n_units)
    noise = fast + rng.normal(0, 0.8, (n_units, n_months))
    season = 1.5 * np.cos(np.arange(n_months) * 2 * np.pi / 12)
    level = 8 + rng.normal(0, 1.5, (n_units, 1))
    values = level + season + slow + np.sqrt(10 / employees)[:, None] * noise
    values[rng.random(values.shape) < holes] = np.nan
    start = np.full(n_units, n_months)
    start[: n_units // 3] = rng.integers(26, 37, n_units // 3)
    names = tuple(f"E{unit:02d}" for unit in range(n_units))
    return Panel(names, FIRST_MONTH, values, employees, start)


def with_values(panel: Panel, values: np.ndarray[Any, Any]) -> Panel:
    return replace(panel, values=values)


def month_of(index: int) -> date:
    return date(FIRST_MONTH.year + index // 12, index % 12 + 1, 1)


def inputs_of(panel: Panel, **metric: Any) -> EffectInputs:
    """The frames of a one-metric municipality whose panel this is."""
    rows = [
        {"unit_id": unit_id, "month": month_of(month), "metric_id": "m", "value": float(value)}
        for unit_id, line in zip(panel.unit_ids, panel.values, strict=True)
        for month, value in enumerate(line)
        if not np.isnan(value)
    ]
    nothing = pl.lit(None, pl.Float64)
    units = [
        {
            "unit_id": unit_id,
            "sector": "Helse" if number % 2 else "Skole",
            "wave": 1 if start < panel.n_months else None,
            "is_pilot": number < 3,
            "lean_start": month_of(int(start)) if start < panel.n_months else None,
            "employees": float(employees),
        }
        for number, (unit_id, start, employees) in enumerate(
            zip(panel.unit_ids, panel.start, panel.employees, strict=True)
        )
    ]
    about = {**SICK_LEAVE, "metric_id": "m", "scale": 1.0}
    return EffectInputs(
        values=pl.DataFrame(rows).with_columns(
            nothing.alias("numerator"), nothing.alias("denominator")
        ),
        units=pl.DataFrame(units, schema_overrides={"lean_start": pl.Date, "wave": pl.Int64}),
        metrics=pl.DataFrame([about | metric], schema_overrides={"target_value": pl.Float64}),
        events=no_events(),
        as_of_month=month_of(panel.n_months - 1),
    )


def no_events() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "unit_id": pl.String,
            "month": pl.Date,
            "event_type": pl.String,
            "metric_id": pl.String,
        }
    )


def event(unit_id: str | None, month: int, kind: str, metric_id: str | None = None) -> pl.DataFrame:
    row = {
        "unit_id": unit_id,
        "month": month_of(month),
        "event_type": kind,
        "metric_id": metric_id,
    }
    return pl.DataFrame([row], schema=no_events().schema)


STARTED_IN, PLANTED = 30, -6.0


def planted_world() -> EffectInputs:
    """28 units, nine of them started in month 30 with a large planted effect; one is too small."""
    panel = small_panel(21, n_units=28, n_months=66)
    start = np.where(panel.start < panel.n_months, STARTED_IN, panel.n_months)
    values = panel.values.copy()
    values[:9, STARTED_IN:] += PLANTED
    employees = panel.employees.copy()
    employees[0] = 4.0
    return inputs_of(replace(panel, values=values, start=start, employees=employees))
