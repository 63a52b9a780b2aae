"""The rule on towns of several metrics: what was agreed is found, and little else by chance.

The long one looks at more towns, and at a world where every absence is a person's.
"""

from pathlib import Path

import polars as pl
import pytest

from tests.statistics.rule_worlds import measure
from tests.statistics.service_worlds import measure as service


def rates(found: pl.DataFrame) -> dict[str, dict[str, float]]:
    return {row["rule"]: row for row in found.iter_rows(named=True)}


def test_an_agreed_target_is_found_where_many_metrics_hide_it_from_a_test_over_all(
    tmp_path: Path,
) -> None:
    told = rates(measure("gauss_random", range(1, 9), 4, tmp_path))
    rule, before = told["rule"], told["q over all"]
    # two towns, about 40 targets of which half were moved: three standard errors
    assert rule["found_at_minus_2"] > 15
    assert rule["found_at_minus_2"] >= before["found_at_minus_2"] + 10
    assert rule["false_per_series"] <= 2.5


@pytest.mark.calibration
@pytest.mark.parametrize("n_metrics", [4, 8])
def test_the_aims_hold_in_a_mild_world(tmp_path: Path, n_metrics: int) -> None:
    rule = rates(measure("gauss_random", range(1, 81), n_metrics, tmp_path))["rule"]
    assert 30 <= rule["found_at_minus_2"] <= 51
    assert rule["false_per_series"] <= 1.0
    assert rule["false_per_unit"] <= 4.0
    assert rule["false_share"] <= 12.0


@pytest.mark.calibration
def test_little_is_found_by_chance_where_every_absence_is_a_persons(tmp_path: Path) -> None:
    rule = rates(measure("spell_rtm", range(1, 41), 4, tmp_path))["rule"]
    assert rule["false_per_series"] <= 1.0
    assert rule["false_per_unit"] <= 4.0


@pytest.mark.calibration
@pytest.mark.parametrize("world", ["visits", "in_time"])
def test_what_is_counted_often_is_found_together_and_seldom_by_chance(world: str) -> None:
    found = service(world, 12, range(1, 31), own=True)
    assert found["held_found"] >= 80
    assert found["held_false"] <= 8
    assert found["unit_false"] <= 5
    assert found["unit_holds"] >= 91
