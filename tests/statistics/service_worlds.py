"""Service metrics of small families: `python -m tests.statistics.service_worlds`.

Homes, districts and offices that count events or shares, half of which start one after the other.
Nothing is added, or a quarter is taken from what is counted of everyone who started. Estimated by
the product on the metric's own scale and, beside it, as measured with noise by employees.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.judge.group_looks import largest_p
from pipelines.effects.judge.persistence import HEADLINE
from pipelines.effects.judge.unit_rows import draft_rows
from pipelines.effects.model.inputs import EffectInputs, Rules
from pipelines.effects.model.models import model_metric
from pipelines.effects.tables.comparable_rows import comparable_rows
from pipelines.effects.tables.metric_estimate import MetricTask, metric_panel
from pipelines.effects.tables.metric_rows import counted
from pipelines.effects.tables.pooled_rows import pooled_rows
from pipelines.effects.tables.table import effect_table
from tests.statistics.effect_worlds import SICK_LEAVE, month_of, no_events

N_MONTHS = 108
_FIRST_START, _LAST_START = 36, 78
METRIC_ID = "service"
RULES = Rules()


@dataclass(frozen=True)
class World:
    """What is counted among what.

    Attributes:
        label: As it stands in the tables.
        kind: count or share.
        among: Least and most of a unit's denominator per month.
        rate: Of the denominator.
        factor: Value = factor x rate.
        extra: Squared coefficient of variation of a month's rate beyond sampling.
        swing: Standard deviation of slow swings, of the logarithm or the log odds.
    """

    label: str
    kind: str
    among: tuple[int, int]
    rate: float
    factor: float
    extra: float = 0.0
    swing: float = 0.12


WORLDS = {
    "falls": World("falls, 2-6 a month", "count", (450, 1200), 0.005, 1000),
    "visits": World("missed visits, 20-60 a month", "count", (2000, 5000), 0.012, 1000),
    "uneven": World("the same, months uneven", "count", (2000, 5000), 0.012, 1000, extra=0.06),
    "in_time": World("in time, 60 of 100 of 20-70", "share", (20, 70), 0.6, 100),
    "nearly_all": World("in time, 92 of 100 of 20-70", "share", (20, 70), 0.92, 100),
}


@dataclass(frozen=True)
class Simulated:
    """Counts of one family: units x months, and the month each starts, N_MONTHS = never."""

    world: World
    numerator: np.ndarray[Any, Any]
    denominator: np.ndarray[Any, Any]
    employees: np.ndarray[Any, Any]
    start: np.ndarray[Any, Any]


def simulate(world: World, n_units: int, seed: int, less: float = 0.0) -> Simulated:
    """Simulate one family.

    Args:
        world: What is counted.
        n_units: Half of them start.
        seed: Of the figures.
        less: Share taken from what is counted after the start, of a share from what is missed.
    """
    rng = np.random.default_rng(seed)
    shape = (n_units, N_MONTHS)
    size = rng.uniform(*world.among, n_units)[:, None]
    denominator = rng.poisson(size, shape).astype(float)
    slow = np.zeros(shape)
    slow[:, 0] = rng.normal(0, world.swing, n_units)
    for month in range(1, N_MONTHS):
        step = rng.normal(0, world.swing * np.sqrt(1 - 0.95**2), n_units)
        slow[:, month] = 0.95 * slow[:, month - 1] + step
    season = 0.08 * np.cos(np.arange(N_MONTHS) * 2 * np.pi / 12)
    level = rng.normal(0, 0.25, n_units)[:, None] + season + slow
    start = np.full(n_units, N_MONTHS)
    n_started = n_units // 2
    start[:n_started] = np.linspace(_FIRST_START, _LAST_START, n_started).astype(int)
    after = np.arange(N_MONTHS) >= start[:, None]
    uneven = rng.gamma(1 / world.extra, world.extra, shape) if world.extra else np.ones(shape)
    if world.kind == "count":
        rate = world.rate * np.exp(level) * uneven * np.where(after, 1 - less, 1)
        numerator = rng.poisson(rate * denominator).astype(float)
    else:
        odds = np.log(world.rate / (1 - world.rate)) + level
        missed = np.where(after, 1 - less, 1) / (1 + np.exp(odds))
        numerator = rng.binomial(denominator.astype(int), 1 - missed).astype(float)
    employees = np.round(size[:, 0] / size.mean() * 15 * rng.uniform(0.6, 1.6, n_units)) + 5
    return Simulated(world, numerator, denominator, employees, start)


def frames(simulated: Simulated) -> EffectInputs:
    """The frames that the engine takes in."""
    world = simulated.world
    n_units = simulated.start.size
    ids = [f"s{unit:02d}" for unit in range(n_units)]
    months = [month_of(month) for month in range(N_MONTHS)]
    ratio = np.divide(
        simulated.numerator, simulated.denominator,
        out=np.full(simulated.numerator.shape, np.nan), where=simulated.denominator > 0,
    )  # fmt: skip
    values = pl.DataFrame(
        {
            "unit_id": np.repeat(ids, N_MONTHS),
            "month": months * n_units,
            "metric_id": METRIC_ID,
            "value": world.factor * ratio.ravel(),
            "numerator": simulated.numerator.ravel(),
            "denominator": simulated.denominator.ravel(),
        }
    ).filter(pl.col("denominator") > 0)
    units = pl.DataFrame(
        {
            "unit_id": ids,
            "sector": "a",
            "wave": None,
            "is_pilot": False,
            "lean_start": [month_of(int(m)) if m < N_MONTHS else None for m in simulated.start],
            "employees": simulated.employees,
        },
        schema_overrides={"lean_start": pl.Date, "wave": pl.Int64},
    )
    metric = SICK_LEAVE | {
        "metric_id": METRIC_ID,
        "scale": world.factor,
        "min_persons": 0,
        "direction": "lower" if world.kind == "count" else "higher",
        "counted_as": world.kind,
        "minimum_relevant_effect": None,
    }
    types = {"target_value": pl.Float64, "minimum_relevant_effect": pl.Float64}
    return EffectInputs(
        values=values,
        units=units,
        metrics=pl.DataFrame([metric], schema_overrides=types),
        events=no_events(),
        as_of_month=months[-1],
    )


def rows(inputs: EffectInputs, *, own: bool) -> tuple[pl.DataFrame, list[dict[str, Any]], str]:
    """Unit rows, pooled rows, and what the model failed; on the own scale or as measured."""
    metric = counted(inputs.metrics.row(0, named=True)) | ({} if own else {"counted_as": None})
    with TemporaryDirectory() as folder:
        task = MetricTask(inputs.about(METRIC_ID), metric, Path(folder))
        panel = metric_panel(inputs, METRIC_ID)
        request = task.request(panel)
        model = None if request is None else model_metric(request)
    if model is None:
        return pl.DataFrame(), [], "no_model"
    drafts = draft_rows(inputs, metric, panel, model)
    units = effect_table(inputs, {METRIC_ID: comparable_rows(inputs, metric, drafts, model)})
    return units, pooled_rows(inputs, metric, drafts, model), ", ".join(model.checks.failures)


def all_together(pooled: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of all units together over the whole window: one, or none without a model."""
    first, last = HEADLINE[0], HEADLINE[1] - 1
    return [
        row for row in pooled
        if (row["group_type"], row["kind"]) == ("all", "window")
        and (row["first_month_after"], row["last_month_after"]) == (first, last)
    ]  # fmt: skip


def measure(name: str, n_units: int, seeds: Sequence[int], *, own: bool) -> dict[str, Any]:
    """Rates in per cent over the seeds, nothing added and a quarter taken away.

    ``pooled`` is one look at p at most .05, ``held`` what the group is called when all are in.
    """
    world = WORLDS[name]
    found: dict[str, list[float]] = {}

    def note(what: str, *values: float) -> None:
        found.setdefault(what, []).extend(values)

    for seed in seeds:
        for less in (0.0, 0.25):
            simulated = simulate(world, n_units, seed, less)
            units, pooled, failed = rows(frames(simulated), own=own)
            after = "found" if less else "false"
            note("failed", float(bool(failed)))
            together = all_together(pooled)
            side = -1 if world.kind == "count" else 1
            is_better = [r["p"] <= 0.05 and r["estimate"] * side > 0 for r in together]
            is_held = [
                better and r["p"] <= largest_p(r["months_in_pct"] / 100, RULES)
                for better, r in zip(is_better, together, strict=True)
            ]
            note(f"pooled_{after}", float(any(is_better)))
            note(f"held_{after}", float(any(is_held)))
            if units.height and not failed:
                told = units.filter(pl.col("p").is_not_null())
                better = told["cf_delta"] * side > 0
                note(f"unit_{after}", *((told["p"] <= 0.05) & better).cast(float))
                if not less:
                    note("unit_holds", *((told["cf_lo"] <= 0) & (told["cf_hi"] >= 0)).cast(float))
                    note("pooled_holds", *(float(r["lo"] <= 0 <= r["hi"]) for r in together))
    return {"world": world.label, "units": n_units, "families": len(seeds), "own": own} | {
        what: 100 * float(np.mean(values)) for what, values in sorted(found.items())
    }


def _write(*cells: str) -> None:
    sys.stdout.write("| " + " | ".join(cells) + " |\n")
    sys.stdout.flush()


def main() -> int:
    """Print the table."""
    parser = ArgumentParser()
    parser.add_argument("--families", type=int, default=40)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--units", type=int, nargs="*", default=[8, 12, 20])
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    given = parser.parse_args()
    columns = (
        "unit_false", "unit_holds", "unit_found", "pooled_false", "pooled_holds", "pooled_found",
        "held_false", "held_found", "failed",
    )  # fmt: skip
    _write("world", "units", "families", "scale", *columns)
    _write(*["---"] * (4 + len(columns)))
    for name in given.worlds:
        for n_units in given.units:
            for own in (True, False):
                seeds = range(given.first, given.first + given.families)
                row = measure(name, n_units, seeds, own=own)
                cells = [f"{row.get(column, float('nan')):.1f}" for column in columns]
                scale = "own" if own else "as measured"
                _write(row["world"], str(n_units), str(row["families"]), scale, *cells)
    return 0


if __name__ == "__main__":
    sys.exit(main())
