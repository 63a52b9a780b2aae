"""Reference cases of published studies: a folder with expected.json and one csv file each.

What expected.json holds says which kind it is; further folders of the same form are found too.
"""

import json
import re
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
from tests.statistics import effect_columns as columns
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
    kinds = [check for is_kind, check in _KINDS if is_kind(expected)]
    assert kinds, f"{folder.name}: expected.json is of no known kind"
    files = sorted(folder.glob("*.csv"))
    assert len(files) == 1, f"{folder.name}: one csv file is wanted, not {len(files)}"
    (file,) = files
    separator = ";" if ";" in file.read_text(encoding="utf-8").split("\n", 1)[0] else ","
    data = pl.read_csv(file, separator=separator, null_values=["", "NA"])
    yield from kinds[0](folder.name, data, expected)


def _near(case: str, what: str, found: float, wanted: float, limit: float) -> Check:
    return Check(case, what, abs(found - wanted), 0, limit)


def _staggered(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Units that start one after the other: product functions, and every average by hand."""
    compared = [key for key in ("never_treated", "not_yet_treated") if key in expected]
    cells = [row for key in compared for row in expected[key]["att_gt"]]
    unit, time, outcome, cohort = _staggered_columns(data, expected, cells)
    wide = data.sort(unit, time).pivot(time, index=unit, values=outcome).sort(unit)
    times = sorted(int(each) for each in wide.columns[1:])
    groups = data.group_by(unit).agg(pl.col(cohort).first()).sort(unit)
    first = groups[cohort].cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy()
    values = wide.select(str(each) for each in times).to_numpy()
    start = np.array([times.index(g) if g in times else len(times) for g in first])
    design = Staggered(values, start)
    limit = 1e-6
    for key in compared:
        never, control = key == "never_treated", "never" if key == "never_treated" else "not_yet"
        wanted = expected[key]
        found = {e.month: e for e in callaway_santanna(design, control)}
        rows = [("simple", None, wanted["simple"])] if "simple" in wanted else []
        dynamic = wanted.get("dynamic", {}).get("egt", [])
        rows += [("dynamic", r["egt"], r) for r in dynamic if r["egt"] >= 0]
        for what, month, row in rows:
            name = f"{control} {what} {'' if month is None else month}"
            yield _near(case, f"{name} att", found[month].estimate, row["att"], limit)
            yield _near(case, f"{name} se", found[month].se, row["se"], limit)
        by_hand = group_time(values, times, first, never=never)
        yield from _averages(f"{case} {control} by hand", by_hand, wanted)
    for key in (k for k in expected if k.startswith("imputation")):
        whole = imputation(design)[0]
        yield _near(case, "imputation att", whole.estimate, expected[key]["att"], limit)
        yield _near(case, "imputation se", whole.se, expected[key]["se"], limit)
    if "twfe_static" in expected:
        plain = expected["twfe_static"]
        coefficient, error = two_way_fixed_effects(values, np.arange(len(times)) >= start[:, None])
        yield _near(case, "twfe", coefficient, plain["coef"], limit)
        for key in (k for k in plain if k.startswith("se")):
            yield _near(case, f"twfe {key}", error, plain[key], limit)


def _staggered_columns(
    data: pl.DataFrame, expected: dict[str, Any], cells: list[dict[str, Any]]
) -> tuple[str, str, str, str]:
    """Unit, time, outcome and first time treated."""
    times = columns.holds(data, {cell["t"] for cell in cells})
    keys = columns.panel_keys(data, times)
    time = columns.column(data, expected, "time", (time for _, time in keys))
    units = (unit for unit, each in keys if each == time)
    unit = columns.column(data, expected, "unit", units)
    constant = set(columns.constant_within(data, unit))
    starts = columns.holds(data, {cell["group"] for cell in cells})
    cohort = columns.column(data, expected, "cohort", (n for n in starts if n in constant))
    moving = columns.moving_within(data, unit, (time, cohort))
    return unit, time, columns.column(data, expected, "outcome", moving), cohort


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
        if kind not in wanted:
            continue
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
    if "pretest" in wanted:
        yield _near(case, "pretest W", found.pretest(), wanted["pretest"]["W"], 1e-6)


def _interrupted(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """Monthly counts and a step."""
    counts, exposure, time, step, month = (
        data[name].to_numpy().astype(float) for name in columns.interrupted_columns(data, expected)
    )
    plain = np.column_stack([step, np.ones(step.size), time])
    waves = np.column_stack([plain, seasons(month)])
    slope = np.column_stack([waves, step * (time - time[step == 0].max())])
    limit = 5e-4
    designs = {
        "poisson_step": (plain, False),
        "quasipoisson_step": (plain, True),
        "quasipoisson_step_harmonic2": (waves, True),
        "with_slope_change": (slope, True),
    }
    for name, (design, is_overdispersed) in designs.items():
        if name not in expected:
            continue
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
    """One unit, or some, that start together."""
    who = expected["treated"] if isinstance(expected["treated"], list) else [expected["treated"]]
    begin = next(value for key, value in expected.items() if key.startswith("first_post"))
    names = [name for name in data.columns if set(who) <= set(data[name].to_list())]
    keys = columns.panel_keys(data, columns.holds(data, [begin]))
    unit = columns.column(data, expected, "unit", (unit for unit, _ in keys if unit in names))
    time = columns.column(data, expected, "time", (time for own, time in keys if own == unit))
    moving = columns.moving_within(data, unit, (time,))
    outcome = columns.column(data, expected, "outcome", moving)
    wide = data.sort(unit, time).pivot(time, index=unit, values=outcome).sort(unit)
    treated = wide[unit].is_in(who).to_numpy()
    years = [int(year) for year in wide.columns[1:]]
    block = Block(wide.drop(unit).to_numpy(), treated, years.index(int(begin)))
    yield _near(case, "SDID", synthetic_did(block)[0], expected["sdid"], 0.01)
    if "sc_outcomes_only" in expected:
        found = synthetic_control(block)
        yield _near(case, "SC", found, expected["sc_outcomes_only"], 0.02)
    if "did" not in expected:
        return
    after = np.arange(len(years)) >= block.n_before
    change = block.values[:, after].mean(axis=1) - block.values[:, ~after].mean(axis=1)
    did = change[treated].mean() - change[~treated].mean()
    yield _near(case, "DiD", float(did), expected["did"], 0.01)


def _event_study(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """An expansion in one year; of HonestDiD only what the library gets right."""
    key = next(key for key in expected if key.startswith(_EVENT_STUDY))
    base = int(key.removeprefix(_EVENT_STUDY))
    years = {int(year) for year in expected[key]} | {base}
    keys = columns.panel_keys(data, columns.holds(data, years))
    time = columns.column(data, expected, "time", (time for _, time in keys))
    unit = columns.column(data, expected, "unit", (unit for unit, each in keys if each == time))
    constant = set(columns.constant_within(data, unit))
    starts = [name for name in columns.holds(data, [base + 1]) if name in constant]
    cohort = columns.column(data, expected, "cohort", starts)
    outcome = columns.column(
        data, expected, "outcome", columns.moving_within(data, unit, (time, cohort))
    )
    data = data.select(stfips=unit, year=time, dins=outcome, yexp2=cohort)
    found = event_study_by_hand(data, base, base + 1)
    for year, wanted in expected[key].items():
        yield _near(case, f"event study {year}", found[int(year)], wanted, 1e-4)
    rows = expected.get("honestdid_smoothness_FLCI_first_post", [])
    if not rows:
        return
    ends = smoothness_intervals(data, [row[0] for row in rows], base, base + 1)
    for (limit, low, high), (our_low, our_high) in zip(rows, ends, strict=True):
        yield _near(case, f"FLCI M={limit} lower", our_low, low, 1e-3)
        yield _near(case, f"FLCI M={limit} upper", our_high, high, 1e-3)


def _covariate(case: str, data: pl.DataFrame, expected: dict[str, Any]) -> Checks:
    """One series with a covariate: the covariate is the unit that waits."""
    outcome, covariate, start, planted = _prepared(data, expected)
    y = data[outcome].to_numpy().copy()
    y[start:] += planted
    panel = Panel(
        unit_ids=("X", "y"),
        first_month=date(2020, 1, 1),
        values=np.vstack([data[covariate].to_numpy(), y]),
        employees=np.array([10.0, 10.0]),
        start=np.array([y.size, start]),
    )
    weights = window_weights(panel, 1, 0, y.size - start)
    effect = unit_effects(panel, fit_panel(panel), 1, [weights])[0]
    low, high = expected["r_summary"]["ci"]
    ours = effect.interval
    yield Check(case, "lower end under their upper", ours[0], -np.inf, high)
    yield Check(case, "upper end over their lower", ours[1], low, np.inf)
    if planted:
        yield Check(case, "planted effect within", planted, *ours)


def _prepared(data: pl.DataFrame, expected: dict[str, Any]) -> tuple[str, str, int, float]:
    """Outcome, covariate, first row after and what is added there, as the case's sentence says."""
    said = expected.get("prepare", "")
    names = re.search(r"columns\s+(\w+)\s*,\s*(\w+)", said)
    after = re.search(r"post rows\s+(\d+)", said) or re.search(r"from row\s+(\d+)", said)
    added = re.search(r"add\s+([+-]?\d+(?:\.\d+)?)", said)
    if names is None or after is None:
        raise ValueError("prepare must say the columns and the first row after")
    return names[1], names[2], int(after[1]), float(added[1]) if added else 0.0


def _has(*keys: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a case holds one of some keys, or one that begins like it."""
    return lambda expected: any(own.startswith(keys) for own in expected)


_EVENT_STUDY = "twfe_event_study_ref_"
_KINDS = (
    (_has("never_treated", "not_yet_treated"), _staggered),
    (_has("poisson_step", "quasipoisson_step", "with_slope_change"), _interrupted),
    (_has("sdid"), _block),
    (_has(_EVENT_STUDY), _event_study),
    (_has("r_summary"), _covariate),
)
