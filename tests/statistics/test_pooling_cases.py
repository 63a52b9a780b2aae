"""Pooling over municipalities: cases with numbers, and what the formulas promise.

Further cases of the same form are read from the folder in PUKK_POOL_CASES, known by what they hold.
"""

import os
from typing import Any

import numpy as np
import pytest

from pipelines.evidence.pooling import Pooled, Shared, StartOrder, filled, pool_municipalities
from pipelines.evidence.random_effects import pooled_mean, reml
from tests.statistics.case_forms import POOL_CASES, cases_of
from tests.statistics.case_forms import told as said_of

TOLERANCE = 1e-6
CASES = [case for _, case in cases_of("pooling", POOL_CASES)]


def shared(case: dict[str, Any]) -> list[Shared]:
    return [
        Shared(
            str(said_of("municipality", pack)),
            said_of("estimate", pack),
            said_of("se", pack),
            said_of("margin", pack, otherwise=0.0),
            said_of("start_order", pack, otherwise="chosen"),
        )
        for pack in case["packs"]
    ]


def told(found: Pooled) -> dict[str, Any]:
    """The figures of a pooling by the names that cases use."""
    mean, beyond = found.mean, found.expected
    return {
        "k": len(found.municipalities),
        "tau2": mean.tau2,
        "weights": mean.weights,
        "mean": mean.mean,
        "hk_q": mean.hk_q,
        "se": mean.se,
        "df": found.df,
        "margin_factor": found.margin_factor,
        "margin": found.margin,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "Q": mean.q_statistic,
        "grid_top": beyond.grid_top,
        "new_mean": beyond.new_mean,
        "new_sd": beyond.new_sd,
        "new_low": found.new_low,
        "new_high": found.new_high,
        "own": beyond.own,
        "own_sd": beyond.own_sd,
        "own_low": found.own_low,
        "own_high": found.own_high,
        "shared_error_tolerated": found.shared_error_tolerated,
        "leave_one_out_t": found.leave_one_out,
    }


def test_there_are_cases() -> None:
    # a folder of further cases need not have every kind
    assert CASES or "PUKK_POOL_CASES" in os.environ


@pytest.mark.parametrize(
    "case", CASES, ids=[str(case.get("case", number)) for number, case in enumerate(CASES)]
)
def test_the_pooling_gives_what_the_case_says(case: dict[str, Any]) -> None:
    found = told(pool_municipalities(shared(case)))
    for name, wanted in case["expected"].items():
        assert found[name] == pytest.approx(wanted, abs=TOLERANCE), name


def many(n: int, start_order: StartOrder = "chosen", margin: float = 0.1) -> list[Shared]:
    rng = np.random.default_rng(n)
    return [
        Shared(f"M{k}", float(rng.normal(-0.5, 0.6)), float(rng.uniform(0.2, 0.8)), margin,
               start_order)
        for k in range(n)
    ]  # fmt: skip


def test_a_common_bias_does_not_average_out() -> None:
    few, several = pool_municipalities(many(14)), pool_municipalities(many(15))
    assert few.margin == pytest.approx(0.1)
    assert several.margin == pytest.approx(0.2)
    assert pool_municipalities(many(15, "drawn")).margin == 0


def test_the_order_of_the_packs_does_not_matter() -> None:
    packs = many(9)
    one, other = pool_municipalities(packs), pool_municipalities(packs[::-1])
    assert one.mean.mean == pytest.approx(other.mean.mean, abs=1e-12)
    assert one.mean.tau2 == pytest.approx(other.mean.tau2, abs=1e-9)


def test_too_few_are_listed_and_not_pooled() -> None:
    with pytest.raises(ValueError, match="4 municipalities"):
        pool_municipalities(many(4))


def test_tau_is_at_the_top_of_the_restricted_likelihood() -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        k = int(rng.integers(5, 40))
        v = rng.uniform(0.05, 1.0, k) ** 2
        y = rng.normal(0, np.sqrt(v + rng.choice([0.0, 0.2, 1.0])))
        found = reml(y, v)
        grid = np.linspace(0, 9 * y.var(ddof=1), 4001)
        w = 1 / (v[None, :] + grid[:, None])
        mean = (w @ y) / w.sum(axis=1)
        height = 0.5 * (
            np.log(w).sum(axis=1)
            - np.log(w.sum(axis=1))
            - (w * (y[None, :] - mean[:, None]) ** 2).sum(axis=1)
        )
        assert found == pytest.approx(grid[height.argmax()], abs=2 * grid[1])


def test_one_estimate_far_from_the_others_is_seen() -> None:
    packs = [*many(12), Shared("far", -9.0, 0.3, 0.0, "drawn")]
    assert abs(pool_municipalities(packs).leave_one_out[-1]) > 3


def test_what_was_announced_and_never_came_counts_against() -> None:
    packs = many(8)
    assert filled(packs, 8, "lower") is None
    whole = filled(packs, 12, "lower")
    assert whole is not None
    assert len(whole) == 12
    absent = {one.estimate for one in whole[8:]}
    median = float(np.median([one.estimate for one in packs]))
    assert absent == {max(0.0, -median)}
    before = pooled_mean(*_columns(packs)).mean
    assert pooled_mean(*_columns(whole)).mean > before
    # where higher is better, the mirror lies below
    turned = [Shared(p.municipality, -p.estimate, p.se, p.margin, p.start_order) for p in packs]
    other = filled(turned, 12, "higher")
    assert other is not None
    assert other[-1].estimate == -max(absent)


def _columns(packs: list[Shared]) -> tuple[Any, Any]:
    return np.array([p.estimate for p in packs]), np.array([p.se for p in packs]) ** 2
