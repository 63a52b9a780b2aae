"""Interrupted time series (avbrutt tidsserie): counts of one series with a step, by Poisson.

A diagnostic for what a reader may have calculated by hand. One series alone cannot show how far it
drifts by itself, so its intervals are too narrow. What it is fitted on is decided in diagnostics.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.effects.beside.estimates import NORMAL_HALF_WIDTH
from pipelines.effects.model.panel import Floats

HARMONIC_PAIRS = 2
_YEAR = 12
_MAX_ROUNDS, _SMALLEST_CHANGE = 50, 1e-12


@dataclass(frozen=True)
class SeriesFit:
    """A fitted log-linear model.

    Attributes:
        coefficients: One per column of the design.
        covariance: Theirs, dispersion included.
        dispersion: Pearson chi-square over its degrees of freedom; 1 = Poisson.
    """

    coefficients: Floats
    covariance: Floats
    dispersion: float

    def ratio(self, column: int) -> tuple[float, float, float]:
        """Rate ratio of one column with its 95 % interval (normal distribution)."""
        half = NORMAL_HALF_WIDTH * self.standard_error(column)
        middle = float(self.coefficients[column])
        return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))

    def standard_error(self, column: int) -> float:
        """Standard error on the log scale."""
        return float(np.sqrt(self.covariance[column, column]))


def fit_counts(
    counts: Floats, exposure: Floats, design: Floats, *, is_overdispersed: bool = True
) -> SeriesFit:
    """Fit log(rate) = design x coefficients by iteratively reweighted least squares.

    Args:
        counts: One per month, >= 0, not all 0.
        exposure: One per month, > 0: what the counts are counted among.
        design: Months x columns.
        is_overdispersed: Scale the covariance by the dispersion (quasi-Poisson).

    Raises:
        ValueError: Too few months for the columns, or columns that say the same.
    """
    n_months, n_columns = design.shape
    if n_months <= n_columns or np.linalg.matrix_rank(design) < n_columns:
        raise ValueError("the months cannot tell the columns apart")
    expected = counts + counts.mean() / 2
    linear = np.log(expected / exposure)
    coefficients = np.zeros(n_columns)
    for _ in range(_MAX_ROUNDS):
        working = linear + (counts - expected) / expected
        weighted = design * expected[:, None]
        new = np.linalg.solve(design.T @ weighted, weighted.T @ working)
        moved = float(np.abs(new - coefficients).max())
        coefficients, linear = new, design @ new
        expected = exposure * np.exp(linear)
        if moved < _SMALLEST_CHANGE:
            break
    inverse = np.linalg.inv(design.T @ (design * expected[:, None]))
    pearson = float(((counts - expected) ** 2 / expected).sum()) / (n_months - n_columns)
    dispersion = pearson if is_overdispersed else 1.0
    return SeriesFit(coefficients, inverse * dispersion, dispersion)


def seasons(calendar_month: Floats, pairs: int = HARMONIC_PAIRS) -> Floats:
    """Sines and cosines of the year, two columns per pair.

    Args:
        calendar_month: Months, whole numbers; which is called 1 does not matter.
        pairs: Waves per year: 1, 2, ...
    """
    angles = 2 * np.pi * np.outer(calendar_month / _YEAR, np.arange(1, pairs + 1))
    return np.hstack([np.sin(angles), np.cos(angles)])


def step_design(step: Floats, calendar_month: Floats) -> Floats:
    """Columns: step, constant, trend, seasons; one row per month, consecutive or not.

    Args:
        step: 0 before, 1 after; in between where only some have started.
        calendar_month: Months counted from any January, used for trend and season.
    """
    trend = calendar_month - calendar_month.mean()
    return np.column_stack([step, np.ones(step.size), trend, seasons(calendar_month)])
