"""Runs every effect case in a folder: `python -m tests.statistics.effect_runner`.

PUKK_EFFECT_CASES points to another folder of cases. Reading them is in effect_cases.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pipelines.effects.judge.unit_rows import draft_rows
from pipelines.effects.model.counterfactual import unit_effects, window_weights
from pipelines.effects.model.fit import Fit, month_effects
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kernel import KernelParams, log_likelihood_and_gradient
from pipelines.effects.model.models import MetricModel, ModelRequest, model_metric
from pipelines.effects.model.processes import map_in_processes
from pipelines.effects.tables.comparable_rows import comparable_rows
from pipelines.effects.tables.metric_estimate import metric_panel
from pipelines.effects.tables.pooled_rows import (
    Group,
    groups_of,
    pool_contrast,
    pool_window,
    prepare,
)
from pipelines.effects.tables.table import effect_table
from tests.statistics.effect_batch import batch_checks, batch_summary
from tests.statistics.effect_cases import (
    HIGHER_IS_BETTER,
    Check,
    batch_folders,
    city_folders,
    city_inputs,
    kernel_case,
    kernel_files,
)
from tests.statistics.effect_designs import design_checks, design_folders


def kernel_checks(file: Path) -> Iterator[Check]:
    case, panel = kernel_case(file)
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
    rows = {
        name: comparable_rows(inputs, {"metric_id": name, **metrics[name]}, drafts[name], model)
        for name, model in models.items()
    }
    table = effect_table(inputs, rows)
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
    ours = table.join(judged_anew(expected), on=["unit_id", "metric_id"], suffix="_ref")
    gap = ours.select((pl.col("q") - pl.col("q_ref")).abs().max()).item()
    # within a metric n / rank is small beside n over all, and a gap in p shows more
    yield Check(case, "q, largest gap", gap, 0, 0.03)
    for column in ("verdict", "n_untreated", "n_before", "n_after"):
        kept = ours if column == "verdict" else seen
        share = kept.select((pl.col(column) == pl.col(f"{column}_ref")).mean()).item()
        yield Check(case, f"same {column}", share, 0.99, 1)


def judged_anew(expected: pl.DataFrame) -> pl.DataFrame:
    """The reference's own figures under the rule as it is now: q within each metric, at two years.

    The reference was judged after one year too, with q over all metrics.
    """
    stopped = ("suppressed", "not_interpretable", "too_little_data")
    early = (pl.col("post_months") < 24) & (pl.col("verdict") != "suppressed")
    rows = expected.rename({"metric": "metric_id"}).with_columns(
        verdict=pl.when(early).then(pl.lit("too_little_data")).otherwise("verdict")
    )
    tested = ~pl.col("verdict").is_in(stopped)
    n, rank = pl.len().over("metric_id"), pl.col("p").rank("ordinal").over("metric_id")
    judged = (
        rows.filter(tested)
        .with_columns(q=pl.col("p") * n / rank)
        .sort("metric_id", "p", descending=[False, True])
        .with_columns(q=pl.col("q").cum_min().over("metric_id").clip(upper_bound=1))
    )
    is_good = (pl.col("cf_delta") > 0) == pl.col("metric_id").is_in(list(HIGHER_IS_BETTER))
    found = (pl.col("p") <= 0.05) & (pl.col("q") <= 0.10)
    told = pl.when(is_good).then(pl.lit("improved")).otherwise(pl.lit("worsened"))
    judged = judged.with_columns(
        verdict=pl.when(found).then(told).otherwise(pl.lit("no_detectable_change"))
    )
    columns = ("unit_id", "metric_id", "q", "verdict")
    rest = rows.filter(~tested).with_columns(q=pl.lit(None, pl.Float64))
    return pl.concat([judged.select(columns), rest.select(columns)])


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


def main() -> int:
    """Run all cases and print one line per check."""
    failed = 0
    for file in kernel_files():
        failed += _tell(kernel_checks(file))
    for folder in design_folders():
        failed += _tell(design_checks(folder))
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
