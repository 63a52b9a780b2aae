"""The small parts: shrinkage, q-values, pooling, windows, scale, cache, panel."""

import json
import math
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from pipelines.effects.judge.events import headcount_reorganisations
from pipelines.effects.judge.multiple_testing import benjamini_hochberg
from pipelines.effects.model import kept_files
from pipelines.effects.model.as_measured import Series, choose_window, measure
from pipelines.effects.model.cache import cached_fit, fit_name, panel_hash
from pipelines.effects.model.counterfactual import UnitEffect
from pipelines.effects.model.kept_files import read_kept, write_kept
from pipelines.effects.model.models import ModelRequest, model_metric
from pipelines.effects.model.panel import build_panel, mean_employees
from pipelines.effects.model.pooled import pool
from pipelines.effects.model.shrinkage import paule_mandel_variance, shrink
from tests.statistics.effect_worlds import month_of, small_panel, with_values

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array)
ESTIMATES = st.lists(st.floats(-50, 50), min_size=2, max_size=40).map(np.array)


@given(p=P_VALUES, seed=st.integers(0, 99))
def test_q_is_never_below_p_keeps_its_order_and_follows_its_row(p: np.ndarray, seed: int) -> None:
    q = benjamini_hochberg(p)
    order = np.random.default_rng(seed).permutation(p.size)
    assert (q >= p - 1e-12).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-12).all()
    assert_allclose(benjamini_hochberg(p[order]), q[order])


def test_q_values_of_a_published_example() -> None:
    # Benjamini and Hochberg (1995), 15 tests: four are found at 5 %
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (benjamini_hochberg(np.array(p)) <= 0.05).sum() == 4


@given(estimates=ESTIMATES, seed=st.integers(0, 99))
def test_shrinkage_moves_each_unit_towards_the_mean_and_never_past_it(
    estimates: np.ndarray, seed: int
) -> None:
    variances = np.random.default_rng(seed).uniform(0.5, 9, estimates.size)
    shrunken = shrink(estimates, variances)
    tau2 = paule_mandel_variance(estimates, variances)
    weights = 1 / (variances + tau2)
    mean = (weights @ estimates) / weights.sum()
    assert (np.abs(shrunken - mean) <= np.abs(estimates - mean) + 1e-9).all()
    assert ((shrunken - mean) * (estimates - mean) >= -1e-9).all()
    if tau2 > 0:
        spread = weights @ (estimates - mean) ** 2
        assert spread == pytest.approx(estimates.size - 1, rel=1e-6)


@given(estimates=ESTIMATES, shift=st.floats(-20, 20), factor=st.floats(0.1, 50))
def test_shrinkage_follows_the_scale(estimates: np.ndarray, shift: float, factor: float) -> None:
    variances = np.linspace(1, 4, estimates.size)
    moved = shrink(factor * estimates + shift, factor**2 * variances)
    expected = factor * shrink(estimates, variances) + shift
    assert_allclose(moved, expected, rtol=1e-5, atol=1e-5 * factor)


def plain(estimate: float, variance: float, months: int = 10) -> UnitEffect:
    return UnitEffect(estimate, variance, np.zeros(months), variance, 12)


@given(estimates=ESTIMATES)
def test_a_group_mean_lies_between_its_units_and_no_order_changes_it(
    estimates: np.ndarray,
) -> None:
    sizes = np.linspace(5, 40, estimates.size)
    nothing = np.zeros((10, 10))
    effects = [plain(e, 1.0) for e in estimates]
    pooled = pool(effects, sizes, nothing)
    turned = pool(effects[::-1], sizes[::-1], nothing)
    assert estimates.min() - 1e-9 <= pooled.estimate <= estimates.max() + 1e-9
    assert turned.standard_error == pytest.approx(pooled.standard_error)
    assert pooled.standard_error**2 >= (sizes**2).sum() / sizes.sum() ** 2 - 1e-12


def test_a_group_that_starts_after_a_bad_year_gets_a_wider_interval_and_a_larger_p() -> None:
    effects = [plain(-2.0 + 0.1 * i, 1.0) for i in range(10)]
    sizes, nothing = np.full(10, 12.0), np.zeros((10, 10))
    calm = pool(effects, sizes, nothing, np.array([0.5, -0.5] * 5))
    bad = pool(effects, sizes, nothing, np.array([7.9, 8.1] * 5))
    assert calm.margin == 0
    assert bad.margin == pytest.approx(0.16)
    assert bad.high - bad.low == pytest.approx(calm.high - calm.low + 0.32)
    assert bad.p_value > calm.p_value


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (24, 24, (24, 24, False)),
        (60, 23, (12, 12, False)),
        (12, 40, (12, 12, False)),
        (30, 11, (12, 11, True)),
        (30, 5, None),
        (11, 40, None),
    ],
)
def test_both_sides_get_the_same_whole_years(
    before: int, after: int, expected: tuple[int, int, bool] | None
) -> None:
    window = choose_window(before, after)
    found = None if window is None else (window.before, window.after, window.is_preliminary)
    assert found == expected


def test_a_ratio_is_summed_before_it_is_divided() -> None:
    over, under = np.repeat([[1.0, 9.0], [2.0, 2.0]], 12, axis=0).ravel(), np.tile([10.0, 90.0], 24)
    series = Series(100 * over / under, over, under, 100.0, 24, 1)
    window = choose_window(24, 24)
    assert window is not None
    measured = measure(series, window)
    assert measured.mean_before == pytest.approx(10.0)
    assert measured.mean_after == pytest.approx(4.0)
    without = measure(replace(series, numerator=np.full(48, np.nan)), window)
    assert without.mean_after == pytest.approx((20 + 20 / 9) / 2)


def test_the_same_months_difference_is_not_fooled_by_the_season() -> None:
    season = np.tile(np.arange(12.0), 4)
    values = season.copy()
    values[0:6] = np.nan  # January to June missing on one side
    nothing = np.full(48, np.nan)
    window = choose_window(24, 24)
    assert window is not None
    measured = measure(Series(values, nothing, nothing, 1.0, 24, 1), window)
    assert measured.naive_delta != pytest.approx(0)
    assert measured.seasonal_delta == pytest.approx(0)
    assert measured.n_pairs == 12


def test_an_unchanged_panel_is_not_fitted_again(tmp_path: Path) -> None:
    panel = small_panel(1, n_units=12, n_months=40)
    first = cached_fit(tmp_path, panel)
    file = tmp_path / fit_name(panel)
    kept = read_kept(file, set())
    assert kept is not None
    write_kept(file, kept | {"log_likelihood": -1.25})
    second = cached_fit(tmp_path, panel)
    assert second.log_likelihood == -1.25  # read, not computed
    assert second.params == first.params
    assert_allclose(second.mu, first.mu)
    assert_allclose(second.mu_covariance, first.mu_covariance)


def test_a_changed_cell_headcount_or_start_is_fitted_again() -> None:
    panel = small_panel(1, n_units=12, n_months=40)
    values, employees, start = panel.values.copy(), panel.employees.copy(), panel.start.copy()
    values[3, 3], employees[3], start[3] = 99.0, 7.5, 30
    changed = [
        replace(panel, values=values),
        replace(panel, employees=employees),
        replace(panel, start=start),
    ]
    assert len({panel_hash(p) for p in [panel, *changed]}) == 4


def test_what_another_version_of_the_code_fitted_is_fitted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = small_panel(1, n_units=12, n_months=40)
    copied = shutil.copytree(kept_files._CODE, tmp_path / "code")
    old = copied / "model" / "kernel.py"
    old.write_text(old.read_text("utf-8") + "# as it was\n", "utf-8")
    now = fit_name(panel)
    monkeypatch.setattr(kept_files, "_CODE", copied)
    kept_files.made_by.cache_clear()
    before = fit_name(panel)
    kept_files.made_by.cache_clear()
    assert before != now
    assert before.split(".")[0] == now.split(".")[0] == panel_hash(panel)


def test_a_cache_file_cut_off_in_the_middle_is_replaced(tmp_path: Path) -> None:
    panel = small_panel(1, n_units=12, n_months=40)
    first = cached_fit(tmp_path, panel)
    file = tmp_path / fit_name(panel)
    file.write_text(file.read_text()[:40])
    assert cached_fit(tmp_path, panel).params == first.params
    assert json.loads(file.read_text())["log_likelihood"] == first.log_likelihood


def test_a_skewed_cost_is_modelled_on_log_scale_only_where_asked(tmp_path: Path) -> None:
    panel = small_panel(9, holes=0)
    cost = with_values(panel, np.exp(0.5 * panel.values))
    found = {
        wish: model_metric(ModelRequest(cost, log_if_skewed=wish, cache_folder=tmp_path))
        for wish in (True, False)
    }
    assert {wish: model and model.scale for wish, model in found.items()} == {
        True: "log",
        False: "raw",
    }


def test_a_metric_with_negative_values_stays_on_raw_scale(tmp_path: Path) -> None:
    panel = small_panel(9, holes=0)
    values = np.exp(0.5 * panel.values)
    values[0, 0] = -1
    model = model_metric(ModelRequest(with_values(panel, values), True, tmp_path))
    assert model is not None
    assert model.scale == "raw"


@settings(max_examples=20)
@given(seed=st.integers(0, 999))
def test_the_order_of_the_rows_does_not_change_the_panel(seed: int) -> None:
    panel = small_panel(3, n_units=6, n_months=14)
    rows = pl.DataFrame(
        [
            {"unit_id": unit_id, "month": month_of(month), "value": value}
            for unit_id, line in zip(panel.unit_ids, panel.values, strict=True)
            for month, value in enumerate(line)
        ]
    )
    units = pl.DataFrame(
        {
            "unit_id": panel.unit_ids,
            "employees": panel.employees,
            "lean_start": [None] * panel.n_units,
        },
        schema_overrides={"lean_start": pl.Date},
    )
    shuffled = build_panel(
        rows.sample(fraction=1, shuffle=True, seed=seed),
        units.sample(fraction=1, shuffle=True, seed=seed),
    )
    assert shuffled.unit_ids == panel.unit_ids
    assert_allclose(shuffled.values, panel.values)
    assert panel_hash(shuffled) == panel_hash(build_panel(rows, units))


def test_a_unit_and_month_that_stands_twice_is_refused() -> None:
    rows = pl.DataFrame(
        {"unit_id": ["a", "a"], "month": [date(2020, 1, 1)] * 2, "value": [1.0, 2.0]}
    )
    units = pl.DataFrame(
        {"unit_id": ["a"], "employees": [8.0], "lean_start": [None]},
        schema_overrides={"lean_start": pl.Date},
    )
    with pytest.raises(ValueError, match="twice"):
        build_panel(rows, units)


def headcount(before: float, after: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    months = [month_of(i) for i in range(60)]
    counts = [before] * 36 + [after] * 24
    frame = pl.DataFrame({"unit_id": ["a"] * 60, "month": months, "employees": counts})
    return frame, pl.DataFrame({"unit_id": ["a"], "lean_start": [month_of(36)]})


def test_headcount_is_taken_from_the_two_years_before_start() -> None:
    frame, starts = headcount(10.0, 30.0)
    assert mean_employees(frame, starts)["employees"].to_list() == [10.0]
    never = starts.with_columns(pl.lit(None, pl.Date).alias("lean_start"))
    assert math.isclose(mean_employees(frame, never)["employees"][0], 18.0)


@pytest.mark.parametrize(("after", "found"), [(12.4, 0), (12.6, 1), (7.6, 0), (7.4, 1)])
def test_a_headcount_change_above_a_quarter_is_a_reorganisation(after: float, found: int) -> None:
    events = headcount_reorganisations(*headcount(10.0, after))
    assert events.height == found
