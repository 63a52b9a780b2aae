"""Estimates of several municipalities pooled, with the margin that a common bias needs.

A bias that all share does not average out: where units were chosen to start, the margin of their
packs is carried along, and doubled from fifteen municipalities; where the order was drawn it is 0.
The formulas of random effects are in ``random_effects``, what a pack must be in ``checks``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from pipelines.effects.model.panel import Floats
from pipelines.effects.model.student import UPPER, half_width, two_sided_p
from pipelines.evidence.random_effects import (
    Expected,
    Mean,
    expected,
    leave_one_out,
    pooled_mean,
)

LEAST = 5
"""Fewer municipalities are listed and not pooled."""
_DOUBLED_FROM = 15
_COMPLETE = 0.9
FAR = 3.0
"""Standard deviations from the others beyond which the result without it is shown too."""
FRAGILE = 0.02
"""Below this much correlation between the municipalities' errors, no common error is tolerated."""
Better = Literal["lower", "higher"]
StartOrder = Literal["drawn", "chosen"]


@dataclass(frozen=True)
class Shared:
    """One municipality's estimate.

    Attributes:
        municipality: Who.
        estimate: On the metric's model scale.
        se: Its standard error, > 0.
        margin: As published; what is used is 0 where the order was drawn.
        start_order: ``drawn`` or ``chosen``.
    """

    municipality: str
    estimate: float
    se: float
    margin: float
    start_order: StartOrder


@dataclass(frozen=True)
class Pooled:
    """What the municipalities say together, and what each may expect.

    Attributes:
        municipalities: Who, in the order of the lists below.
        mean: The mean and its standard error.
        df: Degrees of freedom.
        margin_factor: What the weighted margin is multiplied by.
        margin: Added on both sides.
        low: Lower end of the 95 % interval, margin included.
        high: Upper end.
        p: Two-sided, of the mean less the margin.
        expected: Integrated over tau; an expectation, never a verdict.
        new_low: Where a new municipality may land, lower end.
        new_high: Upper end.
        own_low: Lower end of each own value.
        own_high: Upper end of each.
        leave_one_out: Distance of each from the others, in standard deviations.
        shared_error_tolerated: How strongly errors could be correlated before the interval reached
            zero.
    """

    municipalities: tuple[str, ...]
    mean: Mean
    df: int
    margin_factor: int
    margin: float
    low: float
    high: float
    p: float
    expected: Expected
    new_low: float
    new_high: float
    own_low: Floats
    own_high: Floats
    leave_one_out: Floats
    shared_error_tolerated: float


def pool_municipalities(shared: Sequence[Shared]) -> Pooled:
    """Pool the estimates of several municipalities.

    Args:
        shared: One per municipality, at least :data:`LEAST`.

    Raises:
        ValueError: There are too few.
    """
    if len(shared) < LEAST:
        raise ValueError(f"{len(shared)} municipalities are listed, not pooled")
    y = np.array([one.estimate for one in shared], dtype=np.float64)
    s = np.array([one.se for one in shared], dtype=np.float64)
    margins = np.array([0.0 if one.start_order == "drawn" else one.margin for one in shared])
    mean, beyond = pooled_mean(y, s**2), expected(y, s**2)
    df = len(shared) - 1
    factor = 2 if len(shared) >= _DOUBLED_FROM else 1
    margin = factor * float(mean.weights @ margins)
    half = half_width(df) * mean.se + margin
    normal = float(ndtri(UPPER))
    new, own = normal * beyond.new_sd + margin, normal * beyond.own_sd + margin
    clear = max(abs(mean.mean) - margin, 0.0)
    tolerated = ((clear / half_width(df)) ** 2 - mean.se**2) / float(mean.weights @ s) ** 2
    return Pooled(
        municipalities=tuple(one.municipality for one in shared),
        mean=mean,
        df=df,
        margin_factor=factor,
        margin=margin,
        low=mean.mean - half,
        high=mean.mean + half,
        p=two_sided_p(clear, mean.se, df),
        expected=beyond,
        new_low=beyond.new_mean - new,
        new_high=beyond.new_mean + new,
        own_low=beyond.own - own,
        own_high=beyond.own + own,
        leave_one_out=leave_one_out(y, s**2),
        shared_error_tolerated=max(0.0, tolerated),
    )


def filled(shared: Sequence[Shared], n_announced: int, better: Better) -> list[Shared] | None:
    """Return the estimates with what was announced and never came, as unfavourable as is likely.

    The missing get the mirror of the median on the worse side of zero, or zero, and the median
    variance.

    Args:
        shared: Those that came, at least one.
        n_announced: How many had announced, before they started.
        better: Which way is better.

    Returns:
        None when nine of ten came, so that nothing needs filling.
    """
    if len(shared) >= _COMPLETE * n_announced:
        return None
    # with lower better, an improvement is below zero and its mirror above
    sign = -1.0 if better == "lower" else 1.0
    median = float(np.median([sign * one.estimate for one in shared]))
    estimate = sign * min(0.0, -median)
    se = float(np.sqrt(np.median([one.se**2 for one in shared])))
    absent = [
        Shared(f"absent {number}", estimate, se, 0.0, "drawn")
        for number in range(1, n_announced - len(shared) + 1)
    ]
    return [*shared, *absent]
