"""False positives and coverage of the engine over a batch of simulated panels with known truth."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.effects.model.bump import pre_start_bump
from pipelines.effects.model.counterfactual import unit_effects, window_weights
from pipelines.effects.model.fit import fit_panel
from pipelines.effects.model.pooled import pool
from pipelines.effects.model.processes import map_in_processes
from tests.statistics.effect_cases import Check, batch_panel


def batch_rows(folder: Path, panel_id: str) -> list[dict[str, object]]:
    """Unit results and one pooled result of a panel."""
    truth = pl.read_parquet(folder / "truth.parquet").filter(pl.col("panel_id") == panel_id)
    panel = batch_panel(folder, panel_id)
    fit = fit_panel(panel)
    scenario = truth["scenario"][0]
    rows, effects, bumps, sizes, trues = [], [], [], [], []
    for true in truth.iter_rows(named=True):
        unit = panel.unit_ids.index(str(true["unit"]))
        length = 24 if panel.n_months - panel.start[unit] >= 24 else 12
        effect = unit_effects(panel, fit, unit, [window_weights(panel, unit, 0, length)])[0]
        low, high = effect.interval
        target = true[f"true_0_{length}"]
        rows.append(
            {
                "scenario": scenario,
                "level": "unit",
                "error": effect.estimate - target,
                "covered": low <= target <= high,
                "is_null": target == 0,
                "found": effect.p_value <= 0.05,
                "se": effect.standard_error,
            }
        )
        effects.append(effect)
        bumps.append(pre_start_bump(panel, fit, unit).delta)
        sizes.append(panel.employees[unit])
        trues.append(target)
    weights = np.array(sizes)
    pooled = pool(effects, weights, fit.mu_covariance, np.array(bumps))
    target = float(np.average(trues, weights=weights))
    rows.append(
        {
            "scenario": scenario,
            "level": "pooled",
            "error": pooled.estimate - target,
            "covered": pooled.low <= target <= pooled.high,
            "is_null": target == 0,
            "found": pooled.p_value <= 0.05,
            "se": pooled.standard_error,
        }
    )
    return rows


def batch_summary(folder: Path, panels: list[str] | None = None, workers: int = 2) -> pl.DataFrame:
    """Bias, false positives, power and coverage per scenario and level."""
    if panels is None:
        panels = pl.read_parquet(folder / "truth.parquet")["panel_id"].unique().sort().to_list()
    found = map_in_processes(partial(batch_rows, folder), panels, workers)
    return (
        pl.DataFrame([row for rows in found for row in rows])
        .group_by("scenario", "level", maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.col("error").mean().alias("bias"),
            (100 * pl.col("found").filter(pl.col("is_null")).mean()).alias("false_positive_pct"),
            (100 * pl.col("found").filter(~pl.col("is_null")).mean()).alias("power_pct"),
            (100 * pl.col("covered").mean()).alias("coverage_pct"),
            pl.col("se").median().alias("median_se"),
        )
        .sort("level", "scenario", descending=[True, False])
    )


def batch_checks(
    name: str, summary: pl.DataFrame, low: float = 93, high: float = 98
) -> Iterator[Check]:
    """Coverage per scenario between the limits; false positives at most 6 %, or 100 - low."""
    most = 6.0 if low >= 93 else 100 - low
    for row in summary.filter(pl.col("level") == "unit").iter_rows(named=True):
        case = f"{name}/{row['scenario']}"
        if row["false_positive_pct"] is not None:
            yield Check(case, "unit false positives %", row["false_positive_pct"], 0, most)
        yield Check(case, "unit coverage %", row["coverage_pct"], low, high)
