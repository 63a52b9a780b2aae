"""Runs every effect case in a folder: `python tests/statistics/effect_runner.py`.

A case is a kernel file (`*kernel_case*.json`), a city (a folder with expected_effects.csv) or a
batch of panels (a folder with truth.parquet). Other folders belong to other methods.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pipelines.effects.bump import pre_start_bump
from pipelines.effects.counterfactual import unit_effects, window_weights
from pipelines.effects.fit import Fit, fit_panel, month_effects
from pipelines.effects.inputs import EffectInputs
from pipelines.effects.kernel import KernelParams, log_likelihood_and_gradient
from pipelines.effects.models import MetricModel, ModelRequest, model_metric
from pipelines.effects.panel import Panel
from pipelines.effects.pooled import pool
from pipelines.effects.pooled_rows import Group, groups_of, pool_contrast, pool_window, prepare
from pipelines.effects.processes import map_in_processes
from pipelines.effects.run import metric_panel
from pipelines.effects.table import effect_table
from pipelines.effects.unit_rows import draft_rows

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


def kernel_checks(file: Path) -> Iterator[Check]:
    case = json.loads(file.read_text(encoding="utf-8"))
    n_months = case["months"]
    panel = Panel(
        unit_ids=tuple(f"u{i:03d}" for i in range(len(case["employees"]))),
        first_month=date(2020, 1, 1),
        values=np.array(case["values"], dtype=float),
        employees=np.array(case["employees"], dtype=float),
        start=np.array([n_months if s is None else s for s in case["start"]]),
    )
    params = KernelParams(**case["params"])
    mu, mu_covariance = month_effects(panel, params)
    observed = panel.observed_before
    likelihood, _ = log_likelihood_and_gradient(
        theta_of(params), np.where(observed, panel.values - mu, 0), observed, panel.noise_scale
    )
    expected = case["expected"]
    name = file.stem
    yield Check(name, "mu", float(np.abs(mu - expected["mu"]).max()), 0, 1e-5)
    yield Check(name, "log-likelihood", abs(likelihood - expected["loglik_no_2pi"]), 0, 1e-5)
    fit = Fit(params, mu, mu_covariance, likelihood, 1.0)
    for wanted in expected["effects"]:
        unit = wanted["unit"]
        weights = window_weights(panel, unit, wanted["lo"], wanted["hi"])
        effect = unit_effects(panel, fit, unit, [weights])[0]
        window = f"unit {unit} months {wanted['lo']}-{wanted['hi']}"
        yield Check(name, f"{window} effect", abs(effect.estimate - wanted["est"]), 0, 1e-5)
        yield Check(name, f"{window} SE", abs(effect.standard_error - wanted["se"]), 0, 1e-5)


def theta_of(params: KernelParams) -> np.ndarray:
    slow, fast = (params.phi_s - 0.8) / 0.195, params.phi_f / 0.95
    return np.array(
        [
            np.log(params.sigma_a),
            np.log(params.sigma_s),
            np.log(slow / (1 - slow)),
            np.log(params.sigma_f),
            np.log(fast / (1 - fast)),
            np.log(params.sigma_w),
        ]
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


def city_models(inputs: EffectInputs, cache: Path, workers: int = 2) -> dict[str, MetricModel]:
    names = inputs.metrics["metric_id"].to_list()
    requests = [ModelRequest(metric_panel(inputs, name), False, cache) for name in names]
    return dict(zip(names, map_in_processes(model_metric, requests, workers), strict=True))


def judging_all(model: MetricModel) -> MetricModel:
    """The reference judged every metric, whatever its checks said."""
    return replace(model, checks=replace(model.checks, sd=1, kurtosis=3, lag_1=0, lag_12=0))


def city_checks(folder: Path, models: dict[str, MetricModel]) -> Iterator[Check]:
    inputs = city_inputs(folder)
    models = {name: judging_all(model) for name, model in models.items()}
    metrics = inputs.metrics.rows_by_key("metric_id", named=True, unique=True)
    drafts = {
        name: draft_rows(inputs, {"metric_id": name, **metrics[name]}, model.raw, model)
        for name, model in models.items()
    }
    params = json.loads((folder / "expected_params.json").read_text(encoding="utf-8"))
    expected = pl.read_csv(folder / "expected_effects.csv")
    for name, model in models.items():
        case = f"{folder.name}/{name}"
        gap = abs(model.fit.log_likelihood - params[name]["loglik_no_2pi"])
        yield Check(case, "log-likelihood", gap, 0, 0.5)
        wanted = expected.filter(pl.col("metric") == name)
        yield from _unit_checks(case, model, wanted, 0.02)
        # the same formulas at the reference's own parameters: no optimiser in between
        given = at_params(model, params[name])
        yield from _unit_checks(f"{case} at its parameters", given, wanted, 0.02)
    table = effect_table(inputs, drafts, models)
    yield from _table_checks(folder.name, table, expected)
    pooled = pl.read_csv(folder / "expected_pooled.csv", infer_schema_length=None)
    for name, model in models.items():
        groups = {g.kind: g for g in groups_of(inputs, drafts[name])}
        rows = pooled.filter(pl.col("metric") == name)
        # the likelihood is nearly flat for some metrics and the reference stopped a little early
        yield from _pooled_checks(f"{folder.name}/{name}", model, groups, rows, 0.05)
        given = at_params(model, params[name])
        case = f"{folder.name}/{name} at its parameters"
        yield from _pooled_checks(case, given, groups, rows, 0.02)


def at_params(model: MetricModel, params: dict[str, float]) -> MetricModel:
    kernel = KernelParams(**{k: v for k, v in params.items() if k != "loglik_no_2pi"})
    mu, mu_covariance = month_effects(model.panel, kernel)
    fit = replace(model.fit, params=kernel, mu=mu, mu_covariance=mu_covariance)
    return replace(model, fit=fit)


def _unit_checks(
    case: str, model: MetricModel, expected: pl.DataFrame, limit: float
) -> Iterator[Check]:
    gaps, spreads = [], []
    for row in expected.iter_rows(named=True):
        unit = model.panel.unit_ids.index(row["unit_id"])
        weights = window_weights(model.panel, unit, 0, row["window"])
        effect = unit_effects(model.panel, model.fit, unit, [weights])[0]
        gaps.append(abs(effect.estimate - row["cf_delta"]) / row["cf_se"])
        spreads.append(abs(effect.standard_error / row["cf_se"] - 1))
    yield Check(case, "unit effects, largest gap in SE", max(gaps), 0, limit)
    yield Check(case, "unit SE, largest relative gap", max(spreads), 0, limit)


def _table_checks(case: str, table: pl.DataFrame, expected: pl.DataFrame) -> Iterator[Check]:
    both = table.join(
        expected.rename({"metric": "metric_id"}), on=["unit_id", "metric_id"], suffix="_ref"
    )
    yield Check(case, "rows", both.height, expected.height, expected.height)
    seen = both.filter(pl.col("naive_delta").is_not_null())
    for ours, theirs in (
        ("naive_delta", "naive"),
        ("seasonal_delta", "seasonal"),
        ("did_delta", "did"),
    ):
        size = 1 + pl.col(theirs).abs()
        gap = seen.select(((pl.col(ours) - pl.col(theirs)).abs() / size).max()).item()
        yield Check(case, ours, gap, 0, 1e-3)
    gap = seen.select((pl.col("did_p") - pl.col("did_p_ref")).abs().mean()).item()
    yield Check(case, "did_p, mean gap", gap, 0, 0.05)
    gap = seen.select((pl.col("q") - pl.col("q_ref")).abs().max()).item()
    yield Check(case, "q, largest gap", gap, 0, 0.02)
    for column in ("verdict", "n_untreated", "n_before", "n_after"):
        kept = both if column == "verdict" else seen
        share = kept.select((pl.col(column) == pl.col(f"{column}_ref")).mean()).item()
        yield Check(case, f"same {column}", share, 0.99, 1)


def _pooled_checks(
    case: str,
    model: MetricModel,
    groups: dict[str, Group],
    expected: pl.DataFrame,
    limit: float,
) -> Iterator[Check]:
    gaps: dict[str, list[float]] = {"estimate": [], "SE": [], "interval": [], "units": []}
    prepared = prepare(model, groups["all"].units)
    for row in expected.iter_rows(named=True):
        units = groups[row["group"]].units
        if "minus" in str(row["hi_m"]):
            found = pool_contrast(prepared, units)
        else:
            found = pool_window(prepared, units, (int(row["lo_m"]), int(row["hi_m"])))
        gaps["estimate"].append(abs(found.estimate - row["est"]) / row["se"])
        gaps["SE"].append(abs(found.standard_error / row["se"] - 1))
        ends = max(abs(found.low - row["lo"]), abs(found.high - row["hi"]))
        gaps["interval"].append(ends / row["se"])
        gaps["units"].append(abs(found.n_units - row["G"]))
    for what, values in gaps.items():
        yield Check(
            case, f"pooled {what}, largest gap", max(values), 0, 0 if what == "units" else limit
        )


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
    for row in summary.filter(pl.col("level") == "unit").iter_rows(named=True):
        case = f"{name}/{row['scenario']}"
        if row["false_positive_pct"] is not None:
            yield Check(case, "unit false positives %", row["false_positive_pct"], 0, 6)
        yield Check(case, "unit coverage %", row["coverage_pct"], low, high)


def main() -> int:
    """Run all cases and print one line per check."""
    failed = 0
    for file in kernel_files():
        failed += _tell(kernel_checks(file))
    with TemporaryDirectory() as cache:
        for folder in city_folders():
            began = time.perf_counter()
            models = city_models(city_inputs(folder), Path(cache))
            sys.stdout.write(f"{folder.name}: fitted in {time.perf_counter() - began:.1f} s\n")
            failed += _tell(city_checks(folder, models))
    for folder in batch_folders():
        began = time.perf_counter()
        summary = batch_summary(folder)
        with pl.Config(tbl_cols=-1, tbl_width_chars=140, float_precision=2):
            sys.stdout.write(f"{folder.name}: {time.perf_counter() - began:.0f} s\n{summary}\n")
        failed += _tell(batch_checks(folder.name, summary))
    return min(failed, 1)


def _tell(checks: Iterator[Check]) -> int:
    failed = 0
    for check in checks:
        failed += not check.ok
        mark = "ok  " if check.ok else "FAIL"
        sys.stdout.write(f"{mark} {check.case}: {check.what} = {check.measured:.4g}\n")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
