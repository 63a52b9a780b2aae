"""Absence of every employee: short and long sickness, and the kinds that must not count.

Short sickness comes often, mostly in winter, and is mostly self-certified. Long sickness is rare,
lasts for months, hits some people more than others, and is written as one certificate after the
other. Pay and files are made elsewhere.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipelines.example.people import Position
from pipelines.example.series import FloatArray, month_edges, planted_factors, slow_swing, winter
from pipelines.example.spec import ExampleSpec

SHORT_DAYS = np.arange(1, 15)
SHORT_WEIGHTS = np.array([60, 52, 38, 18, 12, 6, 8, 6, 1, 1, 1, 1, 1, 2], dtype=float)
SELF_CERTIFIED_MAX_DAYS = 8
LONG_MIN_DAYS = 17
LONG_MEAN_EXTRA_DAYS = 82
LONG_MAX_DAYS = 365
CERTIFICATE_DAYS = (14, 14, 21, 28, 28, 35, 28, 42)
GRADES = (20, 40, 50, 60, 80)
GRADED_SHARE = 0.45
SELF_CERTIFIED_FIRST_SHARE = 0.5
OVERLAP_SHARE = 0.02
OTHER_KINDS: dict[str, tuple[float, int, int]] = {  # cases per year, shortest and longest in days
    "child_sick": (0.45, 1, 3),
    "leave": (0.22, 1, 5),
    "time_off": (0.35, 1, 2),
    "holiday": (0.15, 5, 21),
    "parental": (0.018, 90, 280),
}
SATURDAY = 5


class Absence(NamedTuple):
    """One row as the personnel system has it; ``end`` None means it is still running."""

    employee: int
    position_id: str
    unit_id: str
    start: int
    end: int | None
    kind: str
    grade: int


@dataclass(frozen=True, slots=True)
class _Chain:
    """All stretches of one main position, in order of time."""

    parts: tuple[Position, ...]
    start: int
    end: int


def make_absences(
    spec: ExampleSpec, positions: list[Position], rng: np.random.Generator
) -> list[Absence]:
    """Return every absence row, sorted by start, unit and employee.

    Args:
        spec: The example, with the planted changes in ``sick_short`` and ``sick_long``.
        positions: What ``make_positions`` returned; hourly positions have no absence here.
        rng: Where chance comes from.
    """
    edges = month_edges(spec)
    chains = _chains(positions, int(edges[0]), int(edges[-1]) - 1)
    second = defaultdict(list)
    for position in positions:
        if position.is_second:
            second[position.employee].append(position)
    cases = _draw_cases(spec, chains, rng, edges)
    rows: dict[tuple[int, str, int], Absence] = {}
    for at in sorted(cases):
        chain = chains[at]
        for start, end, kind, grade in _certificates(cases[at], rng):
            for row in _place(chain, second, (start, end, kind, grade), int(edges[-1]) - 1):
                rows.setdefault((row.employee, row.unit_id, row.start), row)
    return sorted(rows.values(), key=lambda row: (row.start, row.unit_id, row.employee))


def _chains(positions: list[Position], first: int, last: int) -> list[_Chain]:
    parts = defaultdict(list)
    for position in positions:
        if position.kind != "hourly" and not position.is_second:
            parts[position.position_id].append(position)
    out = []
    for group in parts.values():
        end = group[-1].end
        out.append(_Chain(tuple(group), max(first, group[0].start), last if end is None else end))
    return [chain for chain in out if chain.end >= first]


def _unit_factors(
    spec: ExampleSpec, rng: np.random.Generator, target: str, season: float
) -> tuple[dict[str, int], FloatArray]:
    """Return the row of each unit and its rate factor by month: season, swings, planted change."""
    unit_ids = [unit.id for unit in spec.units]
    shape = (len(unit_ids), spec.n_months)
    common = slow_swing(rng, (1, spec.n_months), 0.06)
    level = rng.normal(0.0, 0.12, (len(unit_ids), 1))
    own = slow_swing(rng, shape, 0.10)
    factors = np.exp(level + own + common + season * winter(spec.n_months))
    return {u: i for i, u in enumerate(unit_ids)}, factors * planted_factors(spec, unit_ids, target)


def _draw_cases(
    spec: ExampleSpec, chains: list[_Chain], rng: np.random.Generator, edges: np.ndarray
) -> dict[int, list[tuple[int, int, str]]]:
    """Draw (start, last day, kind) of every case of every chain; a case starts on a working day."""
    n, months = len(chains), spec.n_months
    starts = np.array([chain.start for chain in chains])[:, None]
    ends = np.array([chain.end for chain in chains])[:, None]
    here = np.minimum(ends + 1, edges[1:][None, :]) - np.maximum(starts, edges[:-1][None, :])
    exposure = np.clip(here, 0, None) / 365.25
    sector = {unit.id: spec.sectors[unit.sector] for unit in spec.units}
    cases: dict[int, list[tuple[int, int, str]]] = defaultdict(list)

    def draw(rates: FloatArray, kind: str, days: "Iterator[int]") -> None:
        counts = rng.poisson(rates * exposure)
        for at, month in np.argwhere(counts):
            low = max(int(edges[month]), chains[at].start)
            high = min(int(edges[month + 1]) - 1, chains[at].end)
            for _ in range(int(counts[at, month])):
                start = low + int(rng.integers(0, high - low + 1))
                weekday = (start + 6) % 7
                if weekday >= SATURDAY:
                    start = min(high, start + 7 - weekday)
                cases[int(at)].append((start, start + next(days) - 1, kind))

    for target, season in (("sick_short", 0.28), ("sick_long", 0.08)):
        rows, factors = _unit_factors(spec, rng, target, season)
        unit_rows = np.array([rows[chain.parts[-1].unit_id] for chain in chains])
        frailty = rng.gamma(*((3.0, 1 / 3) if target == "sick_short" else (0.9, 1 / 0.9)), n)
        field = "short_cases" if target == "sick_short" else "long_cases"
        base = np.array([getattr(sector[chain.parts[-1].unit_id], field) for chain in chains])
        rates = (base * frailty)[:, None] * factors[unit_rows]
        draw(rates, target, _short_days(rng) if target == "sick_short" else _long_days(rng))
    for kind, (per_year, low, high) in OTHER_KINDS.items():
        share = rng.gamma(0.8, 1 / 0.8, (n, 1))
        draw(np.repeat(per_year * share, months, axis=1), kind, _even_days(rng, low, high))
    return cases


def _short_days(rng: np.random.Generator) -> Iterator[int]:
    while True:
        p = SHORT_WEIGHTS / SHORT_WEIGHTS.sum()
        yield from (int(day) for day in rng.choice(SHORT_DAYS, size=1000, p=p))


def _long_days(rng: np.random.Generator) -> Iterator[int]:
    while True:
        extra = rng.exponential(LONG_MEAN_EXTRA_DAYS, 1000)
        yield from (min(LONG_MAX_DAYS, LONG_MIN_DAYS + int(day)) for day in extra)


def _even_days(rng: np.random.Generator, low: int, high: int) -> Iterator[int]:
    while True:
        yield from (int(day) for day in rng.integers(low, high + 1, 1000))


def _certificates(
    cases: list[tuple[int, int, str]], rng: np.random.Generator
) -> Iterator[tuple[int, int, str, int]]:
    """Turn cases into rows (start, last day, absence type, grade); one at a time per person."""
    busy_until = 0
    order = {"sick_long": 0, "parental": 1}
    for start, end, kind in sorted(cases, key=lambda case: (case[0], order.get(case[2], 2))):
        if start <= busy_until:
            continue
        busy_until = end
        if kind == "sick_short":
            own = end - start < SELF_CERTIFIED_MAX_DAYS
            yield start, end, "self_certified" if own else "certified", 100
        elif kind == "sick_long":
            yield from _long_rows(start, end, rng)
        else:
            yield start, end, kind, 100


def _long_rows(
    start: int, end: int, rng: np.random.Generator
) -> Iterator[tuple[int, int, str, int]]:
    """One self-certified start for some, then certificates end to end; later ones may be graded."""
    if rng.random() < SELF_CERTIFIED_FIRST_SHARE:
        yield start, start + 2, "self_certified", 100
        start += 2 if rng.random() < OVERLAP_SHARE else 3  # a doctor may go back a day
    is_graded = rng.random() < GRADED_SHARE
    grade = 100
    for number, days in enumerate(CERTIFICATE_DAYS * 3):
        if start > end:
            return
        last = min(end, start + days - 1)
        if is_graded and number:
            grade = int(rng.choice(GRADES))
        yield start, last, "certified", grade
        start = last + 1


def _place(
    chain: _Chain,
    second: dict[int, list[Position]],
    case: tuple[int, int, str, int],
    last_day: int,
) -> Iterator[Absence]:
    """Put one row on the unit, or units, where the person was on those days."""
    start, end, kind, grade = case
    employee = chain.parts[0].employee
    main_starts = [part.start for part in chain.parts]
    parts = [*chain.parts[max(0, bisect_right(main_starts, start) - 1) :], *second[employee]]
    for part in parts:
        part_end = last_day + LONG_MAX_DAYS if part.end is None else part.end
        low, high = max(start, part.start), min(end, part_end)
        if low > high or low > last_day:
            continue
        shown_end = high if high <= last_day else None
        yield Absence(employee, part.position_id, part.unit_id, low, shown_end, kind, grade)
