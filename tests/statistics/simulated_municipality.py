"""Made-up municipalities without any effect of Lean, from a seed: the worlds of the calibration.

One metric, sick leave in per cent, for 76 units over ten years. What is run on them, and what is
added to them, lives in simulated_effects, simulated_charts and simulated_headlines.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Choice = Literal["random", "worsened", "high"]

FIRST_MONTH = date(2009, 1, 1)
N_MONTHS = 120
WORK_DAYS = 19.0
INTRODUCTION_MONTHS = 4
# units per kind of service: a few large kinds and many alone of their kind
SERVICES = (12, 9, 8, 8, 6, 4, 4, 4, 4, 3, 3, 3, 2, 1, 1, 1, 1, 1, 1)
N_UNITS = sum(SERVICES)
# first month of the introduction and number of units; two rounds of pilots, then waves
WAVES = ((24, 3), (36, 4), (48, 6), (56, 6), (66, 6), (74, 6), (84, 6), (94, 6))
_YEAR = 12


@dataclass(frozen=True)
class World:
    """How a municipality comes about.

    Attributes:
        name: Key of the tables.
        label: What it is called in the documentation.
        make: Which process the figures come from.
        choice: What decides who starts next.
    """

    name: str
    label: str
    make: Literal["gauss", "autocorrelated", "seasonal", "spell"]
    choice: Choice


WORLDS = {
    world.name: world
    for world in (
        World("gauss_random", "mild, random choice", "gauss", "random"),
        World("gauss_rtm", "mild, chosen after a bad year", "gauss", "worsened"),
        World("gauss_level", "mild, the highest chosen", "gauss", "high"),
        World("autocorrelated", "neighbouring months alike (0.6)", "autocorrelated", "random"),
        World("seasonal", "strong season, different from unit to unit", "seasonal", "random"),
        World("spell_random", "person by person, random choice", "spell", "random"),
        World("spell_rtm", "person by person, chosen after a bad year", "spell", "worsened"),
    )
}


@dataclass(frozen=True)
class Simulated:
    """One municipality and metric.

    Attributes:
        world: Name of its world.
        seed: What it was made from.
        values: Per cent, units x months.
        employees: Persons per unit, the same all months.
        service: Number of the kind of service.
        begin: First month of the introduction per unit; ``N_MONTHS`` = never.
        wave: Number of the wave, 0 = never; 1 and 2 are the pilots.
        reorganised: Units and the month another was merged into them.
    """

    world: str
    seed: int
    values: Floats
    employees: Ints
    service: Ints
    begin: Ints
    wave: Ints
    reorganised: tuple[tuple[int, int], ...] = ()

    @property
    def unit_ids(self) -> tuple[str, ...]:
        return tuple(f"E{unit:02d}" for unit in range(self.employees.size))

    @property
    def start(self) -> Ints:
        """First full month after the introduction; ``N_MONTHS`` = never."""
        return np.minimum(self.begin + INTRODUCTION_MONTHS, N_MONTHS)

    def changed_by(self, effect: Floats) -> Floats:
        """Values with an effect in points added by months since the introduction ended.

        Args:
            effect: One number per month; its last one goes on.
        """
        since = np.arange(N_MONTHS) - self.start[:, None]
        steps: Floats = np.where(since >= 0, effect[np.clip(since, 0, effect.size - 1)], 0.0)
        return self.values + steps


def simulate(world_name: str, seed: int) -> Simulated:
    """A municipality of a world; the same seed always gives the same one."""
    world = WORLDS[world_name]
    rng = np.random.default_rng([seed, sorted(WORLDS).index(world_name)])
    employees = np.clip(np.round(np.exp(rng.normal(np.log(13), 0.65, N_UNITS))), 4, 60)
    employees = employees.astype(np.int64)
    service = rng.permutation(np.repeat(np.arange(len(SERVICES)), SERVICES))
    if world.make == "spell":
        values = _persons(rng, employees, service)
    else:
        values = _processes(rng, employees, service, world.make)
    begin, wave = _choose(rng, values, world.choice)
    return Simulated(world_name, seed, values, employees, service, begin, wave)


def month_of(index: int) -> date:
    """The month with this number."""
    return date(FIRST_MONTH.year + index // _YEAR, index % _YEAR + 1, 1)


def fading(size: float) -> Floats:
    """An effect that holds for a year and is gone after two."""
    return size * np.clip(2 - np.arange(25) / _YEAR, 0, 1)


def _processes(rng: Any, employees: Ints, service: Ints, make: str) -> Floats:
    """Level + season + flu + slow and fast swings + noise; small units swing more."""
    root = np.sqrt(15 / employees)[:, None]
    level = rng.normal(8, 1.5, (N_UNITS, 1))
    amplitude, own = (2.2, 0.2) if make == "seasonal" else (1.2, 0.25)
    loading = np.exp(rng.normal(0, own, (N_UNITS, 1)))
    phase = rng.normal(0, 0.5, len(SERVICES))[service][:, None]
    months = np.arange(N_MONTHS)
    season = amplitude * loading * np.cos(2 * np.pi * (months - phase) / _YEAR)
    common = _swings(rng, 1, 0.8, 0.4) + _flu(rng) * np.exp(rng.normal(0, 0.3, (N_UNITS, 1)))
    if make == "autocorrelated":
        own_swings = root * _swings(rng, N_UNITS, 0.6, 1.8)
    else:
        own_swings = _swings(rng, N_UNITS, 0.95, 0.8) + root * _swings(rng, N_UNITS, 0.6, 1.5)
        own_swings = own_swings + root * rng.normal(0, 1.0, (N_UNITS, N_MONTHS))
    return np.asarray(level + season + common + own_swings, dtype=np.float64)


def _swings(rng: Any, rows: int, memory: float, spread: float) -> Floats:
    swings = np.zeros((rows, N_MONTHS))
    swings[:, 0] = rng.normal(0, spread, rows)
    steps = rng.normal(0, spread * np.sqrt(1 - memory**2), (rows, N_MONTHS))
    for month in range(1, N_MONTHS):
        swings[:, month] = memory * swings[:, month - 1] + steps[:, month]
    return swings


def _flu(rng: Any) -> Floats:
    """Three winters with one to three points more in two months."""
    extra = np.zeros(N_MONTHS)
    for year in rng.choice(N_MONTHS // _YEAR, 3, replace=False):
        extra[_YEAR * year : _YEAR * year + 2] += rng.uniform(1, 3)
    return extra


def _persons(rng: Any, employees: Ints, service: Ints) -> Floats:
    """Every person: short absences, more in winter, and long ones of about four months.

    Some are ill far more often than others, and some units are harder to work in.
    """
    unit = np.repeat(np.arange(N_UNITS), employees)
    n_persons = unit.size
    strain = np.exp(rng.normal(0, 0.2, N_UNITS))[unit]
    frailty = rng.gamma(1.2, 1 / 1.2, n_persons) * strain
    phase = rng.normal(0, 0.5, len(SERVICES))[service][unit]
    flu = 1 + 0.25 * _flu(rng)
    left = np.zeros(n_persons, dtype=np.int64)
    lost = np.zeros((N_UNITS, N_MONTHS))
    warm_up = 18
    for month in range(-warm_up, N_MONTHS):
        season = 1 + 0.35 * np.cos(2 * np.pi * (month - phase) / _YEAR)
        falls_ill = (left == 0) & (rng.random(n_persons) < 0.014 * frailty)
        length = np.minimum(rng.geometric(0.25, n_persons), _YEAR)
        left = np.where(falls_ill, length, left)
        away = left > 0
        short = rng.poisson(0.2 * season * frailty * flu[max(month, 0)]) * 2.4
        days = np.where(away, WORK_DAYS, np.minimum(short, WORK_DAYS))
        left = np.maximum(left - 1, 0)
        if month >= 0:
            lost[:, month] = np.bincount(unit, days, N_UNITS)
    return 100 * lost / (WORK_DAYS * employees[:, None])


def _choose(rng: Any, values: Floats, choice: Choice) -> tuple[Ints, Ints]:
    begin = np.full(N_UNITS, N_MONTHS)
    wave = np.zeros(N_UNITS, dtype=np.int64)
    spread = float(values.std())
    for number, (month, size) in enumerate(WAVES, start=1):
        year = values[:, month - _YEAR : month].mean(axis=1)
        before = values[:, max(month - 3 * _YEAR, 0) : month - _YEAR].mean(axis=1)
        urge = {"random": np.zeros(N_UNITS), "worsened": year - before, "high": year}[choice]
        noise = rng.normal(0, 0.25 * spread if choice != "random" else 1.0, N_UNITS)
        urge = np.where(begin < N_MONTHS, -np.inf, urge + noise)
        chosen = np.argsort(urge)[-size:]
        begin[chosen], wave[chosen] = month, number
    return begin, wave
