"""Reference cases of published studies: a folder with expected.json and one csv file each.

What expected.json holds says which kind it is; further folders of the same form are found too.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from pipelines.effects.beside.event_study import (
    Block,
    Staggered,
    callaway_santanna,
    imputation,
    synthetic_did,
)
from pipelines.effects.beside.interrupted_series import fit_counts, seasons
from pipelines.effects.model.counterfactual import unit_effects, window_weights
from pipelines.effects.model.fit import fit_panel
from pipelines.effects.model.panel import Panel
from tests.statistics.effect_cases import CASES, Check
from tests.statistics.effect_group_time import GroupTime, group_time
from tests.statistics.effect_plain import (
    event_study_by_hand,
    smoothness_intervals,
    synthetic_control,
    two_way_fixed_effects,
)

Checks = Iterator[Check]


def design_folders(folder: Path = CASES) -> list[Path]:
    return sorted(file.parent for file in folder.glob("*/expected.json"))


def design_checks(folder: Path) -> Checks:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    kinds = [check for key, check in _KINDS.items() if key in expected]
    assert kinds, f"{folder.name}: expected.json is of no known kind"
    (file,) = folder.glob("*.csv")
    separator = ";" if ";" in file.read_text(encoding="utf-8").split("\n", 1)[0] else ","
    data = pl.read_csv(file, separator=separator, null_values=["", "NA"])
    yield from kinds[0](folder.name, data, expected)


def _near(case: str, what: str, found: float, wanted: float, limit: float) -> Check:
    return Check(case, what, abs(found - wanted), 0, limit)


def _staggered(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Counties and a minimum wage: product functions, and every average by hand."""
    wide = data.sort("countyreal", "year").pivot("year", index="countyreal", values="lemp")
    times = [int(year) for year in wide.columns[1:]]
    groups = data.group_by("countyreal").agg(pl.col("first.treat").first()).sort("countyreal")
    first = groups["first.treat"].to_numpy()
    values = wide.sort("countyreal").drop("countyreal").to_numpy()
    start = np.array([times.index(g) if g in times else len(times) for g in first])
    design = Staggered(values, start)
    limit = 1e-6
    for control, never in (("never", True), ("not_yet", False)):
        wanted = expected["never_treated" if never else "not_yet_treated"]
        found = {e.month: e for e in callaway_santanna(design, control)}
        rows = [("simple", None, wanted["simple"])]
        rows += [("dynamic", r["egt"], r) for r in wanted["dynamic"]["egt"] if r["egt"] >= 0]
        for what, month, row in rows:
            name = f"{control} {what} {'' if month is None else month}"
            yield _near(case, f"{name} att", found[month].estimate, row["att"], limit)
            yield _near(case, f"{name} se", found[month].se, row["se"], limit)
        by_hand = group_time(values, times, first, never=never)
        yield from _averages(f"{case} {control} by hand", by_hand, wanted)
    cells = imputation(design)
    for key in (k for k in expected if k.startswith("imputation")):
        yield _near(case, "imputation att", cells[0].estimate, expected[key]["att"], limit)
        yield _near(case, "imputation se", cells[0].se, expected[key]["se"], limit)
    coefficient, error = two_way_fixed_effects(values, np.arange(len(times)) >= start[:, None])
    yield _near(case, "twfe", coefficient, expected["twfe_static"]["coef"], limit)
    yield _near(case, "twfe se", error, expected["twfe_static"]["se_cluster_county"], limit)


def _averages(case: str, found: GroupTime, wanted: dict[str, Any]) -> Checks:
    limit = 1e-6
    place_of = {cell: place for place, cell in enumerate(found.cells)}
    for row in wanted["att_gt"]:
        place = place_of[row["group"], row["t"]]
        name = f"att({row['group']}, {row['t']})"
        yield _near(case, name, float(found.effects[place]), row["att"], limit)
        yield _near(case, f"{name} se", found.se(place), row["se"], limit)
    sorting: dict[str, Callable[[int, int], int]] = {
        "dynamic": lambda group, time: time - group,
        "calendar": lambda _, time: time,
        "group": lambda group, _: group,
    }
    for kind, label in sorting.items():
        parts = {}
        for row in wanted[kind]["egt"]:
            places = [
                place
                for place, (group, time) in enumerate(found.cells)
                if label(group, time) == row["egt"] and (time >= group or kind == "dynamic")
            ]
            if kind == "group":
                effect, error = found.mean_of([found.average([place]) for place in places])
            else:
                parts[row["egt"]] = found.average(places)
                effect, error = found.mean_of([parts[row["egt"]]])
            yield _near(case, f"{kind} {row['egt']} att", effect, row["att"], limit)
            yield _near(case, f"{kind} {row['egt']} se", error, row["se"], limit)
        if parts:
            after = [part for key, part in parts.items() if kind == "calendar" or key >= 0]
            effect, error = found.mean_of(after)
            yield _near(case, f"{kind} overall", effect, wanted[kind]["overall_att"], limit)
            yield _near(case, f"{kind} overall se", error, wanted[kind]["overall_se"], limit)
    yield _near(case, "pretest W", found.pretest(), wanted["pretest"]["W"], 1e-6)


def _interrupted(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Monthly coronary events and a smoking ban."""
    counts, exposure, time, step, month = (
        data[name].to_numpy().astype(float)
        for name in ("aces", "stdpop", "time", "smokban", "month")
    )
    columns = np.column_stack([step, np.ones(step.size), time])
    waves = np.column_stack([columns, seasons(month)])
    slope = np.column_stack([waves, step * (time - time[step == 0].max())])
    limit = 5e-4
    designs = {
        "poisson_step": (columns, False),
        "quasipoisson_step": (columns, True),
        "quasipoisson_step_harmonic2": (waves, True),
        "with_slope_change": (slope, True),
    }
    for name, (design, is_overdispersed) in designs.items():
        wanted = expected[name]
        fit = fit_counts(counts, exposure, design, is_overdispersed=is_overdispersed)
        ratio, *ends = fit.ratio(0)
        yield _near(case, f"{name} ratio", ratio, wanted.get("rr", wanted.get("rr_level")), limit)
        for end, value in zip(ends, wanted["ci95"], strict=True):
            yield _near(case, f"{name} interval", end, value, limit)
        if "dispersion" in wanted:
            yield _near(case, f"{name} dispersion", fit.dispersion, wanted["dispersion"], limit)
        if "trend_per_year" in wanted:
            trend = float(np.exp(12 * fit.coefficients[2]))
            yield _near(case, f"{name} trend", trend, wanted["trend_per_year"], limit)
        if "rr_slope_per_month" in wanted:
            last = design.shape[1] - 1
            slope_ratio = fit.ratio(last)[0]
            yield _near(case, "slope", slope_ratio, wanted["rr_slope_per_month"], limit)
            z = abs(fit.coefficients[last]) / fit.standard_error(last)
            yield _near(case, "slope p", 2 * float(stats.norm.sf(z)), wanted["p_slope"], limit)


def _block(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Cigarette sales and a tax in one state."""
    wide = data.pivot("Year", index="State", values="PacksPerCapita").sort("State")
    treated = (wide["State"] == expected["treated"]).to_numpy()
    years = [int(year) for year in wide.columns[1:]]
    block = Block(wide.drop("State").to_numpy(), treated, years.index(expected["first_post_year"]))
    yield _near(case, "SDID", synthetic_did(block)[0], expected["sdid"], 0.01)
    found = synthetic_control(block)
    yield _near(case, "SC", found, expected["sc_outcomes_only"], 0.02)
    after = np.arange(len(years)) >= block.n_before
    change = block.values[:, after].mean(axis=1) - block.values[:, ~after].mean(axis=1)
    did = change[treated].mean() - change[~treated].mean()
    yield _near(case, "DiD", float(did), expected["did"], 0.01)


def _event_study(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Health insurance and an expansion; of HonestDiD only what the library gets right."""
    found = event_study_by_hand(data)
    for year, wanted in expected["twfe_event_study_ref_2013"].items():
        yield _near(case, f"event study {year}", found[int(year)], wanted, 1e-4)
    rows = expected["honestdid_smoothness_FLCI_first_post"]
    ends = smoothness_intervals(data, [row[0] for row in rows])
    for (limit, low, high), (our_low, our_high) in zip(rows, ends, strict=True):
        yield _near(case, f"FLCI M={limit} lower", our_low, low, 1e-3)
        yield _near(case, f"FLCI M={limit} upper", our_high, high, 1e-3)


def _covariate(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """One series with a covariate: the covariate is the unit that waits."""
    start, planted = 70, 1.0
    y = data["y"].to_numpy().copy()
    y[start:] += planted
    panel = Panel(
        unit_ids=("X", "y"),
        first_month=date(2020, 1, 1),
        values=np.vstack([data["X"].to_numpy(), y]),
        employees=np.array([10.0, 10.0]),
        start=np.array([y.size, start]),
    )
    weights = window_weights(panel, 1, 0, y.size - start)
    effect = unit_effects(panel, fit_panel(panel), 1, [weights])[0]
    low, high = expected["r_summary"]["ci"]
    ours = effect.interval
    yield Check(case, "lower end under their upper", ours[0], -np.inf, high)
    yield Check(case, "upper end over their lower", ours[1], low, np.inf)
    yield Check(case, "planted effect within", planted, *ours)


_KINDS = {
    "never_treated": _staggered,
    "poisson_step": _interrupted,
    "sdid": _block,
    "twfe_event_study_ref_2013": _event_study,
    "r_summary": _covariate,
}
