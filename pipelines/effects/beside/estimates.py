"""What another method says: one number with its interval, whoever estimated it."""

from dataclasses import dataclass
from typing import Literal

DIAGNOSTICS_VERSION = "diff-diff-3.13.0/2"
Estimator = Literal["cs_not_yet", "cs_never", "imputation", "sdid", "interrupted_series"]
HORIZON = 24
"""Months before and after a start that are told one by one."""
NORMAL_HALF_WIDTH = 1.959963984540054
"""Standard errors on each side of an estimate in its 95 % interval, normal distribution."""


@dataclass(frozen=True)
class Estimate:
    """One number of one estimator; ``month`` is None for the mean over all months after."""

    estimator: Estimator
    month: int | None
    estimate: float
    se: float
    n_units: int
    n_comparison: int

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval by the normal distribution, as the methods' authors give it."""
        half = NORMAL_HALF_WIDTH * self.se
        return self.estimate - half, self.estimate + half
