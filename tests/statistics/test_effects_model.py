"""The model itself: likelihood against the dense normal, gradient, and what must not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.stats import multivariate_normal

from pipelines.effects.beside.estimates import NORMAL_HALF_WIDTH
from pipelines.effects.model import checks, did, kernel, student
from pipelines.effects.model.bump import pre_start_bump
from pipelines.effects.model.checks import check_model
from pipelines.effects.model.counterfactual import UnitEffect, unit_effects, window_weights
from pipelines.effects.model.did import difference_in_differences
from pipelines.effects.model.fit import Fit, fit_panel
from pipelines.effects.model.kernel import (
    covariance,
    log_likelihood_and_gradient,
    params_from_theta,
)
from pipelines.effects.model.panel import Panel
from tests.statistics.effect_worlds import small_panel, with_values

FEW = settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow])
THETAS = st.tuples(*[st.floats(-1.5, 1.5)] * 6).map(np.array)


def effects_of(panel: Panel, fit: Fit) -> list[UnitEffect]:
    return [
        unit_effects(panel, fit, unit, [window_weights(panel, unit, 0, 12)])[0]
        for unit in np.flatnonzero(panel.start < panel.n_months)
    ]


def assert_same_effects(
    ours: list[UnitEffect], theirs: list[UnitEffect], factor: float = 1.0
) -> None:
    for one, other in zip(ours, theirs, strict=True):
        scale = factor * other.standard_error
        assert abs(one.estimate - factor * other.estimate) < 2e-3 * abs(scale)
        assert one.standard_error == pytest.approx(abs(scale), rel=2e-3)


@FEW
@given(theta=THETAS, seed=st.integers(0, 999))
def test_the_filter_gives_the_likelihood_of_the_dense_normal_distribution(
    theta: np.ndarray, seed: int
) -> None:
    panel = small_panel(seed, n_units=5, n_months=20, holes=0.2)
    observed = panel.observed_before
    residuals = np.where(observed, panel.values - 8, 0)
    found, _ = log_likelihood_and_gradient(theta, residuals, observed, panel.noise_scale)
    expected = 0.0
    for unit in range(panel.n_units):
        months = np.flatnonzero(observed[unit])
        dense = covariance(params_from_theta(theta), float(panel.noise_scale[unit]), months, months)
        density = multivariate_normal(np.zeros(months.size), dense)
        expected += density.logpdf(residuals[unit, months])
        expected += months.size / 2 * np.log(2 * np.pi)
    assert found == pytest.approx(expected, rel=1e-9)


@FEW
@given(theta=THETAS, seed=st.integers(0, 999))
def test_the_gradient_is_that_of_central_differences(theta: np.ndarray, seed: int) -> None:
    panel = small_panel(seed, n_units=5, n_months=20)
    observed = panel.observed_before
    residuals = np.where(observed, panel.values - 8, 0)

    def likelihood(point: np.ndarray) -> float:
        return log_likelihood_and_gradient(point, residuals, observed, panel.noise_scale)[0]

    _, gradient = log_likelihood_and_gradient(theta, residuals, observed, panel.noise_scale)
    step = 1e-5
    numeric = [
        (likelihood(theta + step * axis) - likelihood(theta - step * axis)) / (2 * step)
        for axis in np.eye(6)
    ]
    assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-4)


@FEW
@given(seed=st.integers(0, 999), factor=st.floats(0.01, 5000))
def test_another_unit_of_measurement_scales_effects_and_nothing_else(
    seed: int, factor: float
) -> None:
    panel = small_panel(seed)
    scaled = with_values(panel, panel.values * factor)
    assert_same_effects(
        effects_of(scaled, fit_panel(scaled)), effects_of(panel, fit_panel(panel)), factor
    )


@FEW
@given(seed=st.integers(0, 999))
def test_the_opposite_sign_turns_effects_round(seed: int) -> None:
    panel = small_panel(seed)
    turned = with_values(panel, -panel.values)
    assert_same_effects(
        effects_of(turned, fit_panel(turned)), effects_of(panel, fit_panel(panel)), -1
    )


@FEW
@given(seed=st.integers(0, 999), shift=st.floats(-1000, 1000))
def test_what_happens_to_all_units_in_a_month_is_no_effect(seed: int, shift: float) -> None:
    panel = small_panel(seed)
    common = shift + np.random.default_rng(seed).normal(0, 5, panel.n_months)
    moved = with_values(panel, panel.values + common)
    assert_same_effects(effects_of(moved, fit_panel(moved)), effects_of(panel, fit_panel(panel)))


@FEW
@given(seed=st.integers(0, 999))
def test_the_order_of_the_units_does_not_matter(seed: int) -> None:
    panel = small_panel(seed)
    order = np.random.default_rng(seed).permutation(panel.n_units)
    shuffled = Panel(
        tuple(panel.unit_ids[i] for i in order),
        panel.first_month,
        panel.values[order],
        panel.employees[order],
        panel.start[order],
    )
    before = dict(zip(_started(panel), effects_of(panel, fit_panel(panel)), strict=True))
    after = dict(zip(_started(shuffled), effects_of(shuffled, fit_panel(shuffled)), strict=True))
    assert_same_effects([after[name] for name in before], list(before.values()))


def _started(panel: Panel) -> list[str]:
    return [panel.unit_ids[i] for i in np.flatnonzero(panel.start < panel.n_months)]


@FEW
@given(seed=st.integers(0, 999), change=st.floats(-20, 20))
def test_a_planted_effect_moves_its_own_unit_by_exactly_that_and_no_other(
    seed: int, change: float
) -> None:
    panel = small_panel(seed)
    values = panel.values.copy()
    values[0, panel.start[0] :] += change
    planted = with_values(panel, values)
    fit, fit_planted = fit_panel(panel), fit_panel(planted)
    assert fit_planted.params == fit.params  # months after start are never fitted on
    before, after = effects_of(panel, fit), effects_of(planted, fit_planted)
    assert after[0].estimate == pytest.approx(before[0].estimate + change, abs=1e-9)
    assert [e.estimate for e in after[1:]] == [e.estimate for e in before[1:]]
    assert [e.variance for e in after] == [e.variance for e in before]


def test_the_months_after_are_predicted_as_the_conditional_normal_says() -> None:
    panel = small_panel(3, n_units=6, n_months=40, holes=0)
    fit = fit_panel(panel)
    known = replace(fit, mu_covariance=np.zeros_like(fit.mu_covariance))
    unit = 0
    start = int(panel.start[unit])
    effect = unit_effects(panel, known, unit, [window_weights(panel, unit, 0, 3)])[0]
    months = np.arange(start + 3)
    joint = covariance(fit.params, float(panel.noise_scale[unit]), months, months)
    past, future = joint[:start, :start], joint[start:, :start]
    gain = future @ np.linalg.inv(past)
    deviations = (panel.values[unit] - fit.mu)[: start + 3]
    expected = (deviations[start:] - gain @ deviations[:start]).mean()
    spread = (joint[start:, start:] - gain @ future.T).mean()
    assert effect.estimate == pytest.approx(expected, rel=1e-9)
    assert effect.variance == pytest.approx(spread, rel=1e-9)


def test_months_without_any_waiting_unit_have_no_effect_and_the_others_keep_theirs() -> None:
    panel = small_panel(5)
    start = np.minimum(panel.start, 44)  # from month 44 on every unit has started
    crowded = replace(panel, start=start)
    fit = fit_panel(crowded)
    assert np.isnan(fit.mu[44:]).all()
    unit = int(np.argmin(start))
    low, high = 0, 44 - int(start[unit])
    wanted = [
        window_weights(crowded, unit, low, high),
        window_weights(crowded, unit, low, high + 6),
    ]
    inside, beyond = unit_effects(crowded, fit, unit, wanted)
    assert np.isfinite([inside.estimate, inside.variance]).all()
    assert np.isnan(beyond.estimate)


def test_a_unit_without_a_past_of_its_own_gets_no_effect() -> None:
    panel = small_panel(6)
    values = panel.values.copy()
    values[0, : panel.start[0]] = np.nan
    silent = with_values(panel, values)
    effect = unit_effects(silent, fit_panel(silent), 0, [window_weights(silent, 0, 0, 12)])[0]
    assert np.isnan(effect.estimate)


@pytest.mark.parametrize("values", [np.full((4, 12), 3.0), np.full((4, 12), np.nan)])
def test_a_panel_that_says_nothing_is_refused(values: np.ndarray) -> None:
    panel = small_panel(1, n_units=4, n_months=12)
    with pytest.raises(ValueError, match="before start"):
        fit_panel(with_values(panel, values))


def test_a_well_described_panel_passes_its_checks() -> None:
    panel = small_panel(11, n_units=40, n_months=96)
    assert check_model(panel, fit_panel(panel)).failures == ()


def test_a_panel_with_wild_outliers_fails_the_kurtosis_check() -> None:
    panel = small_panel(11, n_units=40, n_months=60)
    values = panel.values.copy()
    wild = np.random.default_rng(1).random(values.shape) < 0.01
    values[wild] += 60
    strange = with_values(panel, values)
    assert "kurtosis" in check_model(strange, fit_panel(strange)).failures


def test_a_unit_that_starts_after_a_bad_year_shows_its_bump() -> None:
    panel = small_panel(2, holes=0)
    values, start = panel.values.copy(), int(panel.start[0])
    fit = fit_panel(panel)
    before = pre_start_bump(panel, fit, 0)
    values[0, start - 12 : start] += 6
    after = pre_start_bump(with_values(panel, values), fit, 0)
    assert after.delta == pytest.approx(before.delta + 6)
    assert after.z > 1.64


@pytest.mark.parametrize("shift", [-3.0, 0.0, 40.0])
def test_difference_in_differences_ignores_what_all_units_share(shift: float) -> None:
    panel = small_panel(4)
    values = panel.values.copy()
    values[:, int(panel.start[0]) :] += shift
    before = difference_in_differences(panel, 0, 12)
    after = difference_in_differences(with_values(panel, values), 0, 12)
    assert after.delta == pytest.approx(before.delta)
    assert (after.p_value, after.n_untreated) == (before.p_value, before.n_untreated)


def test_a_huge_change_gets_the_smallest_rank_p_there_is() -> None:
    panel = small_panel(4)
    values = panel.values.copy()
    values[0, int(panel.start[0]) :] += 1000
    found = difference_in_differences(with_values(panel, values), 0, 12)
    assert found.p_value == pytest.approx(1 / (1 + found.n_untreated))


def test_a_placebo_is_a_change_less_the_mean_of_the_others_and_starts_are_compared_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = small_panel(4, n_units=30)
    panel = replace(panel, start=np.where(panel.start < panel.n_months, 28, panel.n_months))
    made: list[int] = []
    plain = did._waiting

    def counted(panel: Panel, start: int, length: int) -> did._Waiting:
        made.append(start)
        return plain(panel, start, length)

    monkeypatch.setattr(did, "_waiting", counted)
    comparisons = did.Comparisons(panel)
    found = [comparisons.of(unit, 12) for unit in range(10)]
    assert made == [28]
    assert found == [difference_in_differences(panel, unit, 12) for unit in range(10)]
    waiting = plain(panel, 28, 12)
    sizes = panel.employees[waiting.controls]
    changes = waiting.changes[waiting.controls]
    for control in range(sizes.size):
        others = np.arange(sizes.size) != control
        placebo = changes[control] - np.average(changes[others], weights=sizes[others])
        assert waiting.squares[control] == pytest.approx(placebo**2, rel=1e-10)


def test_logarithms_of_a_step_are_those_of_complex_numbers_to_the_last_bit() -> None:
    rng = np.random.default_rng(7)
    real, steps = np.exp(rng.normal(0, 3, (2, 12, 6, 500)))
    variances = real + 1e-20j * steps * rng.choice([-1, 1], real.shape)
    observed = rng.random((500, 12)) > 0.3
    wanted = np.where(observed.T[:, None], np.log(variances), 0)
    found = kernel._logs(variances, observed)
    assert np.array_equal(found[:, 0], wanted[:, 0])
    assert np.array_equal(found.imag, wanted.imag)


@pytest.mark.parametrize("order", [3, 4])
def test_moments_of_the_innovations_are_the_library_s(order: int) -> None:
    values = np.random.default_rng(2).gamma(2.0, size=400)
    library = stats.skew(values) if order == 3 else stats.kurtosis(values, fisher=False)
    assert checks._standardised_moment(values, order) == pytest.approx(library, rel=1e-12)
    assert np.isnan(checks._standardised_moment(np.full(9, 0.1), order))


@given(x=st.floats(-8, 8), df=st.integers(20, 400))
def test_student_s_t_is_the_library_s(x: float, df: int) -> None:
    assert student.two_sided_p(x, 1.0, df) == 2 * stats.t.sf(abs(x), df)
    assert student.half_width(df) == stats.t.ppf(0.975, df)
    assert stats.norm.ppf(0.975) == NORMAL_HALF_WIDTH
