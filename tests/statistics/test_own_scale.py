"""Counts and shares on their own scale: which one, with what variance, and how it is told."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from pipelines.effects.model.checks import ModelChecks
from pipelines.effects.model.counterfactual import UnitEffect
from pipelines.effects.model.own_scale import Counted, on_own_scale
from pipelines.effects.model.panel import Panel
from pipelines.effects.model.pooled import pool
from pipelines.effects.model.scale import Telling
from pipelines.effects.tables.pooled_verdicts import POOLED_TABLE
from pipelines.effects.tables.window_only import whole_window
from tests.statistics.service_worlds import METRIC_ID, WORLDS, all_together, frames, rows, simulate


def panel_of(world: str, n_units: int = 12, seed: int = 3) -> tuple[Panel, Counted]:
    simulated = simulate(WORLDS[world], n_units, seed)
    factor = WORLDS[world].factor
    panel = Panel(
        tuple(f"s{unit:02d}" for unit in range(n_units)),
        date(2018, 1, 1),
        factor * simulated.numerator / simulated.denominator,
        simulated.employees,
        simulated.start,
    )
    return panel, Counted(WORLDS[world].kind, simulated.numerator, simulated.denominator, factor)


@pytest.mark.parametrize(
    ("world", "scale", "distribution"),
    [
        ("falls", "raw", "poisson"),
        ("visits", "log", "poisson"),
        ("uneven", "log", "negative_binomial"),
        ("in_time", "logit", "binomial"),
        ("nearly_all", "raw", "binomial"),
    ],
)
def test_the_scale_is_what_was_counted_and_the_months_say_how_they_vary(
    world: str, scale: str, distribution: str
) -> None:
    own = on_own_scale(*panel_of(world))
    assert own is not None
    assert (own.scale, own.distribution) == (scale, distribution)
    assert not np.isnan(own.panel.values).any()


def test_noise_is_that_of_what_is_counted_among_and_not_of_how_many_are_employed() -> None:
    panel, counted = panel_of("visits")
    own = on_own_scale(panel, counted)
    assert own is not None
    seen = [row[:end].mean() for row, end in zip(counted.numerator, panel.start, strict=True)]
    assert np.corrcoef(own.panel.noise_scale, 1 / np.array(seen))[0, 1] > 0.95
    other = on_own_scale(replace(panel, employees=panel.employees * 7), counted)
    assert other is not None
    assert (other.panel.noise_scale == own.panel.noise_scale).all()


@pytest.mark.parametrize("fault", ["halves", "more_than_all", "missing", "below_nothing"])
def test_what_is_not_counted_is_fitted_as_measured(fault: str) -> None:
    panel, counted = panel_of("in_time")
    over = counted.numerator.copy()
    over[2, 4] = {
        "halves": 3.5,
        "more_than_all": counted.denominator[2, 4] + 1,
        "missing": np.nan,
        "below_nothing": -1,
    }[fault]
    assert on_own_scale(panel, replace(counted, numerator=over)) is None


def test_what_nobody_counted_before_a_start_has_no_scale_of_its_own() -> None:
    panel, counted = panel_of("visits")
    assert on_own_scale(replace(panel, start=np.zeros_like(panel.start)), counted) is None


def test_months_of_a_rare_event_are_peaked_and_its_windows_are_not() -> None:
    checks = ModelChecks(1.0, 2.0, 13.0, 0.0, 0.0, 40, 4000)
    assert checks.failures == ("kurtosis",)
    assert replace(checks, distribution="poisson").failures == ()


@pytest.mark.parametrize("effect", [-1.2, -0.3, 0.0, 0.4, 2.0])
def test_log_odds_are_told_in_points_of_the_metric_and_keep_their_sign(effect: float) -> None:
    telling = Telling("logit", after=80.0, factor=100.0)
    told = telling.told(effect)
    odds = np.log(0.8 / 0.2) - effect
    assert told == pytest.approx(80 - 100 / (1 + np.exp(-odds)))
    assert np.sign(told) == np.sign(effect)
    assert telling.after - told == pytest.approx(telling.without(effect))
    assert telling.effect_unit == "raw"
    assert np.isfinite(Telling("logit", after=100.0, factor=100.0).told(effect))


def test_the_smallest_change_is_told_the_way_it_is_wanted_from_the_level_that_is_shown() -> None:
    size = np.log(2.0)
    assert Telling("log").size(size, -1) == pytest.approx(50)
    assert Telling("log").size(size, 1) == Telling("log").size(size, None) == pytest.approx(100)
    assert Telling("raw").size(3.0, -1) == Telling("raw").size(3.0, 1) == 3.0
    # odds of 9 to 1 twice as good are 18 to 1, half as good 4.5 to 1
    share = Telling("logit", after=90.0, factor=100.0)
    assert share.size(size, 1) == pytest.approx(100 * 18 / 19 - 90)
    assert share.size(size, -1) == pytest.approx(90 - 100 * 4.5 / 5.5)


@pytest.mark.parametrize(("world", "unit"), [("visits", "percent"), ("in_time", "raw")])
def test_a_quarter_less_is_found_in_a_small_family_and_told_as_it_is(world: str, unit: str) -> None:
    inputs = frames(simulate(WORLDS[world], 12, 5, less=0.25))
    units, pooled, failed = rows(inputs, own=True)
    assert failed == ""
    (whole,) = all_together(pooled)
    truth = -25.0 if world == "visits" else 10.0
    assert whole["effect_unit"] == unit
    assert whole["lo"] <= truth <= whole["hi"]
    assert whole["lo"] * whole["hi"] > 0
    told = units.filter(pl.col("p").is_not_null())
    assert set(told["scale"]) == {"log" if unit == "percent" else "logit"}
    assert ((told["cf_lo"] <= told["cf_delta"]) & (told["cf_delta"] <= told["cf_hi"])).all()
    # as measured = expected + effect, in the metric's own unit
    if unit == "raw":
        found = told["anyway"] + told["cf_delta"] - told["naive_delta"]
        assert found.abs().max() < 1e-9
    assert METRIC_ID in set(units["metric_id"])


def test_a_group_whose_starts_were_drawn_is_no_selection_and_widened_by_nothing() -> None:
    effects = [UnitEffect(0.1 * k, 0.04, np.zeros(3), 0.04, 24) for k in range(6)]
    bumps, same = np.full(6, 5.0) + np.arange(6) * 0.01, np.full(6, 10.0)
    nothing = np.zeros((3, 3))
    chosen, half, drawn = (
        pool(effects, same, nothing, bumps, np.array(is_drawn))
        for is_drawn in ([False] * 6, [True, False] * 3, [True] * 6)
    )
    assert chosen.margin == pool(effects, same, nothing, bumps).margin > 0
    assert half.margin == pytest.approx(chosen.margin / 2)
    assert drawn.margin == 0
    assert drawn.estimate == chosen.estimate


def test_of_what_is_shown_per_year_only_all_units_over_the_whole_window_leave() -> None:
    base = dict.fromkeys(POOLED_TABLE, None) | {
        "metric_id": "cases", "as_of_month": date(2020, 1, 1), "group_type": "all",
        "group_id": "all", "kind": "window", "first_month_after": 0, "last_month_after": 23,
        "n_units": 9, "effect_unit": "raw", "estimate": -1.23456, "se": 0.54321, "lo": -2.2222,
        "hi": -0.1111, "p": 0.03456, "q": 0.03456, "bump": 0.7, "persistence": "lasted",
    }  # fmt: skip
    others = [
        {"group_type": "pilots"}, {"last_month_after": 5}, {"kind": "contrast"}, {"n_units": 4},
    ]  # fmt: skip
    rows = [base, *(base | other for other in others), base | {"metric_id": "open"}]
    groups = pl.DataFrame(rows, schema=POOLED_TABLE, orient="row")
    metrics = pl.DataFrame(
        {"metric_id": ["cases", "open"], "is_yearly": [True, False], "decimals": [1, 1]}
    )
    shown = {"metric_id": ["cases"], "is_pooled": [True], "cf_delta": [-1.0]}
    units = pl.DataFrame(shown)
    found = whole_window(groups, metrics, units).to_dicts()
    assert [row["metric_id"] for row in found] == ["open", "cases"]
    (told,) = [row for row in found if row["metric_id"] == "cases"]
    assert (told["estimate"], told["lo"], told["hi"]) == (-1.2, -2.2, -0.1)
    assert (told["bump"], told["persistence"], told["p"]) == (None, None, 0.03)
    # the mean less what is shown of each is what a few others came to: then it stays
    few = pl.concat([units, units.with_columns(cf_delta=pl.lit(None, pl.Float64))])
    left = whole_window(groups, metrics, few)
    assert left["metric_id"].to_list() == ["open"]
    many = pl.concat([units, *[few.tail(1)] * 5])
    assert whole_window(groups, metrics, many).height == len(found)
