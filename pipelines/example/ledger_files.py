"""Accounts and budgets as the accounting system exports them.

The first years have a period report with minus signs behind and the original budget in a wide
file of its own (once a workbook); later all three amounts stand side by side.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.example.ledger import Entry
from pipelines.example.series import MONTHS_IN_YEAR
from pipelines.example.spec import ExampleSpec
from pipelines.example.workbook import write_workbook
from pipelines.example.writing import (
    CENT,
    MONTH_NAMES,
    NBSP,
    Cells,
    Delivery,
    amount,
    write_delivery,
)
from pipelines.example.written import WRITTEN

OLD_HEADER = ["Konto(T)", "Ansvar", "Tjeneste", "Periode", "Rev. budsjett", "Regnskap", "Avvik"]
NEW_HEADER = [
    "Konto(T)",
    "Ansvar",
    "Tjeneste",
    "Periode",
    "Oppr. budsjett",
    "Rev. budsjett",
    "Regnskap",
]
WIDE_HEADER = [WRITTEN["ledger_files.year"], "Vedtatt", "Ansvar", "Konto", "Tjeneste", "Tekst"]
SHORT_MONTHS = tuple(name[:3] for name in MONTH_NAMES)
OLD_YEARS = 5
UNREADABLE = "se bilag"


def write_ledger(spec: ExampleSpec, entries: list[Entry], inbox: Path) -> list[Delivery]:
    """Write a period report a year, from ``monthly_year`` a month, and the early budgets.

    Args:
        spec: The example.
        entries: From ``make_entries``, in order.
        inbox: Where deliveries are dropped.
    """
    by_file: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        period = entry.period if entry.year >= spec.monthly_year else 0
        by_file[(entry.year, period)].append(entry)
    deliveries = []
    for at, ((year, period), group) in enumerate(sorted(by_file.items())):
        is_old = year < spec.first_year + OLD_YEARS
        name = f"{year}_{period:02d}" if period else str(year)
        delivery = Delivery(
            f"okonomi/{'perioderapport' if is_old else 'regnskap'}_{name}.csv",
            "perioderapport" if is_old else "regnskap",
        )
        delivery.values_per_row = 2 if is_old else 3
        row_of = _old_row if is_old else _new_row
        delivery.rows = [row_of(entry) for entry in group if _is_shown(entry, is_old=is_old)]
        delivery.totals = _totals(group)
        delivery.foot = _old_total if is_old else _new_total
        delivery.encoding = "cp1252" if is_old else "utf-8-sig"
        _break(spec, delivery, at)
        title = [[f"Periodisert regnskap {year}"], [f"{spec.municipality_name}, alle ansvar"], []]
        write_delivery(inbox, delivery, [*title, OLD_HEADER if is_old else NEW_HEADER])
        deliveries.append(delivery)
    for year in range(spec.first_year, spec.first_year + OLD_YEARS):
        own = [entry for entry in entries if entry.year == year]
        deliveries.append(_write_original(spec, year, own, inbox))
    return deliveries


def _is_shown(entry: Entry, *, is_old: bool) -> bool:
    return bool(entry.accounts_ore or entry.revised_nok or (entry.original_nok and not is_old))


def _keys(entry: Entry) -> Cells:
    period = f"{entry.year}{entry.period:02d}"
    return [f"{entry.account} {entry.label}", entry.cost_centre, f"{entry.function}00", period]


def _old_row(entry: Entry) -> Cells:
    budget, booked = entry.revised_nok * CENT, entry.accounts_ore
    shown = (budget, booked, budget - booked)
    return [*_keys(entry), *(amount(a, space=" ", decimals=True, minus="behind") for a in shown)]


def _new_row(entry: Entry) -> Cells:
    budgets = [
        amount(nok * CENT, space=NBSP, decimals=False, minus="before")
        for nok in (entry.original_nok, entry.revised_nok)
    ]
    booked = amount(entry.accounts_ore, space=NBSP, decimals=True, minus="parentheses")
    return [*_keys(entry), *budgets, booked]


def _totals(entries: list[Entry]) -> list[int]:
    return [
        sum(entry.accounts_ore for entry in entries),
        sum(entry.original_nok for entry in entries),
        sum(entry.revised_nok for entry in entries),
    ]


def _old_total(totals: Sequence[int]) -> list[Cells]:
    return [["Totalt", "", "", "", *_old_row(Entry(0, 0, "", "", "", "", *totals))[4:]]]


def _new_total(totals: Sequence[int]) -> list[Cells]:
    return [["Totalt", "", "", "", *_new_row(Entry(0, 0, "", "", "", "", *totals))[4:]]]


def _break(spec: ExampleSpec, delivery: Delivery, at: int) -> None:
    """Put a row without a readable amount into every fifth report until all are placed."""
    every = 5
    if at % every or at // every >= spec.broken.ledger.get("text_in_number", 0):
        return
    row = list(delivery.rows[100 + at])
    row[4:] = ["0"] * (len(row) - 4)
    row[5 if delivery.feed == "perioderapport" else 6] = UNREADABLE
    delivery.rows.insert(100 + at, row)
    delivery.broken["text_in_number"] += 1


def _write_original(spec: ExampleSpec, year: int, entries: list[Entry], inbox: Path) -> Delivery:
    """Write the budget the council decided, months side by side."""
    is_workbook = year == spec.first_year + OLD_YEARS - 1
    suffix = "xlsx" if is_workbook else "csv"
    delivery = Delivery(f"okonomi/opprinnelig_budsjett_{year}.{suffix}", "opprinnelig_budsjett")
    delivery.values_per_row = MONTHS_IN_YEAR
    header = [*WIDE_HEADER, *SHORT_MONTHS, "Sum"]
    values = list(_wide(year, entries))
    if is_workbook:
        delivery.rows = [[str(value) for value in row] for row in values]
        write_workbook(inbox / delivery.path, {"Budsjett": (header, values)})
        delivery.sheet = ("Budsjett", header, list(values))
        return delivery
    delivery.rows = [[_wide_cell(value) for value in row] for row in values]
    delivery.encoding = "cp1252"
    write_delivery(inbox, delivery, [header])
    return delivery


def _wide_cell(value: str | int) -> str:
    if isinstance(value, str):
        return value
    return amount(value * CENT, space=" ", decimals=False, minus="before") if value else "-"


def _wide(year: int, entries: list[Entry]) -> Iterator[list[str | int]]:
    lines: dict[tuple[str, str, str, str], list[int]] = {}
    for entry in entries:
        key = (entry.cost_centre, entry.account, f"{entry.function}00", entry.label)
        if entry.original_nok:
            months = lines.setdefault(key, [0] * MONTHS_IN_YEAR)
            months[entry.period - 1] += entry.original_nok
    for key, months in lines.items():
        yield [str(year), f"13.12.{year - 1}", *key, *months, sum(months)]
