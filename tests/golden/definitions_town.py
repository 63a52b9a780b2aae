"""One small municipality whose figures were worked out by hand, and the warehouse built from it.

Each test reads the figures of its own units and persons.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.dbt_fixture import FIRST_STEP, build_warehouse, fetch, municipality, run_dbt
from tests.dbt_parsed import parsed
from tests.order_free import Model, compiled_models

AFTER_EFFECTS = "after_effects"

UNITS = {
    "graded": "nursing_home",
    "before": "nursing_home",
    "after": "nursing_home",
    "islands": "home_care",
    "lengths": "home_care",
    "double": "therapy",
    "hourly": "therapy",
    "leavers": "school",
    "new_home": "school",
    "old_unit": "technical",
    "merged": "technical",
    "ledger": "political_admin",
    "restated": "political_admin",
    "reversal": "political_admin",
    "versions": "political_admin",
    "foreign": None,
    "strangers": "nursing_home",
    "most_meet": "nursing_home",
}


def _position(person: str, unit: str, start: date, end: date | None = None, **more: Any) -> dict:
    return {
        "position_id": f"pos-{person}",
        "person_id": person,
        "unit_id": unit,
        "position_pct": 100,
        "employment_type": "permanent",
        "start_date": start,
        "end_date": end,
        **more,
    }


def _spell(person: str, unit: str, start: date, end: date | None, **more: Any) -> dict:
    return {
        "person_id": person,
        "unit_id": unit,
        "start_date": start,
        "end_date": end,
        "absence_type": "certified",
        "grade_pct": 100,
        **more,
    }


def _entry(unit: str, art: str, amount: float, amount_type: str = "accounts", **more: Any) -> dict:
    return {
        "unit_id": unit,
        "account": f"1{art}0",
        "year": 2011,
        "amount_type": amount_type,
        "amount_nok": amount,
        **more,
    }


D = date
POSITIONS = [
    # enough staff that their pay may be shown
    *(
        _position(f"{unit}-{n}", unit, D(2010, 1, 1))
        for unit, staff in (("ledger", 14), ("reversal", 12))
        for n in range(staff)
    ),
    _position("eighty", "graded", D(2010, 1, 1), position_pct=80),
    _position("may17", "graded", D(2010, 1, 1)),
    # one position, two units: moved at New Year
    _position("mover", "before", D(2010, 1, 1), D(2012, 12, 31), position_id="pos-transfer"),
    _position("mover", "after", D(2013, 1, 1), position_id="pos-transfer"),
    _position("island", "islands", D(2010, 1, 1)),
    *(_position(f"len{n}", "lengths", D(2010, 1, 1)) for n in (16, 17, 56, 57)),
    # two jobs in two units, and spells that overlap
    _position("two", "double", D(2010, 1, 1), position_pct=60),
    _position("two", "graded", D(2010, 1, 1), position_id="pos-two-b", position_pct=40),
    _position("overlap", "double", D(2010, 1, 1)),
    _position("hour", "hourly", D(2010, 1, 1), employment_type="hourly"),
    # turnover in March 2012: out, moved, stays with a new position; reorganised in June 2012
    _position("out", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("moved", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("moved", "new_home", D(2012, 4, 1), position_id="pos-moved-2"),
    _position("stays", "leavers", D(2010, 1, 1), D(2012, 3, 31)),
    _position("stays", "leavers", D(2012, 4, 1), position_id="pos-stays-2"),
    _position("temp", "leavers", D(2010, 1, 1), D(2012, 3, 31), employment_type="temporary"),
    _position("reorg", "old_unit", D(2010, 1, 1), D(2012, 6, 30)),
    _position("reorg", "merged", D(2012, 7, 1), position_id="pos-reorg-2"),
    *(_position(f"here{n}", "strangers", D(2010, 1, 1)) for n in range(6)),
    *(_position(f"met{n}", "most_meet", D(2010, 1, 1)) for n in range(6)),
    # the same key in two deliveries: the later says 50 %
    _position("restated", "restated", D(2010, 1, 1), position_pct=100, delivery_id="D1"),
    _position("restated", "restated", D(2010, 1, 1), position_pct=50, delivery_id="D2"),
]
LENGTH_START = D(2012, 1, 2)
SPELLS = [
    _spell("eighty", "graded", D(2012, 1, 9), D(2012, 1, 20), grade_pct=50),
    _spell("may17", "graded", D(2012, 5, 16), D(2012, 5, 18)),
    _spell("mover", "before", D(2012, 12, 27), D(2013, 1, 4)),
    # Friday, then Monday-Tuesday: one case. Friday, then Tuesday: two
    _spell("island", "islands", D(2013, 3, 8), D(2013, 3, 8), absence_type="self_certified"),
    _spell("island", "islands", D(2013, 3, 11), D(2013, 3, 12)),
    _spell("island", "islands", D(2013, 5, 3), D(2013, 5, 3), absence_type="self_certified"),
    _spell("island", "islands", D(2013, 5, 7), D(2013, 5, 7), absence_type="self_certified"),
    *(
        _spell(f"len{n}", "lengths", LENGTH_START, D.fromordinal(LENGTH_START.toordinal() + n - 1))
        for n in (16, 17, 56, 57)
    ),
    _spell("two", "double", D(2012, 2, 6), D(2012, 2, 10), position_id="pos-two"),
    _spell("overlap", "double", D(2012, 2, 6), D(2012, 2, 10), grade_pct=50),
    _spell("overlap", "graded", D(2012, 2, 8), D(2012, 2, 9), absence_type="self_certified"),
    _spell("overlap", "double", D(2012, 2, 13), D(2012, 2, 17), absence_type="child_sick"),
    _spell("hour", "hourly", D(2012, 2, 6), D(2012, 2, 10)),
    # nobody meets a position; then one in ten days does not
    *(_spell(f"A-here{n}", "strangers", D(2013, 6, 3), D(2013, 6, 28)) for n in range(6)),
    _spell("here0", "strangers", D(2013, 8, 5), D(2013, 8, 9)),
    *(_spell(f"met{n}", "most_meet", D(2013, 6, 3), D(2013, 6, 7)) for n in range(4)),
    _spell("hour", "most_meet", D(2013, 6, 10), D(2013, 6, 11)),
    # one of two: as much is unknown as known
    _spell("met0", "most_meet", D(2013, 9, 2), D(2013, 9, 6)),
    _spell("nobody", "most_meet", D(2013, 9, 2), D(2013, 9, 6)),
    _spell("may17", "graded", D(2014, 12, 29), None),
    _spell("may17", "graded", D(2011, 1, 3), D(2011, 1, 3), absence_type="holiday"),
]
LEDGER = [
    *(_entry("ledger", "010", 100_000, period=p) for p in (1, 2)),
    _entry("ledger", "020", 30_000, period=1),
    _entry("ledger", "710", -12_000, period=1),
    _entry("ledger", "040", 5_000, period=1),
    _entry("ledger", "099", 14_000, period=1),
    _entry("ledger", "010", 7_000, period=13),
    _entry("ledger", "010", 900, period=1, account="21000"),
    _entry("ledger", "010", 150_000, "revised_budget", period=1),
    _entry("ledger", "020", 400_000, "original_budget"),
    # year figures like a nynorsk neighbour's: refunds are never budgeted
    _entry("restated", "020", 25_759_892),
    _entry("restated", "710", -12_645_997),
    _entry("restated", "020", 15_654_774, "revised_budget"),
    _entry("restated", "020", 1, "revised_budget", decided_date=D(2010, 6, 1), budget_version="1"),
    _entry("restated", "710", 0, "revised_budget"),
]
# February holds a reversal of last year's accrual; what is typed in March is no amount
REVERSAL = [
    _entry("reversal", art, amount, period=period)
    for period, pay in ((1, 200_000), (2, -50_000))
    for art, amount in (("010", pay), ("040", 5_000), ("020", 20_000))
] + [_entry("reversal", art, 2e15, period=3) for art in ("010", "040")]
# budgets of one unit in versions: unit, year, version, art -> kroner
VERSIONS = [
    # partial: the second version lists the one changed line
    *((2011, "1", "010", 245_000, p) for p in (1, 2)),
    *((2011, "1", "020", 15_000, p) for p in (1, 2)),
    *((2011, "2", "020", 18_000, p) for p in (1, 2)),
    # whole: ten of eleven lines again; the eleventh is gone
    *((2012, "R9", f"{art:03}", 1_000, None) for art in range(10, 21)),
    *((2012, "R10", f"{art:03}", 2_000, None) for art in range(10, 20)),
    # dates as names, laid over each other; a line taken out is delivered as nothing
    *((2013, "15.12.2012", art, 700, None) for art in ("010", "020", "030")),
    (2013, "02.01.2013", "020", 500, None),
    (2013, "01.06.2013", "030", 0, None),
]
LEDGER[-3:] = [
    {**LEDGER[-3], "decided_date": D(2010, 12, 1), "budget_version": "2"},
    LEDGER[-2],
    {**LEDGER[-1], "decided_date": D(2010, 12, 1), "budget_version": "2"},
]
LEDGER += [
    _entry("versions", art, amount, "revised_budget", year=year, budget_version=version, period=p)
    for year, version, art, amount, p in VERSIONS
]
LEDGER += [
    # the cost centre is new in the second version, and the year's first is by period
    *(_entry("versions", "010", 100, "revised_budget", year=2014, period=p,
             decided_date=D(2013, 12, 1)) for p in (1, 2)),
    _entry("versions", "020", 40, "revised_budget", year=2014, decided_date=D(2013, 12, 1)),
    _entry("versions", "020", 60, "revised_budget", year=2014, cost_centre="1",
           decided_date=D(2014, 6, 1)),
    # an original budget is decided whole
    _entry("versions", "010", 9, "original_budget", year=2014, budget_version="Budsjett 2013"),
    _entry("versions", "020", 9, "original_budget", year=2014, budget_version="Budsjett 2013"),
    _entry("versions", "010", 7, "original_budget", year=2014, budget_version="Budsjett 2014"),
]  # fmt: skip
ORDERS = {
    2021: ("9", "10"),
    2022: ("R9", "R10", "R101"),
    2023: ("Rev 2", "R10"),
    2024: ("15.12.2023", "2.1.2024", "01.06.2024"),
    2025: ("2024-12-15", "2025-01-02"),
    2026: ("K-sak 101/25", "K-sak 45/26"),
    2027: ("Vedtatt", "1", "1.2", "1.10", "2"),
    2028: ("20270615", "20271201"),
    2029: ("Opprinnelig", "Revidert mai", "Revidert juni", "REVIDERT DESEMBER"),
    2030: ("Revidert desember 2029", "15. juni 2030", "Rev. 3. oktober 2030"),
    2031: ("15.6.31", "1.10.31"),
    2032: ("31/12/2031", "01-02-2032", "1/6/2032"),
    2033: ("Mars", "Rev. okt 33"),
}
LEDGER += [
    _entry("versions", "010", 1, "revised_budget", year=year, budget_version=version)
    for year, versions in ORDERS.items()
    for version in reversed(versions)
]
FOREIGN = [
    {"unit_id": "foreign", "month": D(2012, 4, 1), "definition": "NHS_ESR",
     "sick_days": 12.0, "agreed_days": 205.0},
    {"unit_id": "foreign", "month": D(2012, 5, 1), "definition": "NHS_ESR",
     "sick_days": 10.0, "agreed_days": 200.0, "n_persons": 11},
    {"unit_id": "foreign", "month": D(2012, 5, 1), "definition": "SSB_NAV",
     "sick_days": 99.0, "agreed_days": 200.0, "n_persons": 11},
]  # fmt: skip
VALUES = [
    {"unit_id": "graded", "month": D(2012, 1, 1), "measure_id": m, "value": v}
    for m, v in (
        ("falls", 3.0), ("bed_days", 0.0), ("residents", 40.0), ("medication_reviews_done", 50.0)
    )
]  # fmt: skip


def definitions_warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built warehouse; the first to ask builds it, everyone else reads the same file."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    file = shared / "definitions.duckdb"
    with FileLock(shared / "definitions.lock"):
        if not file.exists():
            units = [
                {"unit_id": unit, "unit_name": unit, "sector": "s", "service_type": service}
                for unit, service in UNITS.items()
            ]
            rows = {
                "organisation.units": units,
                "organisation.unit_changes": [
                    {"change_date": D(2012, 7, 1), "from_unit_id": "old_unit",
                     "to_unit_id": "merged", "share": 1.0, "change_type": "merge"},
                ],
                "hr.positions": POSITIONS,
                "sick_leave.spells": SPELLS,
                "sick_leave.unit_months": FOREIGN,
                "ledger.entries": LEDGER + REVERSAL,
                "unit_metrics.values": VALUES,
            }  # fmt: skip
            building = shared / "building.duckdb"
            build_warehouse(building, municipality(D(2011, 1, 1), D(2015, 1, 1)), rows)
            run_dbt(building, "build", *FIRST_STEP, target=shared / "definitions-target")
            building.rename(file)
    return file


def measure(file: Path, unit: str, month: date, name: str) -> float | None:
    """One unit's measure in one month; None where there is no row."""
    rows = fetch(
        file,
        "select value from intermediate.int_measures_unioned where unit_id = "
        f"'{unit}' and month = date '{month}' and measure_id = '{name}'",
    )
    return rows[0][0] if rows else None


def metric(file: Path, unit: str, month: date, name: str) -> tuple[Any, ...]:
    """One unit's numerator, denominator, value and has_data of a metric in one month."""
    (row,) = fetch(
        file,
        "select numerator, denominator, value, has_data from intermediate.int_metric_months where "
        f"unit_id = '{unit}' and month = date '{month}' and metric_id = '{name}'",
    )
    return row


def definitions_models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> list[Model]:
    """The models that built it, as SQL for any warehouse: what dbt compiled on its way."""
    built = definitions_warehouse(tmp_path_factory, worker_id)
    compiled = built.parent / "definitions-target" / "compiled"
    return compiled_models(parsed() / "manifest.json", AFTER_EFFECTS, compiled)
