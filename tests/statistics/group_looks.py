"""Groups looked at every month while their units come in: `python -m tests.statistics.group_looks`.

Simulated municipalities without any effect. The model is fitted on all months, and the group's mean
taken anew at every month from the first that two units have a year, of the months that had come by
then. A group is wrong if any look finds something.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr

from pipelines.effects.judge.group_looks import largest_p, months_in
from pipelines.effects.judge.persistence import HEADLINE
from pipelines.effects.judge.unit_rows import draft_rows
from pipelines.effects.model.bump import pre_start_bump
from pipelines.effects.model.counterfactual import UnitEffect, unit_effects, window_weights
from pipelines.effects.model.inputs import Rules
from pipelines.effects.model.models import MetricModel, ModelRequest, model_metric
from pipelines.effects.model.pooled import pool
from pipelines.effects.tables.metric_estimate import metric_panel
from pipelines.effects.tables.pooled_rows import MIN_GROUP, groups_of
from tests.statistics.simulated_effects import ABOUT, EFFECTS, METRIC_ID, inputs_of
from tests.statistics.simulated_municipality import N_MONTHS, WORLDS, simulate

RULES = Rules()
_YEAR = 12
_KINDS = ("all", "pilots", "sector", "wave")
_WINDOW = HEADLINE[1]


def looks(world: str, seed: int) -> Iterator[dict[str, Any]]:
    """Every look at every group of one municipality: kind, name, p, its limit, and the estimate."""
    inputs = inputs_of(simulate(world, seed), EFFECTS["none"])
    panel = metric_panel(inputs, METRIC_ID)
    assert panel is not None
    with TemporaryDirectory() as cache:
        model = model_metric(ModelRequest(panel, False, Path(cache)))
    assert model is not None
    groups = list(groups_of(inputs, draft_rows(inputs, ABOUT, panel, model)))
    units = sorted({unit for group in groups for unit in group.units})
    effects = {unit: _by_months(model, unit) for unit in units}
    bumps = {unit: pre_start_bump(panel, model.fit, unit).delta for unit in units}
    for group in groups:
        for month in range(_YEAR, N_MONTHS + 1):
            started = [unit for unit in group.units if panel.start[unit] < month]
            come = {unit: months_in(month - int(panel.start[unit]), HEADLINE) for unit in started}
            told = [unit for unit in started if come[unit] in effects[unit]]
            if len(told) < MIN_GROUP:
                continue
            found = pool(
                [effects[unit][come[unit]] for unit in told],
                panel.employees[told],
                model.fit.mu_covariance,
                np.array([bumps[unit] for unit in told]),
            )
            share = sum(come.values()) / (len(started) * _WINDOW)
            yield {
                "seed": seed, "kind": group.kind, "name": group.name, "p": found.p_value,
                "p_limit": largest_p(share, RULES), "estimate": found.estimate,
            }  # fmt: skip


def _by_months(model: MetricModel, unit: int) -> dict[int, UnitEffect]:
    """The unit's effect by how many months after its start have come, from a year on."""
    last = min(_WINDOW, int(model.panel.n_months - model.panel.start[unit]))
    lengths = range(_YEAR, last + 1)
    weights = [window_weights(model.panel, unit, 0, length) for length in lengths]
    found = unit_effects(model.panel, model.fit, unit, weights) if weights else []
    return dict(zip(lengths, found, strict=True))


def measure(world: str, seeds: Iterable[int]) -> pl.DataFrame:
    """One row per kind of group: groups, and per cent ever found and ever found better.

    ``once`` is what p at most .05 each month would find.
    """
    seen = pl.DataFrame([look for seed in seeds for look in looks(world, seed)])
    better = pl.col("estimate") < 0
    return (
        seen.with_columns(hit=pl.col("p") <= pl.col("p_limit"), once=pl.col("p") <= RULES.max_p)
        .group_by("kind", "seed", "name")
        .agg(
            (100.0 * (pl.col(rule) & side).any().cast(pl.Float64)).alias(f"{rule}_{name}")
            for rule in ("once", "hit")
            for name, side in (("found", pl.lit(value=True)), ("better", better))
        )
        .group_by("kind")
        .agg(pl.len().alias("groups"), pl.exclude("kind", "seed", "name").mean())
        .sort(pl.col("kind").cast(pl.Enum(_KINDS)))
    )


def rolling(starts: Sequence[int], months: int, n: int = 20_000) -> dict[str, float]:
    """Per cent of groups ever found whose units' months are independent, without effect or bias.

    Args:
        starts: Month of each unit's start.
        months: How long the group is looked at.
        n: Groups.
    """
    sums = np.random.default_rng(5).standard_normal((n, len(starts), _WINDOW)).cumsum(axis=2)
    ever = {"hit": np.zeros(n, dtype=bool), "once": np.zeros(n, dtype=bool)}
    for month in range(1, months + 1):
        come = np.array([months_in(month - start, HEADLINE) for start in starts])
        told = np.flatnonzero(come >= _YEAR)
        if told.size < MIN_GROUP:
            continue
        means = sums[:, told, come[told] - 1] / come[told]
        error = np.sqrt((1 / come[told]).sum()) / told.size
        p = 2 * ndtr(-np.abs(means.mean(axis=1)) / error)
        share = come.sum() / (_WINDOW * (np.array(starts) < month).sum())
        ever["hit"] |= p <= largest_p(float(share), RULES)
        ever["once"] |= p <= RULES.max_p
    return {rule: 100 * float(found.mean()) for rule, found in ever.items()}


_ROLLING = {
    "one wave of 6": ([0] * 6, 40),
    "6 units, 8 months apart": ([8 * unit for unit in range(6)], 80),
    "8 waves of 6, 10 months apart": ([10 * wave for wave in range(8) for _ in range(6)], 130),
    "2 waves of 4, 12 months apart": ([0] * 4 + [12] * 4, 60),
    "3 waves of 4, 30 months apart": ([30 * wave for wave in range(3) for _ in range(4)], 100),
}


def main() -> int:
    """Print the table as it stands in docs/methods/calibration.md."""
    options = ArgumentParser()
    options.add_argument("--municipalities", type=int, default=60)
    options.add_argument("--first", type=int, default=7001, help="first seed")
    options.add_argument("--worlds", nargs="*", default=["gauss_random", "spell_rtm"])
    options.add_argument("--rolling", action="store_true", help="means without bias, no model")
    given = options.parse_args()
    if given.rolling:
        for name, (starts, months) in _ROLLING.items():
            found = rolling(starts, months)
            sys.stdout.write(f"| {name} | {found['once']:.1f} | {found['hit']:.1f} |\n")
        return 0
    seeds = range(given.first, given.first + given.municipalities)
    for world in given.worlds:
        for row in measure(world, seeds).iter_rows():
            cells = (f"{c:.1f}" if isinstance(c, float) else str(c) for c in row)
            sys.stdout.write(f"| {' | '.join((WORLDS[world].label, *cells))} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
