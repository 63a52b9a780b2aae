"""How much a group may be wrong over all the months it is looked at."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.effects.judge.group_looks import largest_p, months_in
from pipelines.effects.judge.persistence import HEADLINE, LATER
from pipelines.effects.model.inputs import Rules
from tests.statistics.group_looks import measure, rolling

RULES = Rules()


def test_the_limit_is_strict_first_and_never_looser_than_a_units() -> None:
    limits = [largest_p(share, RULES) for share in np.linspace(0, 1, 49)]
    assert limits[0] == 0
    assert (np.diff(limits) >= 0).all()
    # one month short it is a third of what it is when all are in, which is nearly a unit's
    assert limits[-2] < 0.35 * limits[-1]
    assert 0.85 * RULES.max_p < limits[-1] < RULES.max_p


@pytest.mark.parametrize(
    ("after", "window", "come"),
    [(12, HEADLINE, 12), (90, HEADLINE, 24), (23, LATER, 0), (30, LATER, 6), (-3, HEADLINE, 0)],
)
def test_the_months_of_a_window_come_in_one_by_one(
    after: int, window: tuple[int, int], come: int
) -> None:
    assert months_in(after, window) == come


def test_over_all_looks_a_group_without_effect_is_wrong_in_one_of_twenty_at_most() -> None:
    rng = np.random.default_rng(3)
    share = np.linspace(0.1, 1, 80)
    steps = rng.standard_normal((40_000, share.size)) * np.sqrt(np.diff(share, prepend=0))
    z = steps.cumsum(axis=1) / np.sqrt(share)
    p = 2 * stats.norm.sf(np.abs(z))
    limits = np.array([largest_p(each, RULES) for each in share])
    assert (p <= limits).any(axis=1).mean() < 0.05
    # what may be spent is spent, not left: the last look has nearly a unit's power
    assert (p <= limits).any(axis=1).mean() > 0.04
    # the limit of one look, asked every month, is what this is for
    assert (p <= RULES.max_p).any(axis=1).mean() > 0.2


@pytest.mark.parametrize(
    ("starts", "months"), [([0] * 6, 40), ([8 * unit for unit in range(6)], 80)]
)
def test_new_starts_cost_little_of_what_is_held(starts: list[int], months: int) -> None:
    found = rolling(starts, months, 8_000)
    assert found["hit"] <= 7
    assert found["once"] >= 2.5 * found["hit"]


@pytest.mark.calibration
@pytest.mark.parametrize("world", ["gauss_random", "spell_rtm"])
def test_simulated_groups_are_seldom_wrong_over_all_their_looks(world: str) -> None:
    found = measure(world, range(7001, 7061))
    assert set(found["kind"]) == {"all", "pilots", "sector", "wave"}
    # sixty municipalities: three standard errors of 5 %; without effect nothing should get better
    assert found.filter(pl.col("groups") < 100)["hit_found"].max() <= 13.5
    assert found.filter(pl.col("groups") >= 100)["hit_found"].max() <= 9
    assert (found["hit_found"] <= found["once_found"]).all()
