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
from pipelines.planning.detectable import Plan, detectable
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
    plan = Plan(
        employees=np.array(case["employees"], float),
        start=np.array(order["start_month"]),
        n_months=case["months"],
        window=case["window_months"],
        min_unstarted=case["min_waiting"],
    )
    found = detectable(plan, KernelParams(**case["params"]), case["waiting_units"])
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
    employees = np.full(6, 12.0)
    together = Plan(employees, np.full(6, 24), 48, 12, 3)
    assert detectable(together, params, range(6)).judged == ()
    late = Plan(employees, np.array([40, 40, 48, 48, 48, 48]), 48, 12, 3)
    found = detectable(late, params, range(2))
    assert found.first_verdict is None
    assert np.isnan(found.mde80)
    in_time = Plan(employees, np.array([24, 30, 48, 48, 48, 48]), 48, 12, 3)
    found = detectable(in_time, params, range(2))
    assert found.judged == (0, 1)
    assert found.first_verdict == 36
    # one unit alone shows less than the two together
    assert min(found.unit_mde80) > found.mde80
