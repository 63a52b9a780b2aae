"""Worlds that are harder than those of the calibration: the mild one, made worse in one way each.

Few units, months that are missing or hidden, lasting shifts of level with heavy tails, skewed
means, units that take others in. Made-up municipalities as in ``simulated_municipality``; what is
run on them lives where theirs does.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.statistics.simulated_municipality import (
    N_MONTHS,
    WORLDS,
    Simulated,
    simulate,
)

BASE = "gauss_random"
_FEW = 16
_SMALL, _HIDDEN, _MISSING = 8, 0.4, 0.12
_SHIFTS_PER_MONTH, _SHIFT = 1 / 60, 1.0
_SKEW = 0.09
_MERGERS = 10


def made(world: str, seed: int) -> Simulated:
    """A municipality of any world, those of the calibration and the harder ones."""
    if world in WORLDS:
        return simulate(world, seed)
    _, worsen = HARDER[world]
    rng = np.random.default_rng([seed, 100 + list(HARDER).index(world)])
    return replace(worsen(simulate(BASE, seed), rng), world=world)


def label_of(world: str) -> str:
    """What a world is called in the documentation."""
    return WORLDS[world].label if world in WORLDS else HARDER[world][0]


def _few(town: Simulated, rng: Any) -> Simulated:
    """One unit of each wave, and as many that never start."""
    first = [int(np.flatnonzero(town.wave == wave)[0]) for wave in range(1, town.wave.max() + 1)]
    never = np.flatnonzero(town.wave == 0)
    rest = rng.choice(never, _FEW - len(first), replace=False)
    kept = np.sort(np.concatenate([first, rest]))
    return replace(
        town,
        values=town.values[kept],
        employees=town.employees[kept],
        service=np.zeros_like(town.service[kept]),
        begin=town.begin[kept],
        wave=town.wave[kept],
    )


def _gaps(town: Simulated, rng: Any) -> Simulated:
    """One month in eight was never delivered, and of small units two in five are hidden."""
    lost = np.where(town.employees < _SMALL, _HIDDEN, _MISSING)[:, None]
    gone = rng.random(town.values.shape) < lost
    return replace(town, values=np.where(gone, np.nan, town.values))


def _shifted(town: Simulated, rng: Any) -> Simulated:
    """Every fifth year a unit's level moves and stays there, now and then far."""
    moves = rng.random(town.values.shape) < _SHIFTS_PER_MONTH
    steps = np.where(moves, _SHIFT * rng.standard_t(3, town.values.shape), 0)
    return replace(town, values=town.values + steps.cumsum(axis=1))


def _skewed(town: Simulated, rng: Any) -> Simulated:
    """High months are much higher than low ones are low."""
    return replace(town, values=8 * np.exp(_SKEW * (town.values - 8)))


def _merged(town: Simulated, rng: Any) -> Simulated:
    """Ten units take in ten others, which end; the figures go on as the mean of both."""
    pairs = rng.choice(town.employees.size, (_MERGERS, 2), replace=False)
    values, told = town.values.copy(), []
    for into, other in pairs:
        month = int(rng.integers(24, N_MONTHS - 24))
        share = town.employees[[into, other]] / town.employees[[into, other]].sum()
        values[into, month:] = share @ town.values[[into, other], month:]
        values[other, month:] = np.nan
        told.append((int(into), month))
    return replace(town, values=values, reorganised=tuple(told))


HARDER: dict[str, tuple[str, Callable[[Simulated, Any], Simulated]]] = {
    "few": ("few units: 16, of which 8 start", _few),
    "gaps": ("months missing and hidden", _gaps),
    "shifted": ("lasting shifts of level, heavy tails", _shifted),
    "skewed": ("skewed means", _skewed),
    "merged": ("units that take others in", _merged),
}
