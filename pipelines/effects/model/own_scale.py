"""Counts and shares on their own scale, with the variance that their denominators give.

A count (falls, cases) is fitted as the logarithm of its rate, a share (decisions in time) as its
log odds, wherever enough was counted for that; where less was, as measured. Either way the noise of
a unit is that of what it counts among, not of how many it employs: Poisson or binomial, and where
its months vary more than those allow, negative binomial or beta-binomial. Nothing is fitted here.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pipelines.effects.model.panel import Floats, Panel
from pipelines.effects.model.scale import Scale

Kind = Literal["count", "share"]
Distribution = Literal["poisson", "negative_binomial", "binomial", "beta_binomial"]
_ENOUGH = 5.0
"""Expected of a kind in a month, from which its logarithm is near normal."""
_MOST_MONTHS = 0.75
_CLEAR = 2.0
_MIN_UNITS = 3
_HALF = 0.5
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Counted:
    """What a metric's values were counted as.

    Attributes:
        kind: Events or persons among something, or how many of all.
        numerator: Units x months, NaN where not delivered.
        denominator: Same.
        factor: Value = factor x numerator / denominator.
    """

    kind: Kind
    numerator: Floats
    denominator: Floats
    factor: float


@dataclass(frozen=True)
class OwnScale:
    """A panel on its own scale.

    Attributes:
        panel: Values on the scale, noise by denominators.
        scale: log or logit where enough was counted, else raw.
        distribution: What its months vary like.
    """

    panel: Panel
    scale: Scale
    distribution: Distribution


def on_own_scale(raw: Panel, counted: Counted) -> OwnScale | None:
    """Put a metric on its own scale.

    Args:
        raw: As measured.
        counted: Its counts, laid out as the panel.

    Returns:
        None where the counts are not delivered, are no whole numbers, are more than their all, or
        nothing was counted before a start.
    """
    over, under = counted.numerator, counted.denominator
    seen = ~np.isnan(raw.values)
    if not _are_counts(counted, seen):
        return None
    before = raw.observed_before & (under > 0)
    if not before.any():
        return None
    rates = _rates(over, under, before)
    expected = rates[:, None] * under
    least = expected if counted.kind == "count" else np.minimum(expected, under - expected)
    is_enough = float((least[before] >= _ENOUGH).mean()) >= _MOST_MONTHS
    scale: Scale = "raw"
    values = raw.values
    if is_enough:
        scale = "log" if counted.kind == "count" else "logit"
        with np.errstate(divide="ignore", invalid="ignore"):
            rest = under if counted.kind == "count" else under - over + _HALF
            values = np.where(seen, np.log((over + _HALF) / rest * _unit_of(counted)), np.nan)
    variance = _sampling_variance(counted, rates, scale)
    extra = _beyond_sampling(np.where(before, values, np.nan), variance)
    noise = _noise(np.where(before, variance, np.nan), extra)
    panel = replace(raw, values=values, noise=noise)
    names: tuple[Distribution, Distribution] = ("poisson", "negative_binomial")
    if counted.kind == "share":
        names = ("binomial", "beta_binomial")
    return OwnScale(panel, scale, names[int(extra > 0)])


def _unit_of(counted: Counted) -> float:
    return counted.factor if counted.kind == "count" else 1.0


def _are_counts(counted: Counted, seen: np.ndarray) -> bool:
    over, under = counted.numerator[seen], counted.denominator[seen]
    if over.size == 0 or np.isnan(over).any() or np.isnan(under).any():
        return False
    is_whole = bool((np.abs(over - np.round(over)) < _ROUNDING).all())
    is_within = counted.kind == "count" or bool((over <= under).all())
    return is_whole and is_within and bool((over >= 0).all()) and bool((under > 0).all())


def _rates(over: Floats, under: Floats, before: np.ndarray) -> Floats:
    """Each unit's own rate before its start, drawn a little to that of all so that none is zero."""
    counts, among = (np.where(before, part, 0).sum(axis=1) for part in (over, under))
    whole = float(counts.sum() + _HALF) / max(float(among.sum()), 1.0)
    mean = max(float(among.sum()) / max(int(before.sum()), 1), 1e-12)
    rates: Floats = (counts + whole * mean) / (among + mean)
    return rates


def _sampling_variance(counted: Counted, rates: Floats, scale: Scale) -> Floats:
    """Variance of each cell if it were Poisson or binomial, on the scale (delta method)."""
    spread = rates if counted.kind == "count" else rates * (1 - rates)
    spread = np.maximum(spread, 1e-12)[:, None]
    if scale == "raw":
        variance: Floats = counted.factor**2 * spread / counted.denominator
    else:
        variance = 1 / (spread * counted.denominator)
    return variance


def _beyond_sampling(values: Floats, variance: Floats) -> float:
    """Variance per month beyond sampling, 0 unless the months clearly say so.

    From one month to the next a unit's level hardly moves: what differs is sampling and this.
    """
    steps = np.diff(values, axis=1)
    allowed = variance[:, 1:] + variance[:, :-1]
    n_units = (~np.isnan(steps)).sum(axis=0)
    kept = n_units >= _MIN_UNITS
    if not kept.any():
        return 0.0
    steps, allowed, n_units = steps[:, kept], allowed[:, kept], n_units[kept]
    squares = (steps - np.nanmean(steps, axis=0)) ** 2 / (1 - 1 / n_units)
    excess = ((squares - allowed) / 2)[~np.isnan(squares)]
    mean = float(excess.mean())
    error = float(excess.std()) / np.sqrt(excess.size)
    return mean if mean > _CLEAR * error else 0.0


def _noise(variance: Floats, extra: float) -> Floats:
    """Variance of the size-dependent parts per unit, relative to a unit in the middle."""
    known = ~np.isnan(variance).all(axis=1)
    means = np.full(variance.shape[0], np.nan)
    means[known] = np.nanmean(variance[known], axis=1) + extra
    middle = float(np.nanmedian(means))
    noise: Floats = np.where(known, means, middle) / middle
    return noise
