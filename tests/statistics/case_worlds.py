"""New sick cases per 100 person-months, person by person: `python -m tests.statistics.case_worlds`.

Municipalities of 60 units, 30 of which start in waves, every absence a person's: short ones, more
in winter, and long ones; some fall ill far more often than others, and some units are harder to
work in. Nothing is changed, or from the start on everybody of a unit falls ill a quarter more
seldom. Estimated by the product as it compares new cases: counts on their own scale.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from tests.statistics.service_worlds import (
    N_MONTHS,
    RULES,
    Simulated,
    World,
    all_together,
    frames,
    largest_p,
    rows,
)

CASES = World("new sick cases, person by person", "count", (1, 1), 0.2, 100)
_UNITS, _STARTED = 60, 30
_STARTS = (36, 44, 52, 60, 68, 76)
_LONG_RATE, _SHORT_RATE = 0.014, 0.2
_LONGEST = 12
_WARM_UP = 18


def simulate(seed: int, less: float = 0.0) -> Simulated:
    """One municipality: new cases and persons, units x months.

    Args:
        seed: Of the figures.
        less: Share taken from how often persons of started units fall ill.
    """
    rng = np.random.default_rng([seed, 77])
    employees = np.clip(np.round(np.exp(rng.normal(np.log(13), 0.65, _UNITS))), 5, 60).astype(int)
    start = np.full(_UNITS, N_MONTHS)
    start[rng.permutation(_UNITS)[:_STARTED]] = np.repeat(_STARTS, _STARTED // len(_STARTS))
    unit = np.repeat(np.arange(_UNITS), employees)
    frailty = rng.gamma(1.2, 1 / 1.2, unit.size) * np.exp(rng.normal(0, 0.2, _UNITS))[unit]
    phase = rng.normal(0, 0.5, _UNITS)[unit]
    flu = rng.choice(N_MONTHS // 12, 3, replace=False)
    left = np.zeros(unit.size, dtype=int)
    cases = np.zeros((_UNITS, N_MONTHS))
    for month in range(-_WARM_UP, N_MONTHS):
        now = np.where(month >= start[unit], 1 - less, 1)
        season = 1 + 0.35 * np.cos(2 * np.pi * (month - phase) / 12)
        season = season * (1.5 if month // 12 in flu and month % 12 < 2 else 1)
        falls_ill = (left == 0) & (rng.random(unit.size) < _LONG_RATE * frailty * now)
        length = np.minimum(rng.geometric(0.25, unit.size), _LONGEST)
        short = rng.poisson(_SHORT_RATE * season * frailty * now) * (left == 0)
        left = np.maximum(np.where(falls_ill, length, left) - 1, 0)
        if month >= 0:
            cases[:, month] = np.bincount(unit, falls_ill + short, _UNITS)
    persons = np.repeat(employees[:, None], N_MONTHS, axis=1).astype(float)
    return Simulated(CASES, cases, persons, employees.astype(float), start)


def measure(seeds: Sequence[int], less: float = 0.25) -> dict[str, float]:
    """Rates in per cent over the seeds, nothing changed and ``less`` taken away.

    ``unit`` is at p at most .05, as an agreed target; ``mde80`` the median smallest detectable
    change of units of 12 to 16 persons, in per cent of their level.
    """
    found: dict[str, list[float]] = {}

    def note(what: str, *values: float) -> None:
        found.setdefault(what, []).extend(values)

    for seed in seeds:
        for share in (0.0, less):
            after = "found" if share else "false"
            simulated = simulate(seed, share)
            units, pooled, failed = rows(frames(simulated), own=True)
            note("failed", 100.0 * bool(failed))
            (together,) = all_together(pooled) or ({"p": 1.0, "estimate": 0.0},)
            is_better = together["estimate"] < 0 and together["p"] <= 0.05
            note(f"pooled_{after}", 100.0 * is_better)
            held = is_better and together["p"] <= largest_p(together["months_in_pct"] / 100, RULES)
            note(f"held_{after}", 100.0 * held)
            told = units.filter(pl.col("p").is_not_null())
            better = (told["p"] <= 0.05) & (told["cf_delta"] < 0)
            note(f"unit_{after}", *(100.0 * better.cast(float)))
            if not share:
                inside = (told["cf_lo"] <= 0) & (told["cf_hi"] >= 0)
                note("unit_holds", *(100.0 * inside.cast(float)))
                note("mde80", *_detectable(told, simulated))
    return {
        what: float(np.median(values) if what == "mde80" else np.mean(values))
        for what, values in found.items()
    }


def _detectable(told: pl.DataFrame, simulated: Simulated) -> list[float]:
    """Of an agreed target, in per cent: t at .975 and .80 with 20 degrees of freedom."""
    middle = {f"s{u:02d}" for u, n in enumerate(simulated.employees) if 12 <= n <= 16}
    chosen = told.filter(pl.col("unit_id").is_in(middle))
    scale = np.where(chosen["scale"] == "log", 1.0, 100 / chosen["mean_after"])
    return [float(2.95 * error * by) for error, by in zip(chosen["cf_se"], scale, strict=True)]


def main() -> int:
    """Print the rates."""
    parser = ArgumentParser()
    parser.add_argument("--municipalities", type=int, default=40)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    given = parser.parse_args()
    found: dict[str, Any] = measure(range(given.first, given.first + given.municipalities))
    for what, rate in found.items():
        sys.stdout.write(f"{what} {rate:.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
