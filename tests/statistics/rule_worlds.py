"""The verdict rule where several metrics are judged: `python -m tests.statistics.rule_worlds`.

Simulated municipalities of one world, one metric each, are put together into towns of 4 or 8
metrics; every started unit has locked one of them as its target. Nothing is added, or two points
are taken from half the units' targets. Judged by the product's rule, and, beside it, by q over all
metrics and units. Metrics of a unit are independent here; a real unit's false findings come more
in clumps.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from pipelines.effects.judge.multiple_testing import benjamini_hochberg
from pipelines.effects.judge.rule import Judged, Tested, judge_series
from pipelines.effects.model.inputs import Rules
from tests.statistics.simulated_effects import estimated
from tests.statistics.simulated_municipality import WORLDS

RULES = Rules()
RULES_SHOWN = ("rule", "q over all")
JUDGED = ("improved", "worsened", "no_detectable_change")
Row = dict[str, Any]


@dataclass(frozen=True)
class Counted:
    """Found and possible, per rule, of one town."""

    series: int
    units: int
    false_series: int
    false_units: int
    targets: int
    found: int
    false_found: int
    all_found: int


def town(units: pl.DataFrame, seeds: Sequence[int], *, half_improve: bool) -> list[Row]:
    """The judged series of a town: each seed is one metric, each unit locks one of them.

    Args:
        units: From :func:`estimated`.
        seeds: One per metric.
        half_improve: Two points are taken from the targets of every other unit.
    """
    rows = []
    for number, seed in enumerate(seeds):
        mine = units.filter((pl.col("seed") == seed) & pl.col("verdict").is_in(JUDGED))
        kept = {
            name: mine.filter(pl.col("effect") == name).sort("unit_id").to_dicts()
            for name in ("none", "minus_2")
        }
        # the units of each metric are numbered anew: who has started differs from seed to seed
        for place, (plain, improved) in enumerate(zip(kept["none"], kept["minus_2"], strict=True)):
            is_target = place % len(seeds) == number
            is_true = half_improve and is_target and (place // len(seeds)) % 2 == 0
            rows.append(
                (improved if is_true else plain)
                | {"metric": str(seed), "unit": place, "is_target": is_target, "is_true": is_true}
            )
    return rows


def count(rows: Sequence[Row], rule: str) -> Counted:
    """Count what a rule finds better in one town."""
    better = (
        [found.verdict == "improved" for found in by_rule(rows)]
        if rule == "rule"
        else by_q_over_all(rows)
    )
    false = [row for row, hit in zip(rows, better, strict=True) if hit and not row["is_true"]]
    true_targets = [
        hit for row, hit in zip(rows, better, strict=True) if row["is_target"] and row["is_true"]
    ]
    return Counted(
        series=sum(not row["is_true"] for row in rows),
        units=len({row["unit"] for row in rows}),
        false_series=len(false),
        false_units=len({row["unit"] for row in false}),
        targets=len(true_targets),
        found=sum(true_targets),
        false_found=len(false),
        all_found=sum(better),
    )


def by_rule(rows: Sequence[Row]) -> list[Judged]:
    """What the product's rule says of a town's series, in the order given."""
    series = [
        Tested(
            row["metric"], row["p"], row["cf_lo"], row["cf_hi"], row["cf_delta"] < 0, 1.0,
            row["is_target"],
        )
        for row in rows
    ]  # fmt: skip
    judged = judge_series(series, RULES)
    for row, found in zip(rows, judged, strict=True):
        excludes = row["cf_lo"] > 0 or row["cf_hi"] < 0
        assert not (excludes and found.precision == "cannot_tell")
    return judged


def by_q_over_all(rows: Sequence[Row]) -> list[bool]:
    """Which series the rule before, q over all metrics and units, would have found better."""
    p_values = np.array([row["p"] for row in rows])
    found = (benjamini_hochberg(p_values) <= RULES.max_q) & (p_values <= RULES.max_p)
    return [bool(hit) and row["cf_delta"] < 0 for row, hit in zip(rows, found, strict=True)]


def measure(world: str, seeds: Iterable[int], n_metrics: int, folder: Path) -> pl.DataFrame:
    """One row per rule: rates in per cent over the towns that the seeds make."""
    every = list(seeds)
    units = estimated(world, every, folder).units
    towns = [every[i : i + n_metrics] for i in range(0, len(every) - n_metrics + 1, n_metrics)]
    found = []
    for rule in RULES_SHOWN:
        nothing = [count(town(units, some, half_improve=False), rule) for some in towns]
        half = [count(town(units, some, half_improve=True), rule) for some in towns]
        found.append(
            {
                "world": WORLDS[world].label,
                "metrics": n_metrics,
                "towns": len(towns),
                "rule": rule,
                "false_per_series": _pct(nothing, "false_series", "series"),
                "false_per_unit": _pct(nothing, "false_units", "units"),
                "found_at_minus_2": _pct(half, "found", "targets"),
                "false_share": _pct(half, "false_found", "all_found"),
            }
        )
    return pl.DataFrame(found)


def _pct(counted: Iterable[Counted], what: str, of: str) -> float:
    some = list(counted)
    whole = sum(getattr(each, of) for each in some)
    return 100 * sum(getattr(each, what) for each in some) / whole if whole else 0.0


def main() -> int:
    """Print the table as it stands in docs/methods/calibration.md."""
    options = ArgumentParser()
    options.add_argument("--municipalities", type=int, default=40)
    options.add_argument("--worlds", nargs="*", default=["gauss_random", "spell_rtm"])
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    with TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        for world in given.worlds:
            for n_metrics in (4, 8):
                seeds = range(1, given.municipalities + 1)
                for row in measure(world, seeds, n_metrics, folder).iter_rows():
                    cells = (f"{c:.1f}" if isinstance(c, float) else str(c) for c in row)
                    sys.stdout.write(f"| {' | '.join(cells)} |\n")
                    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
