"""Reference cases for effects: found by their files and read. Nothing is estimated.

A case is a kernel file (`*kernel_case*.json`), a city (a folder with expected_effects.csv), a
batch of panels (a folder with truth.parquet) or a published study (a folder with expected.json, see
effect_designs).
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.panel import Panel

CASES = Path(os.environ.get("PUKK_EFFECT_CASES", Path(__file__).parents[1] / "reference/effects"))
HIGHER_IS_BETTER = {"kpi_score"}
COST_LINKED = {"overtime_h_per_fte", "temp_cost_kr_per_fte", "budget_dev_pct"}
RELEVANT = {"sick_total": 1.0, "sick_long": 1.0, "sick_short": 0.5}


@dataclass(frozen=True)
class Check:
    """One measured distance and its limits."""

    case: str
    what: str
    measured: float
    low: float
    high: float

    @property
    def ok(self) -> bool:
        return bool(self.low <= self.measured <= self.high)


def kernel_files(folder: Path = CASES) -> list[Path]:
    return sorted(folder.glob("*kernel_case*.json"))


def city_folders(folder: Path = CASES) -> list[Path]:
    return sorted(file.parent for file in folder.glob("*/expected_effects.csv"))


def batch_folders(folder: Path = CASES) -> list[Path]:
    return sorted(file.parent for file in folder.glob("*/truth.parquet"))


def unknown(folder: Path = CASES) -> list[str]:
    """What lies in a folder of cases and is of no known kind: it would be skipped unseen."""
    known = {*kernel_files(folder), *city_folders(folder), *batch_folders(folder)}
    known |= {file.parent for file in folder.glob("*/expected.json")}
    return sorted(
        each.name
        for each in folder.iterdir()
        if each not in known and (each.is_dir() or each.suffix == ".json")
    )


def kernel_case(file: Path) -> tuple[dict[str, Any], Panel]:
    case = json.loads(file.read_text(encoding="utf-8"))
    n_months = case["months"]
    return case, Panel(
        unit_ids=tuple(f"u{i:03d}" for i in range(len(case["employees"]))),
        first_month=date(2020, 1, 1),
        values=np.array(case["values"], dtype=float),
        employees=np.array(case["employees"], dtype=float),
        start=np.array([n_months if s is None else s for s in case["start"]]),
    )


def city_inputs(folder: Path) -> EffectInputs:
    values = pl.read_parquet(folder / "values.parquet").select(
        "unit_id",
        (pl.col("month") + "-01").str.to_date().alias("month"),
        pl.col("metric").alias("metric_id"),
        pl.col("value").cast(pl.Float64),
        pl.lit(None, pl.Float64).alias("numerator"),
        pl.lit(None, pl.Float64).alias("denominator"),
    )
    units = pl.read_csv(folder / "units.csv").select(
        "unit_id",
        pl.lit(None, pl.String).alias("sector"),
        pl.when(pl.col("wave") > 0).then("wave").alias("wave"),
        (pl.col("pilot") == 1).alias("is_pilot"),
        (pl.col("lean_start") + "-01").str.to_date().alias("lean_start"),
        pl.col("employees").cast(pl.Float64),
    )
    events = pl.read_csv(folder / "events.csv").select(
        "unit_id",
        (pl.col("month") + "-01").str.to_date().alias("month"),
        pl.col("event").alias("event_type"),
        pl.col("metric").alias("metric_id"),
    )
    names = values["metric_id"].unique(maintain_order=True).to_list()
    metrics = pl.DataFrame(
        {
            "metric_id": names,
            "label_nb": names,
            "label_en": names,
            "unit": ["score" if n in HIGHER_IS_BETTER else "pct" for n in names],
            "decimals": [1] * len(names),
            "direction": ["higher" if n in HIGHER_IS_BETTER else "lower" for n in names],
            "target_value": [None] * len(names),
            "scale": [1.0] * len(names),
            "is_cost_linked": [n in COST_LINKED for n in names],
            "minimum_relevant_effect": [RELEVANT.get(n) for n in names],
            "log_if_skewed": [False] * len(names),
            "min_persons": [5] * len(names),
        },
        schema_overrides={"target_value": pl.Float64},
    )
    return EffectInputs(values, units, metrics, events, values["month"].max())


def batch_panel(folder: Path, panel_id: str) -> Panel:
    keep = pl.col("panel_id") == panel_id
    units = pl.read_parquet(folder / "units.parquet").filter(keep).sort("unit")
    rows = pl.read_parquet(folder / "values.parquet").filter(keep)
    n_months = rows["t"].max() + 1
    values = np.full((units.height, n_months), np.nan)
    row_of = {unit: i for i, unit in enumerate(units["unit"])}
    values[[row_of[u] for u in rows["unit"]], rows["t"].to_numpy()] = rows["value"].to_numpy()
    start = units["start_t"].cast(pl.Int64).to_numpy()
    return Panel(
        unit_ids=tuple(str(unit) for unit in units["unit"]),
        first_month=date(2010, 1, 1),
        values=values,
        employees=units["employees"].cast(pl.Float64).to_numpy(),
        start=np.where(start < 0, n_months, start),
    )
