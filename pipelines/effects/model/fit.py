"""Fitting the panel state-space model on the months before Lean.

Four rounds of maximum likelihood for the covariances and least squares for the month effects.
The likelihood itself lives in kernel; what is done with a fit lives in counterfactual.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve
from scipy.optimize import minimize

from pipelines.effects.model.kernel import (
    KernelParams,
    covariance,
    log_likelihood_and_gradient,
    params_from_theta,
)
from pipelines.effects.model.panel import Bools, Floats, Panel

_ROUNDS = 4
_START_SD = (0.5, 0.3, 0.6, 0.6)
_SD_POSITIONS = [0, 1, 3, 5]
_LOGIT_POSITIONS = [2, 4]
_LOGIT_MEAN, _LOGIT_SD = 0.5, 2.0
_SD_LOW, _SD_HIGH = 0.01, 5.0
# gain per cell below which a step is the last: late, since the likelihood can be nearly flat
# between a_i and a slow s_it, and a looser stop moved a pooled effect by .3 SE
_SMALLEST_GAIN, _SMALLEST_SLOPE = 1e-10, 1e-9


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes:
        params: Covariance parameters.
        mu: Month effects, NaN in months that no unit before its start measured.
        mu_covariance: Months x months, 0 in the rows and columns of such months.
        log_likelihood: Without the 2 pi constant and without penalties.
        residual_sd: Standard deviation of the untreated cells around the start month effects.
    """

    params: KernelParams
    mu: Floats
    mu_covariance: Floats
    log_likelihood: float
    residual_sd: float


def fit_panel(panel: Panel) -> Fit:
    """Fit the model on all cells before each unit's start.

    Args:
        panel: Units x months; missing cells are allowed.

    Raises:
        ValueError: Fewer than two untreated cells, or no variation between them.
    """
    observed = panel.observed_before
    if observed.sum() < observed.shape[1]:
        raise ValueError("too few cells before start to fit a model")
    mu = _start_mu(panel, observed)
    residuals = _residuals(panel, observed, mu)
    sd = float(residuals[observed].std())
    if not sd > 0:
        raise ValueError("the cells before start do not vary")
    theta = np.zeros(6)
    theta[_SD_POSITIONS] = np.log(np.array(_START_SD) * sd)
    theta[_LOGIT_POSITIONS] = _LOGIT_MEAN
    for _ in range(_ROUNDS):
        theta = _maximise(theta, _residuals(panel, observed, mu), observed, panel, sd)
        mu, mu_covariance = month_effects(panel, params_from_theta(theta))
    likelihood, _ = log_likelihood_and_gradient(
        theta, _residuals(panel, observed, mu), observed, panel.noise_scale
    )
    return Fit(params_from_theta(theta), mu, mu_covariance, likelihood, sd)


def month_effects(panel: Panel, params: KernelParams) -> tuple[Floats, Floats]:
    """Month effects by generalised least squares and their covariance, parameters given.

    Args:
        panel: Only its cells before start are used.
        params: Covariance parameters.

    Returns:
        ``mu`` (months, NaN where nothing was observed) and its months x months covariance.
    """
    observed = panel.observed_before
    n_months = panel.n_months
    precision = np.zeros((n_months, n_months))
    weighted = np.zeros(n_months)
    groups: dict[tuple[float, bytes], list[int]] = {}
    for unit in range(panel.n_units):
        key = (float(panel.noise_scale[unit]), observed[unit].tobytes())
        groups.setdefault(key, []).append(unit)
    for (noise_scale, _), units in groups.items():
        months = np.flatnonzero(observed[units[0]])
        if months.size == 0:
            continue
        factor = cho_factor(covariance(params, noise_scale, months, months), lower=True)
        inverse = cho_solve(factor, np.eye(months.size))
        precision[np.ix_(months, months)] += len(units) * inverse
        weighted[months] += inverse @ panel.values[np.ix_(np.array(units), months)].sum(axis=0)
    seen = np.flatnonzero(observed.any(axis=0))
    block = precision[np.ix_(seen, seen)]
    inside = solve(block, np.eye(seen.size), assume_a="pos")
    mu = np.full(n_months, np.nan)
    mu[seen] = inside @ weighted[seen]
    mu_covariance = np.zeros((n_months, n_months))
    mu_covariance[np.ix_(seen, seen)] = inside
    return mu, mu_covariance


def _start_mu(panel: Panel, observed: Bools) -> Floats:
    weights = observed * panel.employees[:, None]
    total = weights.sum(axis=0)
    weighted = (weights * np.where(observed, panel.values, 0.0)).sum(axis=0)
    mu = np.full(total.size, np.nan)
    mu[total > 0] = weighted[total > 0] / total[total > 0]
    return mu


def _residuals(panel: Panel, observed: Bools, mu: Floats) -> Floats:
    return np.where(observed, panel.values - mu, 0.0)


def _maximise(theta: Floats, residuals: Floats, observed: Bools, panel: Panel, sd: float) -> Floats:
    shift = np.zeros(theta.size)
    shift[_SD_POSITIONS] = np.log(sd)
    standardised, noise_scale, n_cells = residuals / sd, panel.noise_scale, float(observed.sum())

    def objective(point: Floats) -> tuple[float, Floats]:
        value, gradient = log_likelihood_and_gradient(point, standardised, observed, noise_scale)
        off = (point[_LOGIT_POSITIONS] - _LOGIT_MEAN) / _LOGIT_SD
        gradient[_LOGIT_POSITIONS] -= off / _LOGIT_SD
        return (0.5 * float(off @ off) - value) / n_cells, -gradient / n_cells

    bounds: list[tuple[float | None, float | None]] = [(None, None)] * theta.size
    for position in _SD_POSITIONS:
        bounds[position] = (float(np.log(_SD_LOW)), float(np.log(_SD_HIGH)))
    found = minimize(
        objective,
        theta - shift,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": _SMALLEST_GAIN, "gtol": _SMALLEST_SLOPE},
    )
    return np.asarray(found.x, dtype=np.float64) + shift
