"""Amounts of accounts and budgets as they are printed: deviations and sums add up as printed.

Budgets and accounts are rounded to thousands or millions, and a deviation rounded by itself would
be another than the one between the two figures beside it in every fourth row. Files have kroner.
"""

from decimal import Decimal
from typing import Any

from dashboards.context import Context
from pipelines.words.numbers import HIDDEN
from pipelines.words.printed import printed_change, printed_sum

Row = dict[str, Any]
_THOUSAND = 1e3
_MILLION = 1e6


def millions(context: Context, value: float | None) -> str:
    """Return an amount in millions with one decimal; missing is empty."""
    return context.number(None if value is None else value / _MILLION, 1)


def deviation_in_millions(row: Row) -> Decimal:
    """Return a known deviation as it is printed: the printed budget less the printed accounts."""
    found = printed_change(row["accounts_nok"] / _MILLION, row["revised_budget_nok"] / _MILLION, 1)
    return Decimal(0) if found is None else found


def amounts(context: Context, row: Row) -> dict[str, str]:
    """Return the cells of budgets, accounts and deviation, in thousands; a colon where hidden."""
    budget, accounts = (_thousands(row[name]) for name in ("revised_budget_nok", "accounts_nok"))
    return {
        context.t("original_budget"): context.thousands(row["original_budget_nok"]),
        context.t("revised_budget"): context.thousands(row["revised_budget_nok"]),
        context.t("accounts"): _cell(context, row, "accounts_nok"),
        context.t("deviation"): _cell(
            context, row, "deviation_nok", printed_change(accounts, budget, 0), signed=True
        ),
        context.t("in_words"): row["words"],
    }


def unit_cells(context: Context, row: Row) -> dict[str, str]:
    """Return the cells of one unit's year: budgets, accounts, and pay in short."""
    return {
        **amounts(context, row),
        context.t("substitutes_net"): _net(context, row),
        context.t("overtime_share"): _overtime_share(context, row),
    }


def staff_cells(context: Context, row: Row) -> dict[str, str]:
    """Return the cells of substitutes, refunds and overtime, in thousands."""
    return {
        context.t("substitutes"): _cell(context, row, "substitute_nok"),
        context.t("refunds"): _cell(context, row, "sick_pay_refund_nok"),
        context.t("substitutes_net"): _net(context, row),
        context.t("overtime"): _cell(context, row, "overtime_nok"),
        context.t("overtime_share"): _overtime_share(context, row),
    }


def _thousands(value: float | None) -> float | None:
    return None if value is None else value / _THOUSAND


def _cell(
    context: Context,
    row: Row,
    column: str,
    added_up: Decimal | None = None,
    *,
    signed: bool = False,
) -> str:
    """Return an amount in thousands, as it adds up where that is given; a colon where hidden."""
    reason = "suppression_reason"
    if column in ("sick_pay_refund_nok", "substitute_net_nok") and row[reason] is None:
        reason = "refund_suppression_reason"
    if row[column] is None and row[reason] is not None:
        return HIDDEN
    if row[column] is not None and added_up is not None:
        return context.number(added_up, signed=signed)
    return context.thousands(row[column], signed=signed)


def _net(context: Context, row: Row) -> str:
    parts = [_thousands(row[name]) for name in ("substitute_nok", "sick_pay_refund_nok")]
    return _cell(context, row, "substitute_net_nok", printed_sum(parts, 0))


def _overtime_share(context: Context, row: Row) -> str:
    hidden = row["overtime_pct"] is None and row["suppression_reason"] is not None
    return HIDDEN if hidden else context.number(row["overtime_pct"], 1)
