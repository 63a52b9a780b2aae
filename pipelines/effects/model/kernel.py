"""The panel state-space model: its parameters, covariances and likelihood.

y_it = mu_t + a_i + s_it + sqrt(10/n_i) (f_it + w_it): a lasting level, a slow and a fast AR(1)
and white noise, the last two smaller in larger units. Maximising lives in fit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.effects.model.panel import Bools, Floats

Complexes = NDArray[np.complex128]

_PHI_SLOW_LOW = 0.80
_PHI_SLOW_RANGE = 0.195
_PHI_FAST_RANGE = 0.95
_STEP = 1e-20
_MONTHS_AT_ONCE = 12


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
    """Filter residuals and a series of ones; sums of log F, v v/F, v e/F and e e/F per unit.

    The order of every operation is part of the result: the search for the maximum goes another way
    on other last bits.
    """
    shape = (theta.shape[1], residuals.shape[0])

    def full(values: Complexes) -> Complexes:
        """One value per parameter set, laid out per unit: numpy is slow at stretching rows."""
        return np.broadcast_to(values, shape).copy()

    var_slow = np.exp(2 * theta[1])[:, None]
    phi_slow = (_PHI_SLOW_LOW + _PHI_SLOW_RANGE / (1 + np.exp(-theta[2])))[:, None]
    var_fast = np.exp(2 * theta[3])[:, None] * noise_scale
    phi_fast = (_PHI_FAST_RANGE / (1 + np.exp(-theta[4])))[:, None]
    var_white = np.exp(2 * theta[5])[:, None] * noise_scale
    new_slow, new_fast = full((1 - phi_slow**2) * var_slow), (1 - phi_fast**2) * var_fast
    slow_slow, slow_fast = full(phi_slow**2), full(phi_slow * phi_fast)
    fast_fast, phi_slow, phi_fast = full(phi_fast**2), full(phi_slow), full(phi_fast)

    values = np.ascontiguousarray(residuals.T, np.complex128)
    seen = np.ascontiguousarray(observed.T, np.complex128)
    p_ss = full(var_slow)
    p_sf, p_ff = np.zeros(shape, np.complex128), var_fast.astype(np.complex128)
    # states of the residuals and of the ones beside each other
    slow, fast, errors = np.zeros((3, 2, *shape), np.complex128)
    log_f, quad, cross, ones = np.zeros((4, *shape), np.complex128)
    variances = np.empty((_MONTHS_AT_ONCE, *shape), np.complex128)
    for month in range(residuals.shape[1]):
        to_slow, to_fast = p_ss + p_sf, p_sf + p_ff
        place = month % _MONTHS_AT_ONCE
        variance = np.add(to_slow + to_fast, var_white, out=variances[place])
        weight = seen[month] / variance
        np.subtract(values[month], slow[0], out=errors[0])
        np.subtract(1.0, slow[1], out=errors[1])
        errors -= fast
        weighted = weight * errors
        quad += weighted[0] * errors[0]
        cross += weighted[0] * errors[1]
        ones += weighted[1] * errors[1]
        gain_slow, gain_fast = to_slow * weight, to_fast * weight
        slow += to_slow * weighted
        np.multiply(phi_slow, slow, out=slow)
        fast += to_fast * weighted
        np.multiply(phi_fast, fast, out=fast)
        p_ss -= gain_slow * to_slow
        np.multiply(slow_slow, p_ss, out=p_ss)
        p_ss += new_slow
        gain_slow *= to_fast
        p_sf -= gain_slow
        np.multiply(slow_fast, p_sf, out=p_sf)
        gain_fast *= to_fast
        p_ff -= gain_fast
        np.multiply(fast_fast, p_ff, out=p_ff)
        p_ff += new_fast
        if place == _MONTHS_AT_ONCE - 1 or month == residuals.shape[1] - 1:
            months = slice(month - place, month + 1)
            for logs in _logs(variances[: place + 1], observed[:, months]):
                log_f += logs
    return log_f, quad, cross, ones


def _logs(variances: Complexes, observed: Bools) -> Complexes:
    """Logarithms of months x parameter sets x units, 0 where not observed.

    The logarithm of a complex number costs as much as ten products. Only the first parameter set
    needs its real part, and the imaginary parts are so small that the angle of a number is their
    quotient, to the last bit.
    """
    logs = np.zeros_like(variances)
    np.divide(variances.imag, variances.real, out=logs.imag)
    logs[:, 0] = np.log(variances[:, 0])
    logs *= observed.T[:, None]
    return logs
