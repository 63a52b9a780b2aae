"""Monthly figures of the services: denominators from size and season, numerators from a level.

Each service type's list of measures is the YAML's; what they become in a file is ``exports.py``'s.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from pipelines.example.series import (
    MONTHS_IN_YEAR,
    FloatArray,
    month_index,
    planted_change,
    slow_swing,
    winter,
)
from pipelines.example.spec import ExampleSpec, Series, Service, Unit, Volume

SHARE_LIMITS = (0.02, 0.995)


class Figure(NamedTuple):
    """One value of one measure in one month (0 = January of the first year)."""

    unit_id: str
    month: int
    measure: str
    value: float
    n_persons: int | None


def make_figures(spec: ExampleSpec, rng: np.random.Generator) -> list[Figure]:
    """Return every figure in order of month, unit and measure.

    Args:
        spec: The example, with the changes planted in a numerator: relative for counts and totals,
            in share points for shares.
        rng: Where chance comes from.
    """
    figures: list[Figure] = []
    for service in spec.services:
        for unit in spec.units:
            if unit.service == service.service:
                figures += _unit_figures(spec, service, unit, rng)
    return sorted(figures, key=lambda f: (f.month, f.unit_id, f.measure))


def _people_behind(spec: ExampleSpec, unit: Unit) -> int:
    """A unit without own people on the reference date shared its successor's."""
    if unit.employees or unit.successor is None:
        return unit.employees
    successor = spec.unit_by_id[unit.successor]
    share = sum(origin.share for origin in successor.origins if origin.unit == unit.id)
    return round(successor.employees * share)


def _unit_figures(
    spec: ExampleSpec, service: Service, unit: Unit, rng: np.random.Generator
) -> Iterator[Figure]:
    months = _months(spec, service, unit)
    size = _people_behind(spec, unit)
    volumes = {
        volume.measure: _volume(volume, size, spec.n_months, rng) for volume in service.volumes
    }
    values: dict[str, FloatArray] = dict(volumes)
    for series in service.series:
        values[series.numerator] = _numerator(spec, unit, series, volumes[series.denominator], rng)
    persons = volumes[service.volumes[0].measure] if service.about_persons else None
    for measure, line in values.items():
        for month in months:
            n = None if persons is None else int(persons[month])
            yield Figure(unit.id, month, measure, float(line[month]), n)


def _months(spec: ExampleSpec, service: Service, unit: Unit) -> list[int]:
    first = 0 if unit.valid_from is None else month_index(spec, unit.valid_from)
    last = spec.n_months - 1 if unit.valid_to is None else month_index(spec, unit.valid_to)
    chosen = service.months or tuple(range(1, MONTHS_IN_YEAR + 1))
    return [m for m in range(max(0, first), last + 1) if m % MONTHS_IN_YEAR + 1 in chosen]


def _volume(volume: Volume, size: int, n_months: int, rng: np.random.Generator) -> FloatArray:
    level = volume.per_employee * size * float(np.exp(rng.normal(0, 0.08)))
    swing = slow_swing(rng, (1, n_months), volume.noise)[0]
    line: FloatArray = np.rint(level * np.exp(swing + volume.season * winter(n_months)))
    return np.maximum(1.0, line)


def _numerator(
    spec: ExampleSpec, unit: Unit, series: Series, volume: FloatArray, rng: np.random.Generator
) -> FloatArray:
    n = spec.n_months
    swing = slow_swing(rng, (1, n), series.wobble)[0] + series.season * winter(n)
    own = float(rng.normal(0, series.spread))
    change = planted_change(spec, unit.id, series.numerator)
    if series.kind == "share":
        share = np.clip(series.level + own + swing + change, *SHARE_LIMITS)
        return rng.binomial(volume.astype(np.int64), share).astype(float)
    level: FloatArray = series.level * np.exp(own + swing) * (1 + change)
    if series.kind == "count":
        return rng.poisson(level * volume).astype(float)
    noise = rng.normal(0, 1, n) * series.noise / np.sqrt(volume)
    total: FloatArray = np.rint(level * volume * np.exp(noise))
    return total
