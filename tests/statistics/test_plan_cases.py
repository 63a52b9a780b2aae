"""What a waiting list can find, and the lot: cases with numbers.

Cases of the same form are read from the folder in PUKK_RULE_CASES (``plan*.json``) and
PUKK_POOL_CASES (files with a ``draw``).
"""

import hmac
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.effects.model.kernel import KernelParams
from pipelines.planning.detectable import Detectable, Judging, detectable, planned_panel
from pipelines.planning.drawing import draw, list_hash, waves

REFERENCE = Path(__file__).parents[1] / "reference" / "pooling"
RULES = Path(os.environ.get("PUKK_RULE_CASES", REFERENCE))
POOLS = Path(os.environ.get("PUKK_POOL_CASES", REFERENCE))
TOLERANCE = 1e-6


def _content(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob(pattern))]


ORDERS = [(case, order) for case in _content(RULES, "plan*.json") for order in case["orders"]]
DRAWS = [case["draw"] for case in _content(POOLS, "*draw*.json")]


def test_there_are_cases() -> None:
    assert ORDERS
    assert DRAWS


@pytest.mark.parametrize(("case", "order"), ORDERS, ids=[order["order"] for _, order in ORDERS])
def test_an_order_finds_what_the_case_says(case: dict[str, Any], order: dict[str, Any]) -> None:
    start = np.array(order["start_month"])
    measured = np.zeros((start.size, case["months"]))
    panel = planned_panel(np.array(case["employees"], float), start, measured, 0)
    by = Judging(case["window_months"], case["min_waiting"])
    (found,) = detectable(panel, KernelParams(**case["params"]), case["waiting_units"], [by])
    assert len(found.judged) == order["judged"]
    assert found.pooled_se == pytest.approx(order["pooled_se"], abs=TOLERANCE)
    assert found.mde80 == pytest.approx(order["mde80"], abs=TOLERANCE)


@pytest.mark.parametrize("case", DRAWS)
def test_a_lot_is_drawn_as_the_case_says(case: dict[str, Any]) -> None:
    strata = {row["unit"]: row["stratum"] for row in case["units"]}
    order = draw(strata, case["seed"])
    assert list(order) == case["order"]
    assert [list(wave) for wave in waves(order, [4])] == case["waves_of_4"]
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
