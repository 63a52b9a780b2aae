"""Before and after as measured: means, plain difference and same-months difference.

No comparison with anything; these numbers get no p-value.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.effects.model.panel import Floats, Ints

LONG_WINDOW, SHORT_WINDOW, PRELIMINARY_WINDOW = 24, 12, 6
_YEAR = 12


@dataclass(frozen=True)
class Window:
    """Months compared on each side of start.

    Attributes:
        before: Months before.
        after: Months after.
        is_preliminary: 6-11 months after: shown, never judged.
    """

    before: int
    after: int
    is_preliminary: bool


@dataclass(frozen=True)
class Series:
    """One unit's months of one metric; numerator and denominator are NaN where not delivered.

    ``gap`` months just before ``start`` are the introduction: neither before nor after.
    """

    values: Floats
    numerator: Floats
    denominator: Floats
    factor: float
    start: int
    first_calendar_month: int
    gap: int = 0


@dataclass(frozen=True)
class Measured:
    """What was measured; NaN where a side is empty."""

    n_before: int
    n_after: int
    mean_before: float
    mean_after: float
    seasonal_delta: float
    n_pairs: int

    @property
    def naive_delta(self) -> float:
        """Mean after less mean before."""
        return self.mean_after - self.mean_before


def choose_window(months_before: int, months_after: int) -> Window | None:
    """24 months if both sides have them, else 12; 6-11 after are preliminary; else none."""
    shortest = min(months_before, months_after)
    for length in (LONG_WINDOW, SHORT_WINDOW):
        if shortest >= length:
            return Window(length, length, is_preliminary=False)
    if months_before >= SHORT_WINDOW and months_after >= PRELIMINARY_WINDOW:
        return Window(SHORT_WINDOW, months_after, is_preliminary=True)
    return None


def measure(series: Series, window: Window) -> Measured:
    """Compare the months of a window on both sides of start."""
    end = series.start - series.gap
    before = np.arange(end - window.before, end)
    after = np.arange(series.start, series.start + window.after)
    seen_before = before[~np.isnan(series.values[before])]
    seen_after = after[~np.isnan(series.values[after])]
    pairs = []
    for calendar_month in range(_YEAR):
        sides = [
            series.values[side[(side + series.first_calendar_month - 1) % _YEAR == calendar_month]]
            for side in (seen_before, seen_after)
        ]
        if all(side.size for side in sides):
            pairs.append(float(sides[1].mean() - sides[0].mean()))
    return Measured(
        n_before=int(seen_before.size),
        n_after=int(seen_after.size),
        mean_before=_mean(series, seen_before),
        mean_after=_mean(series, seen_after),
        seasonal_delta=float(np.mean(pairs)) if pairs else float("nan"),
        n_pairs=len(pairs),
    )


def _mean(series: Series, months: Ints) -> float:
    if months.size == 0:
        return float("nan")
    over, under = series.numerator[months], series.denominator[months]
    if not np.isnan(over).any() and not np.isnan(under).any() and under.sum() > 0:
        return float(series.factor * over.sum() / under.sum())
    return float(series.values[months].mean())
