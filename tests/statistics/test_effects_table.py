"""From frames to the published tables: rows, gates, flags, words, and what must not matter."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.tables.pooled_verdicts import POOLED_TABLE
from pipelines.effects.tables.run import Effects, estimate_effects
from pipelines.effects.tables.table import EFFECT_TABLE
from tests.statistics.effect_worlds import (
    PLANTED,
    STARTED_IN,
    event,
    inputs_of,
    month_of,
    planted_world,
    small_panel,
    with_values,
)

REDEFINED = "definition_change"
NUMBERS = [name for name, dtype in EFFECT_TABLE.items() if dtype == pl.Float64]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fits")


@pytest.fixture(scope="module")
def world() -> EffectInputs:
    return planted_world()


@pytest.fixture(scope="module")
def effects(world: EffectInputs, cache: Path) -> Effects:
    return estimate_effects(world, cache, workers=1)


def row(effects: Effects, unit_id: str) -> dict[str, object]:
    return effects.units.row(by_predicate=pl.col("unit_id") == unit_id, named=True)


def test_there_is_one_row_per_started_unit_and_the_columns_are_those_promised(
    effects: Effects,
) -> None:
    assert effects.units.schema == EFFECT_TABLE
    assert effects.pooled.schema == POOLED_TABLE
    assert effects.units["unit_id"].to_list() == [f"E{i:02d}" for i in range(9)]


def test_a_unit_that_starts_after_the_metric_s_last_month_has_no_months_after(
    world: EffectInputs, cache: Path
) -> None:
    last = world.values["month"].max()
    later = last + timedelta(days=45)
    started = pl.col("unit_id") == "E01"
    units = world.units.with_columns(
        pl.when(started)
        .then(pl.lit(later.replace(day=1)))
        .otherwise("lean_start")
        .alias("lean_start")
    )
    ended = replace(world, units=units, as_of_month=later.replace(day=1))
    found = row(estimate_effects(ended, cache, workers=1), "E01")
    assert found["months_after"] is None
    assert (found["verdict"], found["n_after"]) == ("too_little_data", None)


def test_a_large_planted_effect_is_found(effects: Effects) -> None:
    found = effects.units.filter(pl.col("unit_id") != "E00")
    assert set(found["verdict"]) == {"improved"}
    assert ((found["cf_lo"] < PLANTED) & (found["cf_hi"] > PLANTED)).sum() >= 7
    # three years after the start nobody knows yet
    assert set(found["persistence"]) <= {"too_early", "unclear"}


def test_measured_is_expected_plus_effect(effects: Effects) -> None:
    found = effects.units.filter(pl.col("cf_delta").is_not_null())
    gap = found.select((pl.col("naive_delta") - pl.col("cf_delta") - pl.col("anyway")).abs().max())
    assert gap.item() < 1e-9


def test_a_suppressed_unit_shows_nothing_but_its_row(effects: Effects) -> None:
    hidden = row(effects, "E00")
    assert hidden["verdict"] == "suppressed"
    assert [name for name in NUMBERS if hidden[name] is not None] == []
    assert hidden["n_before"] is None
    members = effects.pooled.filter(
        (pl.col("group_type") == "all") & (pl.col("first_month_after") == 0)
    )
    assert members["n_units"].to_list() == [8, 8, 8]


def test_shrunken_effects_lie_between_the_estimate_and_the_others(effects: Effects) -> None:
    found = effects.units.filter(pl.col("eb_delta").is_not_null())
    assert found["eb_delta"].std() < found["cf_delta"].std()
    # the planted fall is for the better: told as a figure, also where no verdict says so
    assert found["p_better"].is_between(0, 1).all()
    assert found["p_better"].median() > 0.9


def test_the_group_effect_covers_the_planted_one_and_lasts(effects: Effects) -> None:
    headline = effects.pooled.filter(
        (pl.col("group_type") == "all")
        & (pl.col("last_month_after") == 23)
        & (pl.col("first_month_after") == 0)
        & (pl.col("kind") == "window")
    ).row(0, named=True)
    assert headline["lo"] < PLANTED < headline["hi"]
    assert headline["persistence"] == "too_early"
    kinds = effects.pooled["group_type"].unique().sort().to_list()
    assert kinds == ["all", "pilots", "sector", "wave"]


def test_the_order_of_the_rows_changes_nothing(
    world: EffectInputs, effects: Effects, cache: Path
) -> None:
    shuffled = replace(
        world,
        values=world.values.sample(fraction=1, shuffle=True, seed=4),
        units=world.units.sample(fraction=1, shuffle=True, seed=5),
    )
    again = estimate_effects(shuffled, cache, workers=1)
    assert_frame_equal(again.units, effects.units)
    assert_frame_equal(again.pooled, effects.pooled)


def test_processes_give_what_one_process_gives(
    world: EffectInputs, effects: Effects, cache: Path
) -> None:
    twice = replace(
        world,
        values=pl.concat([world.values, world.values.with_columns(metric_id=pl.lit("n"))]),
        metrics=pl.concat([world.metrics, world.metrics.with_columns(metric_id=pl.lit("n"))]),
    )
    both = estimate_effects(twice, cache, workers=2)
    ours = both.units.filter(pl.col("metric_id") == "m")
    # q compares all rows, and there are twice as many, in pairs
    assert_frame_equal(ours.drop("q"), effects.units.drop("q"))
    assert_frame_equal(both.pooled.filter(pl.col("metric_id") == "m"), effects.pooled)


@pytest.mark.parametrize(
    ("what", "verdict", "reason"),
    [
        (event("E01", STARTED_IN + 12, "reorganisation"), "not_interpretable", "reorganisation"),
        (event("E01", STARTED_IN + 13, "reorganisation"), "improved", None),
        (event("E02", STARTED_IN, "reorganisation"), "improved", None),
        (event(None, STARTED_IN, "reorganisation"), "improved", None),
        (
            event("E01", STARTED_IN + 23, "definition_change", "m"),
            "not_interpretable",
            "definition_change",
        ),
        (
            event(None, STARTED_IN - 24, "definition_change"),
            "not_interpretable",
            "definition_change",
        ),
        (event("E01", STARTED_IN + 24, "definition_change", "m"), "improved", None),
        (event("E01", STARTED_IN, "definition_change", "another"), "improved", None),
        (event("E01", STARTED_IN, "budget_cut"), "improved", None),
    ],
)
def test_events_stop_a_verdict_only_where_they_touch_it(
    world: EffectInputs, cache: Path, what: pl.DataFrame, verdict: str, reason: str | None
) -> None:
    found = row(estimate_effects(replace(world, events=what), cache, workers=1), "E01")
    assert (found["verdict"], found["reason"]) == (verdict, reason)


def test_a_budget_cut_stops_a_cost_metric_and_is_a_caveat_for_others(
    world: EffectInputs, cache: Path
) -> None:
    cut = replace(world, events=event("E01", STARTED_IN - 12, "budget_cut"))
    other = row(estimate_effects(cut, cache, workers=1), "E01")
    assert other["flag_budget_cut"]
    cost = replace(cut, metrics=cut.metrics.with_columns(is_cost_linked=pl.lit(value=True)))
    found = row(estimate_effects(cost, cache, workers=1), "E01")
    assert (found["verdict"], found["reason"]) == ("not_interpretable", "budget_cut")


def test_a_small_cut_that_was_found_is_told_and_stops_nothing(
    world: EffectInputs, cache: Path
) -> None:
    metrics = world.metrics.with_columns(is_cost_linked=pl.lit(value=True))
    cut = replace(world, events=event("E01", STARTED_IN - 12, "small_cut"), metrics=metrics)
    found = row(estimate_effects(cut, cache, workers=1), "E01")
    assert (found["flag_budget_cut"], found["verdict"]) == (True, "improved")
    far = replace(cut, events=event("E01", STARTED_IN - 13, "small_cut"))
    assert not row(estimate_effects(far, cache, workers=1), "E01")["flag_budget_cut"]


@pytest.mark.parametrize(
    ("months_after", "reason"),
    [(5, "short_history"), *((months, "preliminary") for months in (6, 11, 12, 23))],
)
def test_before_the_look_at_two_years_nothing_is_judged(
    world: EffectInputs, cache: Path, months_after: int, reason: str
) -> None:
    early = replace(world, as_of_month=month_of(STARTED_IN + months_after - 1))
    found = row(estimate_effects(early, cache, workers=1), "E01")
    assert (found["verdict"], found["reason"]) == ("too_little_data", reason)
    assert found["months_after"] == months_after
    assert found["cf_delta"] is None
    assert (found["naive_delta"] is not None) == (reason == "preliminary")


def test_a_start_that_is_not_yet_known_has_no_row_and_waits_with_the_others(
    world: EffectInputs, cache: Path
) -> None:
    before = replace(world, as_of_month=month_of(STARTED_IN - 1))
    assert estimate_effects(before, cache, workers=1).units.is_empty()


def test_a_small_municipality_is_described_and_not_judged(cache: Path) -> None:
    panel = small_panel(8, n_units=5, n_months=66)
    start = np.where(panel.start < panel.n_months, STARTED_IN, panel.n_months)
    found = estimate_effects(inputs_of(replace(panel, start=start)), cache, workers=1)
    assert set(found.units["reason"]) == {"few_untreated"}
    assert found.units["cf_delta"].null_count() == found.units.height
    assert found.units["naive_delta"].null_count() == 0
    assert found.pooled.is_empty()
    assert found.checks["failures"].to_list() == ["n_units"]


def test_a_metric_without_figures_gives_no_rows_and_stops_nothing(
    world: EffectInputs, effects: Effects, cache: Path
) -> None:
    silent = world.metrics.with_columns(metric_id=pl.lit("silent"))
    more = replace(world, metrics=pl.concat([world.metrics, silent]))
    found = estimate_effects(more, cache, workers=1)
    assert_frame_equal(found.units, effects.units)
    assert found.checks.filter(pl.col("metric_id") == "silent")["failures"].item() == "no_model"


def test_a_skewed_cost_is_told_in_per_cent(cache: Path) -> None:
    panel = small_panel(9, n_units=28, n_months=66, holes=0)
    start = np.where(panel.start < panel.n_months, STARTED_IN, panel.n_months)
    values = np.exp(0.35 * panel.values)
    values[:9, STARTED_IN:] *= 0.5
    cost = with_values(replace(panel, start=start), values)
    found = estimate_effects(
        inputs_of(cost, unit="nok", log_if_skewed=True, decimals=0), cache, workers=1
    )
    rows = found.units.filter(pl.col("cf_delta").is_not_null())
    assert set(rows["effect_unit"]) == {"percent"}
    assert ((rows["cf_lo"] < -50) & (rows["cf_hi"] > -50)).mean() > 0.7
    assert (rows["cf_hi"] > -100).all()


def test_a_missing_column_is_named(world: EffectInputs) -> None:
    with pytest.raises(ValueError, match="units lacks employees, sector"):
        replace(world, units=world.units.drop("sector", "employees"))


def test_a_new_definition_in_the_second_year_stops_an_effect_that_reaches_it(cache: Path) -> None:
    panel = small_panel(21, n_units=28, n_months=60)
    start = np.where(panel.start < panel.n_months, 18, panel.n_months)
    young = inputs_of(replace(panel, start=start))
    redefined = replace(young, events=event("E01", 18 + 20, REDEFINED, "m"))
    found = row(estimate_effects(redefined, cache, workers=1), "E01")
    # one year on each side as measured, two years after the start estimated
    assert (found["window_months"], found["cf_window_months"]) == (12, 24)
    assert (found["verdict"], found["reason"]) == ("not_interpretable", REDEFINED)
