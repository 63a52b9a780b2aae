"""Budgets, accounts and what is less add up as they are printed, in thousands and in millions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.access import LOCAL_VIEWER
from dashboards.components.amounts import amounts, deviation_in_millions, millions, staff_cells
from dashboards.context import Context
from pipelines.words.printed import printed_sum

PAGE = Context("", "nb", LOCAL_VIEWER)
KRONER = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 2))
ROW: dict[str, Any] = {
    "original_budget_nok": None, "revised_budget_nok": 1499.0, "accounts_nok": 501.0,
    "deviation_nok": 998.0, "words": "mindreforbruk", "suppression_reason": None,
    "refund_suppression_reason": None, "overtime_nok": None, "overtime_pct": None,
    "substitute_nok": 1400.0, "sick_pay_refund_nok": -600.0, "substitute_net_nok": 800.0,
}  # fmt: skip


def whole(text: str) -> int:
    return int(text.replace("\u2212", "-").replace("\u00a0", "").replace("+", ""))


def test_a_deviation_is_the_one_between_the_two_that_are_printed() -> None:
    cells = amounts(PAGE, ROW)
    assert [cells[PAGE.t(key)] for key in ("revised_budget", "accounts", "deviation")] == [
        "1", "1", "0",
    ]  # fmt: skip
    cells = staff_cells(PAGE, ROW)
    assert [cells[PAGE.t(k)] for k in ("substitutes", "refunds", "substitutes_net")] == [
        "1", "\u22121", "0",
    ]  # fmt: skip


@given(KRONER, KRONER)
def test_thousands_and_millions_add_up(budget: float, accounts: float) -> None:
    row = ROW | {
        "revised_budget_nok": budget, "accounts_nok": accounts, "deviation_nok": budget - accounts,
    }  # fmt: skip
    cells = amounts(PAGE, row)
    first, second, less = (
        whole(cells[PAGE.t(key)]) for key in ("revised_budget", "accounts", "deviation")
    )
    assert first - second == less
    tenths = [whole(millions(PAGE, value).replace(",", "")) for value in (budget, accounts)]
    assert tenths[0] - tenths[1] == deviation_in_millions(row) * 10


def test_what_is_hidden_or_missing_stays_so() -> None:
    hidden = ROW | {"accounts_nok": None, "deviation_nok": None, "suppression_reason": "few"}
    assert amounts(PAGE, hidden)[PAGE.t("deviation")] == ":"
    missing = ROW | {"revised_budget_nok": None, "deviation_nok": None}
    assert amounts(PAGE, missing)[PAGE.t("deviation")] == ""


@pytest.mark.parametrize(
    ("parts", "found"), [([1.4, 1.4], "2"), ([1.4, None], "1"), ([None, None], "None")]
)
def test_a_sum_is_of_what_is_printed(parts: list[float | None], found: str) -> None:
    assert str(printed_sum(parts, 0)) == found
