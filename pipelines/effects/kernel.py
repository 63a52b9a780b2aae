"""The panel state-space model: its parameters, covariances and likelihood.

y_it = mu_t + a_i + s_it + sqrt(10/n_i) (f_it + w_it): a lasting level, a slow and a fast AR(1)
and white noise, the last two smaller in larger units. Maximising lives in fit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.effects.panel import Bools, Floats

Complexes = NDArray[np.complex128]

_PHI_SLOW_LOW = 0.80
_PHI_SLOW_RANGE = 0.195
_PHI_FAST_RANGE = 0.95
_STEP = 1e-20


@dataclass(frozen=True)
class KernelParams:
    """Standard deviations in the metric's unit (of a unit of ten employees) and AR coefficients."""

    sigma_a: float
    sigma_s: float
    phi_s: float
    sigma_f: float
    phi_f: float
    sigma_w: float


def params_from_theta(theta: Floats) -> KernelParams:
    """Read parameters from the optimiser's scale.

    Args:
        theta: log sigma_a, log sigma_s, logit of phi_s, log sigma_f, logit of phi_f, log sigma_w.
    """
    return KernelParams(
        sigma_a=float(np.exp(theta[0])),
        sigma_s=float(np.exp(theta[1])),
        phi_s=float(_PHI_SLOW_LOW + _PHI_SLOW_RANGE / (1 + np.exp(-theta[2]))),
        sigma_f=float(np.exp(theta[3])),
        phi_f=float(_PHI_FAST_RANGE / (1 + np.exp(-theta[4]))),
        sigma_w=float(np.exp(theta[5])),
    )


def covariance(
    params: KernelParams, noise_scale: float, rows: NDArray[np.int64], cols: NDArray[np.int64]
) -> Floats:
    """Covariance of one unit's values between two sets of months.

    Args:
        params: Model parameters.
        noise_scale: 10 / employees of the unit.
        rows: Month numbers, length R.
        cols: Month numbers, length C.

    Returns:
        R x C matrix.
    """
    lags = np.abs(rows[:, None] - cols[None, :])
    # a power per lag, not per pair of months
    lag = np.arange(int(lags.max(initial=0)) + 1)
    fast = params.sigma_f**2 * params.phi_f**lag + params.sigma_w**2 * (lag == 0)
    slow = params.sigma_s**2 * params.phi_s**lag
    by_lag: Floats = params.sigma_a**2 + slow + noise_scale * fast
    return np.asarray(by_lag[lags])


def log_likelihood_and_gradient(
    theta: Floats, residuals: Floats, observed: Bools, noise_scale: Floats
) -> tuple[float, Floats]:
    """Log-likelihood without the 2 pi constant, with its exact gradient.

    A Kalman filter over the two AR states runs for all units at once; the level a_i is integrated
    out afterwards (Woodbury), so the state stays two-dimensional. The gradient comes from complex
    steps (Squire and Trapp 1998), one per parameter, in the same pass.

    Args:
        theta: Six values, see :func:`params_from_theta`.
        residuals: Units x months, values less month effects; 0 where not observed.
        observed: Units x months.
        noise_scale: 10 / employees, per unit.

    Returns:
        The log-likelihood and its gradient of length six.
    """
    steps = theta[:, None] + 1j * _STEP * np.eye(theta.size)
    log_f, quad, cross, ones = _filter(steps, residuals, observed, noise_scale)
    var_a = np.exp(2 * steps[0])[:, None]
    inflation = 1 + var_a * ones
    per_unit = log_f + np.log(inflation) + quad - var_a * cross**2 / inflation
    total = -0.5 * per_unit.sum(axis=1)
    return float(total[0].real), total.imag / _STEP


def _filter(
    theta: Complexes, residuals: Floats, observed: Bools, noise_scale: Floats
) -> tuple[Complexes, Complexes, Complexes, Complexes]:
    """Filter residuals and a series of ones; sums of log F, v v/F, v e/F and e e/F per unit."""
    var_slow = np.exp(2 * theta[1])[:, None]
    phi_slow = (_PHI_SLOW_LOW + _PHI_SLOW_RANGE / (1 + np.exp(-theta[2])))[:, None]
    var_fast = np.exp(2 * theta[3])[:, None] * noise_scale
    phi_fast = (_PHI_FAST_RANGE / (1 + np.exp(-theta[4])))[:, None]
    var_white = np.exp(2 * theta[5])[:, None] * noise_scale
    new_slow, new_fast = (1 - phi_slow**2) * var_slow, (1 - phi_fast**2) * var_fast
    slow_slow, slow_fast, fast_fast = phi_slow**2, phi_slow * phi_fast, phi_fast**2

    shape = var_fast.shape
    p_ss = np.broadcast_to(var_slow, shape).astype(np.complex128)
    p_sf, p_ff = np.zeros(shape, np.complex128), var_fast.astype(np.complex128)
    zero = np.zeros(shape, np.complex128)
    slow_v, fast_v, slow_e, fast_e = zero, zero, zero, zero
    log_f, quad, cross, ones = zero.copy(), zero.copy(), zero.copy(), zero.copy()
    for month in range(residuals.shape[1]):
        seen = observed[:, month]
        to_slow, to_fast = p_ss + p_sf, p_sf + p_ff
        variance = to_slow + to_fast + var_white
        weight = seen / variance
        v = residuals[:, month] - slow_v - fast_v
        e = 1.0 - slow_e - fast_e
        weighted_v, weighted_e = weight * v, weight * e
        log_f += np.where(seen, np.log(variance), 0)
        quad += weighted_v * v
        cross += weighted_v * e
        ones += weighted_e * e
        gain_slow = to_slow * weight
        slow_v = phi_slow * (slow_v + to_slow * weighted_v)
        fast_v = phi_fast * (fast_v + to_fast * weighted_v)
        slow_e = phi_slow * (slow_e + to_slow * weighted_e)
        fast_e = phi_fast * (fast_e + to_fast * weighted_e)
        p_ss = slow_slow * (p_ss - gain_slow * to_slow) + new_slow
        p_sf = slow_fast * (p_sf - gain_slow * to_fast)
        p_ff = fast_fast * (p_ff - to_fast * weight * to_fast) + new_fast
    return log_f, quad, cross, ones
