"""A small municipality whose units live: one closes, two merge, one splits, one changes its name.

Its care homes come with a register for every month, its schools with whole lists that say no month.
Every home has 1000 bed days a month for each that it was before, so that sums are easy by hand.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.dbt_fixture import build_warehouse, municipality, standard_metrics
from tests.golden.compiled_town import Compiled

D = date
MONTHS = [D(2022 + i // 12, 1 + i % 12, 1) for i in range(36)]
LAST = D(2024, 12, 1)

# unit: (first month, last month) in the register of each month
HOMES = {
    "stengt": (MONTHS[0], D(2024, 6, 1)),
    "nord": (MONTHS[0], D(2023, 12, 1)),
    "sor": (MONTHS[0], D(2023, 12, 1)),
    "samlet": (D(2024, 1, 1), LAST),
    "delt": (MONTHS[0], D(2024, 3, 1)),
    "del_a": (D(2024, 4, 1), LAST),
    "del_b": (D(2024, 4, 1), LAST),
    "navn": (MONTHS[0], LAST),
    "flyttet": (MONTHS[0], LAST),
    "fast": (MONTHS[0], LAST),
}
FALLS = {
    "nord": 8, "sor": 12, "samlet": 18, "delt": 20, "del_a": 6, "del_b": 15, "navn": 5,
    "flyttet": 7, "fast": 9,
}  # fmt: skip
BED_DAYS = {"samlet": 2000, "del_a": 400, "del_b": 600}


def falls(unit: str, month: date) -> int:
    """Falls of one home in one month; the closed one has 9 and 11 in turn, after Lean 5 and 7."""
    if unit == "stengt":
        turn = 2 * (month.month % 2)
        return (5 if month >= D(2023, 2, 1) else 9) + turn
    return FALLS[unit]


def name_of(unit: str, month: date) -> str:
    """What the register of a month calls a home."""
    return "Nytt navn" if unit == "navn" and month >= D(2023, 6, 1) else unit.capitalize()


def sector_of(unit: str, month: date) -> str:
    """Where the register of a month places a home."""
    return "Helse" if unit == "flyttet" and month >= D(2023, 9, 1) else "Omsorg"


def _registers() -> list[dict[str, Any]]:
    rows = [
        {
            "unit_id": unit,
            "unit_name": name_of(unit, month),
            "sector": sector_of(unit, month),
            "service_type": "nursing_home",
            "period_ym": f"{month:%Y-%m}",
            "feed_id": "homes",
            "delivery_id": f"R{month:%Y%m}",
        }
        for month in MONTHS
        for unit, (first, last) in HOMES.items()
        if first <= month <= last
    ]
    # left out of one month's register by mistake, and nobody has figures about it
    rows += [
        {"unit_id": "glemt", "unit_name": "Glemt", "sector": "Omsorg",
         "service_type": "nursing_home", "period_ym": f"{month:%Y-%m}", "feed_id": "homes",
         "delivery_id": f"R{month:%Y%m}"}
        for month in MONTHS
        if month != D(2024, 2, 1)
    ]  # fmt: skip
    # the last two: one that never had figures, and one that is placed elsewhere later
    lists = {
        "S1": {"skole_a": "Skole A", "skole_b": "Skole B", "skole_c": "Skole C",
               "skole_d": "Skole D", "skole_e": "Skole E"},
        "S2": {"skole_a": "A-skolen", "skole_c": "Skole C", "skole_e": "Skole E"},
    }  # fmt: skip
    rows += [
        {"unit_id": unit, "unit_name": name,
         "sector": "Oppvekst" if (delivery, unit) == ("S2", "skole_e") else "Skole",
         "service_type": "school", "feed_id": "schools", "delivery_id": delivery}
        for delivery, units in lists.items()
        for unit, name in units.items()
    ]  # fmt: skip
    return rows


def _values() -> list[dict[str, Any]]:
    rows = [
        {"unit_id": unit, "month": month, "measure_id": measure, "value": float(value)}
        for unit, (first, last) in HOMES.items()
        for month in MONTHS
        if first <= month <= last
        for measure, value in (
            ("falls", falls(unit, month)), ("bed_days", BED_DAYS.get(unit, 1000)),
        )
    ]  # fmt: skip
    # the register had it to June; a late figure came for July
    rows += [
        {"unit_id": "stengt", "month": D(2024, 7, 1), "measure_id": measure, "value": value}
        for measure, value in (("falls", 1.0), ("bed_days", 100.0))
    ]
    ends = {"skole_a": LAST, "skole_b": D(2024, 3, 1), "skole_c": LAST, "skole_e": LAST}
    rows += [
        {"unit_id": unit, "month": month, "measure_id": "pupils", "value": 100.0}
        for unit, last in ends.items()
        for month in MONTHS
        if month <= last
    ]
    return rows


CHANGES = [
    {"change_date": D(2024, 1, 1), "from_unit_id": unit, "to_unit_id": "samlet", "share": 1.0,
     "change_type": "merge"}
    for unit in ("nord", "sor")
]  # fmt: skip


def build(path: Path, compiled: Compiled, changes: Sequence[dict[str, Any]] = CHANGES) -> Path:
    """Build the town's warehouse; ``changes`` is what somebody has said about its units."""
    rows = {
        "organisation.units": _registers(),
        "organisation.unit_codes": [
            {"code_system": "cost_centre", "code": "4100", "unit_id": unit, "delivery_id": delivery}
            for unit, delivery in (("skole_b", "K1"), ("skole_c", "K2"))
        ],
        "organisation.unit_changes": changes,
        "unit_metrics.values": _values(),
        "lean.cycles": [
            {"cycle_id": "stengt", "unit_id": "stengt", "cycle_no": 1, "status": "in_operation",
             "start_date": D(2023, 1, 9), "introduction_end_date": D(2023, 1, 30)},
        ],
    }  # fmt: skip
    metrics = tuple(
        metric for metric in standard_metrics() if metric.id in {"falls_per_1000", "turnover_pct"}
    )
    build_warehouse(path, municipality(MONTHS[0], None, metrics=metrics), rows)
    compiled.build(path)
    return path
