"""Accounts and budgets by cost centre, account, function and month.

Pay follows the people, substitutes and refunds follow the sick days, and central lines outside
the units make turnover and balance come out: every year sums to exactly nothing.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.example.series import (
    MONTHS_IN_YEAR,
    FloatArray,
    planted_change,
    planted_factors,
    slow_swing,
    winter,
)
from pipelines.example.spec import CentralLine, ExampleSpec, Ledger, Unit

IntArray = npt.NDArray[np.int64]
PENSION_RATE, EMPLOYER_TAX_RATE = 0.12, 0.106
SURPLUS_SHARE = 0.012
QUARTERLY = ("10501", "12000")
SPLIT_BY_FUNCTION = ("10100", "10901", "10990")
CLOSING_PERIOD = 13
# shares of pay; the swings are those of a unit of ten full-time equivalents
OVERTIME_SLOW, OVERTIME_FAST, OVERTIME_SEASON, OVERTIME_LEAST = 0.0012, 0.002, 0.0015, 0.15
TEN_FTE = 10
CENT = 100
REVISED_FROM_MONTH = 4


class Entry(NamedTuple):
    """One line of a period report: accounts in øre, budgets in whole kroner."""

    year: int
    period: int
    cost_centre: str
    account: str
    label: str
    function: str
    accounts_ore: int
    original_nok: int
    revised_nok: int


def make_entries(
    spec: ExampleSpec, fte: FloatArray, sick_fte: FloatArray, rng: np.random.Generator
) -> list[Entry]:
    """Return every entry in order of year, period, cost centre and account.

    Args:
        spec: The example, with the planted changes in overtime, extra_help, goods and budget.
        fte: From ``presence.fte_by_month``.
        sick_fte: From ``presence.sick_fte_by_month``.
        rng: Where chance comes from.
    """
    accounts = _unit_accounts(spec, fte, sick_fte, rng)
    original, revised = _unit_budgets(spec, fte, rng)
    entries = list(_unit_entries(spec, accounts, original, revised))
    for year in range(spec.first_year, spec.last_year + 1):
        entries += _central_entries(spec, [e for e in entries if e.year == year], year, rng)
    return sorted(entries, key=lambda e: (e.year, e.period, e.cost_centre, e.account, e.function))


def _prices(spec: ExampleSpec) -> FloatArray:
    years = spec.first_year + np.arange(spec.n_months) // MONTHS_IN_YEAR
    prices: FloatArray = np.float64(1 + spec.ledger.price_growth) ** (
        years - spec.ledger.price_year
    )
    return prices


def _monthly_pay(spec: ExampleSpec, unit: Unit) -> FloatArray:
    """Pay of one FTE in a month; a unit's own pay is in the first budget's prices."""
    prices = _prices(spec)
    if unit.annual_pay_nok is not None:
        budget_years = [b.year for b in spec.ledger.fixed_budgets if b.unit == unit.id]
        at = (budget_years[0] - spec.first_year) * MONTHS_IN_YEAR if budget_years else -1
        own: FloatArray = unit.annual_pay_nok * prices / prices[at]
        return own / MONTHS_IN_YEAR
    yearly: FloatArray = spec.sectors[unit.sector].annual_pay_nok * prices
    return yearly / MONTHS_IN_YEAR


def _noise(
    rng: np.random.Generator, shape: tuple[int, int], slow: float, fast: float
) -> FloatArray:
    return np.exp(slow_swing(rng, shape, slow) + rng.normal(0, fast, shape))


def _unit_accounts(
    spec: ExampleSpec, fte: FloatArray, sick_fte: FloatArray, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Return kroner by account: one row per unit, one column per month."""
    ids, shape = [unit.id for unit in spec.units], fte.shape
    sectors = [spec.sectors[unit.sector] for unit in spec.units]
    pay = np.vstack([_monthly_pay(spec, unit) for unit in spec.units])
    base = fte * pay
    lately = np.hstack([sick_fte[:, :1], sick_fte[:, :-1]])  # refunds come a month later
    out = {
        "10100": base * (1 + rng.normal(0, 0.004, shape)),
        "10201": 0.5 * sick_fte * pay * _noise(rng, shape, 0.06, 0.06) + 0.012 * base,
        "10301": 0.03
        * base
        * _noise(rng, shape, 0.1, 0.12)
        * planted_factors(spec, ids, "extra_help"),
        "10401": _overtime_shares(spec, fte, rng) * base * planted_factors(spec, ids, "overtime"),
        "10501": 0.024 * base * _noise(rng, shape, 0, 0.2),
    }
    gross = np.sum(list(out.values()), axis=0)
    out["10901"] = PENSION_RATE * gross
    out["10990"] = EMPLOYER_TAX_RATE * (gross + out["10901"])
    goods = np.array([[s.goods_share] for s in sectors]) * base
    out["11200"] = goods * _noise(rng, shape, 0.05, 0.15) * planted_factors(spec, ids, "goods")
    out["12000"] = 0.03 * base * _noise(rng, shape, 0, 0.5)
    income = np.array([[s.income_share] for s in sectors]) * base
    out["16000"] = -income * _noise(rng, shape, 0.03, 0.06)
    out["17101"] = -0.62 * lately * pay * _noise(rng, shape, 0.05, 0.1)
    quarter_end = np.tile([0.0, 0.0, 1.0], spec.n_months // 3)
    for account in QUARTERLY:
        out[account] = out[account] * quarter_end
    return out


def _overtime_shares(spec: ExampleSpec, fte: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Overtime as a share of pay: shifts someone must cover, so it swings more in a small unit."""
    level = np.array([[spec.sectors[unit.sector].overtime_share] for unit in spec.units])
    staffed = np.where(fte > 0, fte, np.nan)
    size = np.nanmean(staffed, axis=1, keepdims=True)
    swing = slow_swing(rng, fte.shape, OVERTIME_SLOW) + rng.normal(0, OVERTIME_FAST, fte.shape)
    shares = level + OVERTIME_SEASON * winter(spec.n_months) + swing * np.sqrt(TEN_FTE / size)
    kept: FloatArray = np.maximum(shares, OVERTIME_LEAST * level)
    return kept


def _unit_budgets(
    spec: ExampleSpec, fte: FloatArray, rng: np.random.Generator
) -> tuple[dict[str, IntArray], dict[str, IntArray]]:
    """Return original and revised budgets in whole kroner; refunds are never budgeted."""
    ids, shape = [unit.id for unit in spec.units], fte.shape
    sectors = [spec.sectors[unit.sector] for unit in spec.units]
    years = spec.last_year - spec.first_year + 1
    by_year = fte.reshape(len(ids), years, MONTHS_IN_YEAR)
    guess = rng.normal(1.0, 0.012, (len(ids), years, 1))
    planned = np.where(by_year > 0, by_year.mean(axis=2, keepdims=True) * guess, 0.0).reshape(shape)
    base = planned * np.vstack([_monthly_pay(spec, unit) for unit in spec.units])
    shares = {
        "10100": 1.0,
        "10201": 0.03,
        "10301": 0.03,
        "10401": np.array([[s.overtime_share] for s in sectors]),
        "10501": 0.008,
        "11200": np.array([[s.goods_share] for s in sectors]),
        "12000": 0.01,
        "16000": -np.array([[s.income_share] for s in sectors]),
    }
    cut = np.vstack([1.0 + planted_change(spec, unit_id, "budget") for unit_id in ids])
    lines = {account: base * share * cut for account, share in shares.items()}
    wages = sum(lines[a] for a in ("10100", "10201", "10301", "10401", "10501"))
    lines["10901"] = PENSION_RATE * np.asarray(wages)
    lines["10990"] = EMPLOYER_TAX_RATE * (np.asarray(wages) + lines["10901"])
    original = {account: np.rint(line).astype(np.int64) for account, line in lines.items()}
    _meet_fixed_budgets(spec, original)
    change = np.repeat(rng.normal(0.004, 0.01, (len(ids), years)), MONTHS_IN_YEAR, axis=1)
    change *= np.arange(spec.n_months) % MONTHS_IN_YEAR >= REVISED_FROM_MONTH
    revised = {a: np.rint(line * (1 + change)).astype(np.int64) for a, line in original.items()}
    return original, revised


def _meet_fixed_budgets(spec: ExampleSpec, original: dict[str, IntArray]) -> None:
    """Make the named budgets pay only and exactly as large as decided."""
    rows = {unit.id: i for i, unit in enumerate(spec.units)}
    for fixed in spec.ledger.fixed_budgets:
        first = (fixed.year - spec.first_year) * MONTHS_IN_YEAR
        place = (rows[fixed.unit], slice(first, first + MONTHS_IN_YEAR))
        for account, line in original.items():
            if account not in SPLIT_BY_FUNCTION:
                line[place] = 0
        total = sum(int(original[account][place].sum()) for account in SPLIT_BY_FUNCTION)
        for account in SPLIT_BY_FUNCTION:
            scaled = original[account][place] * (fixed.total_nok / total)
            original[account][place] = np.rint(scaled).astype(np.int64)
        reached = sum(int(original[account][place].sum()) for account in SPLIT_BY_FUNCTION)
        last = (rows[fixed.unit], first + MONTHS_IN_YEAR - 1)
        original[SPLIT_BY_FUNCTION[0]][last] += fixed.total_nok - reached


def _function(ledger: Ledger, code: str, year: int) -> str:
    """Return the function code that was valid in the year."""
    for change in ledger.function_changes:
        too_early = change.before is not None and year < change.before
        too_late = change.since is not None and year >= change.since
        if change.code == code and (too_early or too_late):
            return change.use
    return code


def _parts(total: int, n: int) -> list[int]:
    """Split a whole number into n whole numbers with the same sum; the first takes the rest."""
    share = int(total / n)
    return [total - share * (n - 1)] + [share] * (n - 1)


def _split(amounts: tuple[int, ...], n: int) -> Iterable[tuple[int, ...]]:
    """Split each amount into n parts, one tuple per part."""
    if n == 1:
        return (amounts,)
    return zip(*(_parts(amount, n) for amount in amounts), strict=True)


def _unit_entries(
    spec: ExampleSpec,
    accounts: dict[str, FloatArray],
    original: dict[str, IntArray],
    revised: dict[str, IntArray],
) -> Iterator[Entry]:
    for account, label in spec.ledger.accounts.items():
        ore = np.rint(accounts[account] * CENT).astype(np.int64).tolist()
        none = np.zeros_like(original["10100"])
        first_budget = original.get(account, none).tolist()
        second_budget = revised.get(account, none).tolist()
        for row, unit in enumerate(spec.units):
            codes = unit.functions if account in SPLIT_BY_FUNCTION else unit.functions[:1]
            for month in range(spec.n_months):
                amounts = (ore[row][month], first_budget[row][month], second_budget[row][month])
                if not any(amounts):
                    continue
                year = spec.first_year + month // MONTHS_IN_YEAR
                period = month % MONTHS_IN_YEAR + 1
                for code, (booked, decided, changed) in zip(
                    codes, _split(amounts, len(codes)), strict=True
                ):
                    function = _function(spec.ledger, code, year)
                    yield Entry(
                        year, period, unit.cost_centre, account, label, function,
                        booked, decided, changed,
                    )  # fmt: skip


def _central_entries(
    spec: ExampleSpec, units: list[Entry], year: int, rng: np.random.Generator
) -> list[Entry]:
    """Return the year's lines outside the units, the balancing one last."""
    ledger = spec.ledger
    turnover = ledger.turnover_nok * (1 + ledger.turnover_growth) ** (year - ledger.turnover_year)
    spent = sum(e.accounts_ore for e in units if e.accounts_ore > 0) / CENT
    net = sum(e.accounts_ore for e in units) / CENT
    central = turnover * (1 - SURPLUS_SHARE) - spent
    income = net + central + turnover * SURPLUS_SHARE
    out: list[Entry] = []
    for lines, total in ((ledger.expenses, central), (ledger.incomes, -income)):
        shares = sum(line.share for line in lines)
        for line in lines:
            monthly = total * line.share / shares / MONTHS_IN_YEAR
            for period in range(1, MONTHS_IN_YEAR + 1):
                booked = round(monthly * CENT * (1 + float(rng.normal(0, 0.02))))
                decided = round(monthly * (1 + float(rng.normal(0, 0.005))))
                changed = round(decided * 1.003) if period > REVISED_FROM_MONTH else decided
                out.append(_line(ledger, line, (year, period), (booked, decided, changed)))
    whole = [*units, *out]
    missing = -sum(e.accounts_ore for e in whole)
    budgets = (-sum(e.original_nok for e in whole), -sum(e.revised_nok for e in whole))
    closing = MONTHS_IN_YEAR if year >= spec.monthly_year else CLOSING_PERIOD
    out.append(_line(ledger, ledger.balance, (year, MONTHS_IN_YEAR), (0, *budgets)))
    out.append(_line(ledger, ledger.balance, (year, closing), (missing, 0, 0)))
    return out


def _line(
    ledger: Ledger, line: CentralLine, when: tuple[int, int], amounts: tuple[int, int, int]
) -> Entry:
    function = _function(ledger, line.function, when[0])
    return Entry(*when, line.cost_centre, line.account, line.label, function, *amounts)
