"""What a waiting list can find, and the lot: cases with numbers.

Cases of the same form are read from the folders in PUKK_RULE_CASES (with ``orders``) and
PUKK_POOL_CASES (with a ``draw``), known by what they hold.
"""

import hmac
import os
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from pipelines.effects.model.fit import month_effects
from pipelines.effects.model.kernel import KernelParams
from pipelines.planning.detectable import (
    Detectable,
    Judging,
    detectable,
    detectable_by_order,
    planned_panel,
)
from pipelines.planning.drawing import draw, list_hash, waves
from pipelines.planning.order_months import covariances_of_months
from tests.statistics.case_forms import POOL_CASES, RULE_CASES, cases_of, flat
from tests.statistics.case_forms import told as said_of

TOLERANCE = 1e-6


def orders_of(case: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """A case with each of its orders, which may be a list or stand by name."""
    orders = case["orders"]
    if isinstance(orders, dict):
        orders = [{"order": name} | order for name, order in orders.items()]
    return [(case, flat(order)) for order in orders]


ORDERS = [
    pair
    for folder in dict.fromkeys((RULE_CASES, POOL_CASES))
    for _, case in cases_of("plan", folder)
    for pair in orders_of(case)
]
DRAWS = [
    case["draw"]
    for kind in ("draw", "packs")
    for _, case in cases_of(kind, POOL_CASES)
    if "draw" in case
]


def test_there_are_cases() -> None:
    # a folder of further cases need not have every kind
    assert ORDERS or "PUKK_RULE_CASES" in os.environ
    assert DRAWS or "PUKK_POOL_CASES" in os.environ


@pytest.mark.parametrize(
    ("case", "order"), ORDERS, ids=[str(said_of("order", order)) for _, order in ORDERS]
)
def test_an_order_finds_what_the_case_says(case: dict[str, Any], order: dict[str, Any]) -> None:
    months = said_of("months", case)
    start = np.array(
        [months if month is None else min(month, months) for month in said_of("start", order)]
    )
    measured = np.zeros((start.size, months))
    panel = planned_panel(np.array(said_of("employees", case), float), start, measured, 0)
    by = Judging(said_of("window", order, case), said_of("min_waiting", order, case))
    params = KernelParams(**said_of("params", case))
    (found,) = detectable(panel, params, said_of("waiting", order, case), [by])
    assert len(found.judged) == said_of("judged", order)
    if not found.judged:
        return
    assert found.pooled_se == pytest.approx(said_of("pooled_se", order), abs=TOLERANCE)
    assert found.mde80 == pytest.approx(said_of("mde80", order), abs=TOLERANCE)


@pytest.mark.parametrize("case", DRAWS)
def test_a_lot_is_drawn_as_the_case_says(case: dict[str, Any]) -> None:
    strata = {row["unit"]: row["stratum"] for row in case["units"]}
    order = draw(strata, case["seed"])
    assert list(order) == case["order"]
    sizes = [key for key in case if key.startswith("waves_of_")]
    assert sizes
    for key in sizes:
        size = int(key.removeprefix("waves_of_"))
        assert [list(wave) for wave in waves(order, [size])] == case[key]
    for row in case["units"]:
        ticket = hmac.new(case["seed"].encode(), row["unit"].encode(), sha256).hexdigest()
        assert ticket == row["hmac_sha256"]


def test_the_list_may_come_in_any_order_and_each_kind_is_spread() -> None:
    strata = {f"u{n:02}": "school" if n % 3 else "care" for n in range(12)}
    order = draw(strata, "1")
    assert draw(dict(reversed(strata.items())), "1") == order
    assert draw(strata, "2") != order
    halves = order[:6], order[6:]
    assert [sum(strata[unit] == "care" for unit in half) for half in halves] == [2, 2]
    assert list_hash(strata) == list_hash(dict(reversed(strata.items())))
    assert list_hash(strata) != list_hash(strata | {"u00": "school"})


def test_nothing_is_judged_where_nobody_waits_or_time_is_short() -> None:
    params = KernelParams(1.0, 0.4, 0.9, 1.0, 0.5, 1.0)
    employees, measured, by = np.full(6, 12.0), np.zeros((6, 24)), Judging(12, 3)

    def found(start: list[int], waiting: range) -> Detectable:
        panel = planned_panel(employees, np.array(start), measured, 24)
        return detectable(panel, params, waiting, [by])[0]

    assert found([24] * 6, range(6)).judged == ()
    late = found([40, 40, 48, 48, 48, 48], range(2))
    assert late.first_verdict is None
    assert np.isnan(late.mde80)
    in_time = found([24, 30, 48, 48, 48, 48], range(2))
    assert in_time.judged == (0, 1)
    assert in_time.first_verdict == 36
    # one unit alone shows less than the two together
    assert min(in_time.unit_mde80) > in_time.mde80


def test_months_that_were_not_measured_are_not_counted_on() -> None:
    params = KernelParams(1.0, 0.4, 0.9, 1.0, 0.5, 1.0)
    start, by = np.array([24, 48, 48, 48, 48]), [Judging(12, 3)]
    whole, gaps = np.zeros((5, 24)), np.zeros((5, 24))
    gaps[0, :20] = np.nan
    known = [
        detectable(planned_panel(np.full(5, 12.0), start, cells, 24), params, [0], by)[0].mde80
        for cells in (whole, gaps)
    ]
    assert known[1] > known[0]
    gaps[0] = np.nan
    assert (
        detectable(planned_panel(np.full(5, 12.0), start, gaps, 24), params, [0], by)[0].judged
        == ()
    )


def test_orders_worked_out_together_are_as_each_by_itself() -> None:
    params = KernelParams(1.0, 0.4, 0.9, 1.0, 0.5, 1.0)
    employees, measured = np.linspace(8, 40, 12), np.zeros((12, 40))
    measured[3, :9] = measured[5, 20:26] = np.nan
    started = [10, 31, 40 + 36, 40 + 36]
    by = [Judging(12, 3), Judging(24, 2)]
    starts = [[40] * 8, [40] * 4 + [52] * 4, [44, 44, 50, 50, 56, 56, 62, 62]]
    panels = [planned_panel(employees, np.array(started + s), measured, 36) for s in starts]
    together = covariances_of_months(panels, params)
    for panel, found in zip(panels, together, strict=True):
        _, alone = month_effects(panel, params)
        np.testing.assert_allclose(found, alone, rtol=1e-9, atol=1e-12)
    answers = detectable_by_order(panels, params, range(4, 12), by)
    for panel, found in zip(panels, answers, strict=True):
        for one, alone in zip(found, detectable(panel, params, range(4, 12), by), strict=True):
            assert (one.judged, one.first_verdict) == (alone.judged, alone.first_verdict)
            assert one.mde80 == pytest.approx(alone.mde80, nan_ok=True)
            assert one.unit_mde80 == pytest.approx(alone.unit_mde80)
    assert {len(one.judged) for one, _ in answers} == {0, 4}
