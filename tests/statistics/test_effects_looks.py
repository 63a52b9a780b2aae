"""When a series is judged and in how small a family: fixed looks, degrees of freedom."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.effects.model.inputs import REGISTERED, EffectInputs
from pipelines.effects.tables.run import Effects, estimate_effects
from tests.statistics.effect_worlds import (
    PLANTED,
    STARTED_IN,
    inputs_of,
    month_of,
    planted_world,
    small_panel,
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fits")


@pytest.fixture(scope="module")
def world() -> EffectInputs:
    return planted_world()


def row(effects: Effects, unit_id: str) -> dict[str, object]:
    return effects.units.row(by_predicate=pl.col("unit_id") == unit_id, named=True)


def test_a_target_locked_for_twelve_months_is_judged_at_twelve_and_only_once(
    world: EffectInputs, cache: Path
) -> None:
    locked = replace(
        world,
        registered=pl.DataFrame(
            [{"unit_id": "E01", "metric_id": "m", "look_months": 12}], schema=REGISTERED
        ),
    )
    first = replace(locked, as_of_month=month_of(STARTED_IN + 11))
    found = estimate_effects(first, cache, workers=1)
    early = row(found, "E01")
    assert (early["verdict"], early["basis"], early["q"]) == ("improved", "registered", None)
    assert early["cf_window_months"] == early["window_months"] == 12
    assert row(found, "E02")["reason"] == "preliminary"
    late = row(estimate_effects(locked, cache, workers=1), "E01")
    assert (late["cf_window_months"], late["window_months"]) == (12, 12)
    screened = row(estimate_effects(world, cache, workers=1), "E01")
    assert (screened["basis"], screened["n_tested"], screened["df"]) == ("screened", 8, 20)
    assert late["mde80"] / late["cf_se"] < screened["mde80"] / screened["cf_se"]


def test_a_family_of_twelve_is_judged_with_as_many_df_as_wait(cache: Path) -> None:
    panel = small_panel(31, n_units=12, n_months=66)
    start = np.where(np.arange(12) < 6, STARTED_IN, panel.n_months)
    values = panel.values.copy()
    values[:6, STARTED_IN:] += 2 * PLANTED
    found = estimate_effects(
        inputs_of(replace(panel, values=values, start=start)), cache, workers=1
    )
    judged = found.units.filter(pl.col("cf_delta").is_not_null())
    assert set(judged["df"]) == {6}
    half = judged["cf_hi"] - judged["cf_delta"]
    assert (half / judged["cf_se"]).to_list() == pytest.approx([stats.t.ppf(0.975, 6)] * 6)
    assert "improved" in set(judged["verdict"])
    together = found.pooled.filter(
        (pl.col("group_type") == "all") & (pl.col("last_month_after") == 23)
    ).row(0, named=True)
    assert together["verdict"] == "improved"
    assert together["hi"] - together["estimate"] == pytest.approx(
        stats.t.ppf(0.975, 6) * together["se"] + together["margin"]
    )


@pytest.mark.parametrize(("n_units", "n_waiting"), [(12, 2), (5, 3)])
def test_too_few_units_or_too_few_that_wait_are_not_compared(
    cache: Path, n_units: int, n_waiting: int
) -> None:
    panel = small_panel(31, n_units=n_units, n_months=66)
    start = np.where(np.arange(n_units) < n_units - n_waiting, STARTED_IN, panel.n_months)
    found = estimate_effects(inputs_of(replace(panel, start=start)), cache, workers=1)
    assert set(found.units["reason"]) - {"few_persons"} == {"few_untreated"}
    assert found.pooled.is_empty()
