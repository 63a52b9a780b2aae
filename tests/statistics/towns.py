"""Towns of 4 and 8 metrics, from charts to headline: `python -m tests.statistics.towns`.

Each world has a bank of made-up municipalities of one metric, kept in a folder; a town is so many
of them put side by side, and a bank makes many towns. Every started unit has locked one metric.
Nothing is added, or two points are taken from half the units' targets. What is counted is the
headline a leader would read, by the product's own models, and what the rule says beneath it.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tests.statistics.harder_worlds import HARDER, label_of
from tests.statistics.rule_worlds import Row, by_q_over_all, by_rule, town
from tests.statistics.simulated_charts import compile_models
from tests.statistics.simulated_effects import estimated
from tests.statistics.simulated_headlines import charted, headlines
from tests.statistics.simulated_municipality import WORLDS

COLUMNS = (
    "world", "metrics", "towns", "bank", "false_series", "false_units", "chart_false",
    "interval_holds", "found", "found_before", "false_share",
)  # fmt: skip
_KEY = ("seed", "effect", "unit_id")
_ADDED = {"none": 0.0, "minus_2": -2.0}


def towns_of(bank: Sequence[int], n_metrics: int, n_towns: int) -> list[tuple[int, ...]]:
    """Draw towns from a bank so that every member is used as often as any other.

    Args:
        bank: Seeds, at least ``n_metrics`` of them.
        n_metrics: Of each town; no seed twice in one.
        n_towns: How many.
    """
    rng = np.random.default_rng([n_metrics, len(bank)])
    found: list[tuple[int, ...]] = []
    while len(found) < n_towns:
        order = rng.permutation(np.array(bank)).tolist()
        found += [
            tuple(order[first : first + n_metrics])
            for first in range(0, len(order) - n_metrics + 1, n_metrics)
        ]
    return found[:n_towns]


@dataclass(frozen=True)
class Told:
    """One world's towns as leaders read them.

    Attributes:
        rows: One per judged series of every town: ``town``, ``unit``, ``is_target``, ``is_true``,
            ``is_found`` (by the rule), ``was_found`` (q over all), ``headline_group``.
        chart_false: Per cent of series that the chart alone calls improved, nothing added.
        interval_holds: Per cent of intervals with the truth inside, of the bank.
    """

    rows: pl.DataFrame
    chart_false: float
    interval_holds: float


def told(
    sql: dict[str, str], world: str, bank: Sequence[int], towns: Sequence[tuple[int, ...]],
    folder: Path, *, half_improve: bool,
) -> Told:  # fmt: skip
    """Judge the towns of a world and read their headlines.

    Args:
        sql: Text per model, from :func:`tests.statistics.simulated_charts.compile_models`.
        world: Name of the world.
        bank: Its seeds.
        towns: Seeds of each town.
        folder: What was computed before, and is kept now.
        half_improve: Two points are taken from the targets of every other unit.
    """
    units = estimated(world, bank, folder).units
    effects = ("none", "minus_2") if half_improve else ("none",)
    charts = pl.concat(charted(sql, world, bank, effect, folder) for effect in effects)
    rows = [row for number, seeds in enumerate(towns) for row in _judged(units, seeds, number,
            half_improve=half_improve)]  # fmt: skip
    types = {**units.schema, "q": pl.Float64, "town": pl.Int64, "unit": pl.Int64}
    frame = pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None)
    # a municipality of the bank is in several towns: each time another series
    frame = frame.with_columns(world=pl.format("{}~{}", "world", "town"))
    drawn = frame.select("world", *_KEY).join(charts.drop("world"), on=_KEY)
    seen = headlines(sql, frame.select("world", *units.drop("world").columns), drawn, compared=True)
    alone = headlines(sql, units.filter(effect="none"), charts.filter(effect="none"),
                      compared=False)  # fmt: skip
    shown = alone.filter(~pl.col("headline_group").is_in(["suppressed", "too_little_data"]))
    truth = pl.col("effect").replace_strict(_ADDED, return_dtype=pl.Float64)
    inside = frame.select((pl.col("cf_lo") <= truth) & (truth <= pl.col("cf_hi"))).to_series()
    return Told(
        rows=frame.join(seen.select("world", *_KEY, "headline_group"), on=("world", *_KEY)),
        chart_false=_pct(shown["headline_group"] == "improved"),
        interval_holds=_pct(inside),
    )


def _judged(
    units: pl.DataFrame, seeds: Sequence[int], number: int, *, half_improve: bool
) -> Iterator[Row]:
    rows = town(units, seeds, half_improve=half_improve)
    before = by_q_over_all(rows)
    for row, found, was_found in zip(rows, by_rule(rows), before, strict=True):
        yield row | {
            "town": number,
            "q": found.q,
            "verdict": found.verdict,
            "precision": found.precision,
            "basis": found.basis,
            "n_tested": found.n_tested,
            "is_found": found.verdict == "improved",
            "was_found": was_found,
        }


def measure(
    sql: dict[str, str], world: str, bank: Sequence[int], n_metrics: int, n_towns: int, folder: Path
) -> dict[str, str | int | float]:
    """Rates in per cent of one world, with the columns ``COLUMNS``."""
    towns = towns_of(bank, n_metrics, n_towns)
    nothing = told(sql, world, bank, towns, folder, half_improve=False)
    half = told(sql, world, bank, towns, folder, half_improve=True)
    improved = pl.col("headline_group") == "improved"
    false = nothing.rows.with_columns(hit=improved)
    targets = half.rows.filter(pl.col("is_target") & pl.col("is_true"))
    found = half.rows.filter(improved)
    return {
        "world": label_of(world),
        "metrics": n_metrics,
        "towns": len(towns),
        "bank": len(bank),
        "false_series": _pct(false["hit"]),
        "false_units": _pct(false.group_by("town", "unit").agg(pl.col("hit").any())["hit"]),
        "chart_false": nothing.chart_false,
        "interval_holds": nothing.interval_holds,
        "found": _pct(targets.select(improved).to_series()),
        "found_before": _pct(targets["was_found"]),
        "false_share": _pct(~found["is_true"]),
    }


def _pct(hits: pl.Series) -> float:
    return 100 * float(hits.sum()) / hits.len() if hits.len() else 0.0


def main() -> int:
    """Print the table as it stands in docs/methods/calibration.md."""
    options = ArgumentParser()
    options.add_argument("--bank", type=int, default=200, help="municipalities of one metric")
    options.add_argument("--towns", type=int, default=200)
    options.add_argument("--worlds", nargs="*", default=[*WORLDS, *HARDER])
    options.add_argument("--folder", type=Path, required=True, help="keeps what was computed")
    given = options.parse_args()
    sql = compile_models()
    for world in given.worlds:
        bank = range(1, given.bank + 1)
        for n_metrics in (4, 8):
            row = measure(sql, world, bank, n_metrics, given.towns, given.folder)
            cells = (f"{row[c]:.1f}" if isinstance(row[c], float) else str(row[c]) for c in COLUMNS)
            sys.stdout.write(f"| {' | '.join(cells)} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
