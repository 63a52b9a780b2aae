"""Does the model describe this metric? Checks of its one-step prediction errors.

A metric that fails any of them is described, not judged: no verdicts and no pooled effect.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from pipelines.effects.model.family import LEAST, SMALL, family_size
from pipelines.effects.model.fit import Fit
from pipelines.effects.model.kernel import covariance
from pipelines.effects.model.own_scale import Distribution
from pipelines.effects.model.panel import Floats, Panel

SD_LOW, SD_HIGH = 0.9, 1.1
MAX_KURTOSIS = 6.0
MAX_AUTOCORRELATION = 0.1
_CHANCE_SE = 3.0
_YEAR = 12


@dataclass(frozen=True)
class ModelChecks:
    """What the standardised innovations look like; a fitting model gives 1, 0, 3, 0, 0.

    Attributes:
        sd: Standard deviation.
        skewness: Third standardised moment.
        kurtosis: Fourth standardised moment, 3 for a normal distribution.
        lag_1: Autocorrelation over one month.
        lag_12: Autocorrelation over a year, NaN without such pairs.
        n_units: Units with values before start.
        n_cells: Innovations looked at.
        distribution: What a count or share varies like, None where nothing is counted.
    """

    sd: float
    skewness: float
    kurtosis: float
    lag_1: float
    lag_12: float
    n_units: int
    n_cells: int
    distribution: Distribution | None = None

    @property
    def failures(self) -> tuple[str, ...]:
        """Names of the broken checks, empty if the model may be used."""
        # under 20 units kurtosis flips by chance from one seed to the next, and autocorrelations of
        # few hundred cells lie outside the limit by chance alone; the months of a count are as
        # peaked as its rate is low, and its windows are not
        is_small = self.n_units < SMALL
        chance = _CHANCE_SE / np.sqrt(max(self.n_cells, 1)) if is_small else 0.0
        most = max(MAX_AUTOCORRELATION, chance)
        verdicts = {
            "innovation_sd": SD_LOW <= self.sd <= SD_HIGH,
            "kurtosis": is_small or self.distribution is not None or self.kurtosis < MAX_KURTOSIS,
            "lag_1": abs(self.lag_1) < most,
            "lag_12": abs(self.lag_12) < most,
            "n_units": self.n_units >= LEAST,
        }
        return tuple(name for name, passed in verdicts.items() if not passed)


def innovations(panel: Panel, fit: Fit) -> Floats:
    """Standardised one-step prediction errors before start.

    Returns:
        Units x months, NaN after start and where nothing was measured.
    """
    observed = panel.observed_before
    result = np.full(panel.values.shape, np.nan)
    for unit in range(panel.n_units):
        months = np.flatnonzero(observed[unit])
        if months.size == 0:
            continue
        scale = float(panel.noise_scale[unit])
        root = cholesky(covariance(fit.params, scale, months, months), lower=True)
        deviations = (panel.values[unit] - fit.mu)[months]
        result[unit, months] = solve_triangular(root, deviations, lower=True)
    return result


def check_model(panel: Panel, fit: Fit) -> ModelChecks:
    """Check a fitted model against the cells it was fitted on."""
    errors = innovations(panel, fit)
    seen = errors[~np.isnan(errors)]
    return ModelChecks(
        sd=float(seen.std()),
        skewness=_standardised_moment(seen, 3),
        kurtosis=_standardised_moment(seen, 4),
        lag_1=_autocorrelation(errors, 1),
        lag_12=_autocorrelation(errors, _YEAR),
        n_units=family_size(panel),
        n_cells=int(seen.size),
    )


def _standardised_moment(values: Floats, order: int) -> float:
    """Third or fourth central moment over that power of the standard deviation."""
    mean = values.mean()
    squares = (values - mean) ** 2
    variance = squares.mean()
    if variance <= (np.finfo(np.float64).eps * mean) ** 2:
        return float("nan")  # all alike: what is left is rounding
    moment = (squares * (values - mean if order % 2 else squares)).mean()
    return float(moment / variance ** (order / 2))


def _autocorrelation(errors: Floats, lag: int) -> float:
    early, late = errors[:, :-lag], errors[:, lag:]
    both = ~np.isnan(early) & ~np.isnan(late)
    if early.shape[1] == 0 or both.sum() <= lag:
        return float("nan")
    return float(np.corrcoef(early[both], late[both])[0, 1])
