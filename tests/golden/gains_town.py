"""One small municipality of gains, worked out by hand, and the effects they are held against.

Effects are given, not estimated: each unit has its own answer, so that every status is met. Nothing
is asserted here.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from filelock import FileLock

from pipelines.effects.beside.diagnostic_rows import DIAGNOSTICS_TABLE
from pipelines.effects.tables.pooled_verdicts import POOLED_TABLE
from pipelines.effects.tables.run import Effects, checks_table
from pipelines.effects.tables.table import EFFECT_TABLE
from pipelines.effects.tables.warehouse_results import write_effects
from pipelines.municipality.model import Economy, Fact, LeanCosts
from tests.dbt_fixture import build_warehouse, municipality, run_dbt

D = date
START, END = D(2012, 1, 10), D(2012, 6, 20)
LEAN_START, PAID_AFTER = D(2012, 7, 1), 10.0
# paid FTE in per cent of what was expected: estimate, low, high; or why there is none
UNITS: dict[str, tuple[float, float, float] | str] = {
    "confirmed": (-9.0, -14.0, -3.0),
    "more": (-20.0, -25.0, -15.0),
    "partly": (-4.0, -7.0, -1.0),
    "not_seen": (-1.0, -5.0, 3.0),
    "increased": (6.0, 2.0, 10.0),
    "cannot_tell": (-5.0, -15.0, 6.0),
    "cut": "budget_cut",
    "small": "few_persons",
    "bare": (-9.0, -14.0, -3.0),
    "twice": (-9.0, -14.0, -3.0),
    "first": (-9.0, -14.0, -3.0),
    "saver": (-9.0, -14.0, -3.0),
    "nothing": (-9.0, -14.0, -3.0),
    "office": "missing_before",
}


def gain(gain_id: str, unit: str, fte: float = 1.0, **more: Any) -> dict[str, Any]:
    """One gain in the unit's first cycle; capacity and quality unless said otherwise."""
    return {
        "gain_id": gain_id, "unit_id": unit, "cycle_id": f"c-{unit}", "title": gain_id,
        "tool": "5S", "share_quality": 1.0, "share_quantity": 0.0, "share_saving": 0.0,
        "identified_date": D(2012, 2, 1), "identified_fte": fte, "gain_kind": "capacity", **more,
    }  # fmt: skip


def realised(gain_id: str, fte: float = 1.0, **more: Any) -> dict[str, Any]:
    """One realised part of a gain on 15 May 2012, by decision unless said otherwise."""
    return {
        "gain_id": gain_id, "event_no": 2, "event_date": D(2012, 5, 15), "status": "realised",
        "realised_fte_change": fte, "used_for": "mer tid", "evidence_kind": "decision",
        "evidence_ref": f"12/{gain_id}", **more,
    }  # fmt: skip


SAVING = {"share_quality": 0.0, "share_saving": 1.0, "gain_kind": "cash", "amount_nok": 100_000.0}
PLAIN = ("confirmed", "more", "partly", "not_seen", "increased", "cannot_tell", "cut", "small")
GAINS = [
    *(gain(f"g-{unit}", unit) for unit in PLAIN),
    gain("g-bare", "bare"),
    gain("g-first", "first"),
    gain("g-twice", "twice"),
    gain("g-nothing", "nothing"),
    gain("g-dropped", "nothing", 5.0),
    gain("g-above", "office", 0.5),
    gain("g-noted", "office", 0.5, gain_kind=None),
    gain("s-found", "saver", **SAVING),
    gain("s-partly", "saver", **SAVING),
    gain("s-missing", "saver", **SAVING),
    gain("s-unseen", "saver", **SAVING),
    gain("l-filled", "office"),
    gain("l-lost", "office"),
    gain("l-better", "office", metric_id="sick_leave_pct"),
]
LINE = {"evidence_kind": "budget_line"}
EVENTS = [
    *(realised(f"g-{unit}") for unit in PLAIN),
    realised("g-bare", evidence_kind=None, evidence_ref=None),
    realised("g-first", evidence_kind="position", evidence_ref="P1"),
    realised("g-twice", evidence_kind="position", evidence_ref="p1 ", event_date=D(2012, 5, 16)),
    {**realised("g-dropped", 0.0), "status": "dropped"},
    realised("g-above", 0.8),
    realised("g-noted", 0.8, note="Mer enn ventet", used_for=None),
    realised("s-found", **LINE, evidence_ref="10/10100"),
    realised("s-partly", **LINE, evidence_ref="10/11200"),
    realised("s-missing", **LINE, evidence_ref="10/12000"),
    realised("s-unseen", **LINE, evidence_ref="10/16000"),
    realised("l-filled", evidence_kind="position", evidence_ref="P2"),
    realised("l-lost"),
    {**realised("l-lost", -1.0), "event_no": 3, "event_date": D(2013, 3, 1)},
    realised("l-better", evidence_kind="measurement", evidence_ref=None),
    realised("unknown"),
]
POSITIONS = [
    {"position_id": name, "person_id": name, "unit_id": "office", "position_pct": 100,
     "employment_type": "permanent", "start_date": start, "end_date": end}
    for name, start, end in (
        ("P1", D(2010, 1, 1), D(2012, 5, 1)),
        ("P2", D(2010, 1, 1), D(2012, 5, 1)),
        ("P2", D(2014, 2, 1), None),
    )
]  # fmt: skip
BUDGETS = {
    "10100": {2011: 1_000_000, 2013: 900_000},
    "11200": {2011: 500_000, 2013: 460_000},
    "12000": {2011: 300_000, 2013: 310_000},
    "16000": {2011: 200_000},
}
LEDGER = [
    {"unit_id": "saver", "cost_centre": "10", "account": account, "year": year,
     "amount_type": "revised_budget", "amount_nok": amount, "budget_version": "r"}
    for account, years in BUDGETS.items() for year, amount in years.items()
] + [
    {"unit_id": "office", "account": "10100", "year": 2013, "period": 12,
     "amount_type": "accounts", "amount_nok": 2_000_000},
    {"unit_id": "office", "account": "10100", "year": 2015, "period": 12,
     "amount_type": "accounts", "amount_nok": 0},
]  # fmt: skip
LEAVE = [
    {"unit_id": "office", "month": D(year, month, 1), "definition": "SSB_NAV",
     "sick_days": 20.0 if year < 2013 else 10.0 if year == 2013 else 30.0,
     "agreed_days": 200.0, "n_persons": 20}
    for year in range(2011, 2015) for month in range(1, 13)
]  # fmt: skip


def gains_warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built warehouse; the first to ask builds it, everyone else reads the same file."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    file, building = shared / "gains.duckdb", shared / "gains-building.duckdb"
    with FileLock(shared / "gains.lock"):
        if not file.exists():
            build_warehouse(building, _municipality(), _rows())
            target = shared / "gains-target"
            tests = ("--exclude", "tag:measured_by_gates")
            run_dbt(building, "build", *tests, "tag:after_effects", target=target)
            with duckdb.connect(str(building)) as con:
                write_effects(con, _effects())
            run_dbt(building, "build", "--select", "tag:after_effects", *tests, target=target)
            building.rename(file)
    return file


def _municipality() -> Any:
    return municipality(
        D(2010, 1, 1),
        D(2015, 12, 1),
        facts=(
            Fact.model_validate(
                {"id": "improvement_budget_nok", "label": {"nb": "a", "en": "b"}, "value": 5e5,
                 "as_of": D(2013, 1, 1), "source": "seed"}
            ),
        ),
    ).model_copy(
        update={
            "economy": Economy(fte_cost_nok=700_000, hours_per_fte=1750, price_year=2012),
            "lean_costs": LeanCosts(hours_per_course_day=5, development_unit_id="office"),
            "accessibility_contact": "Servicetorget, post@test.no",
        }
    )  # fmt: skip


def _rows() -> Mapping[str, list[dict[str, Any]]]:
    cycles = [
        {"cycle_id": f"c-{unit}", "unit_id": unit, "cycle_no": 1, "wave": 1,
         "status": "in_operation", "start_date": START, "introduction_end_date": END}
        for unit in UNITS
    ]  # fmt: skip
    days = [
        {"cycle_id": "c-office", "unit_id": "office", "day_no": 1, "course_date": START,
         "n_participants": 20},
        {"cycle_id": "c-office", "unit_id": "office", "day_no": 2, "course_date": END},
    ]  # fmt: skip
    return {
        "organisation.units": [
            {"unit_id": unit, "unit_name": unit, "sector": "s", "service_type": "school"}
            for unit in UNITS
        ],
        "lean.cycles": cycles,
        "lean.course_days": days,
        "lean.gains": GAINS,
        "lean.gain_events": EVENTS,
        "hr.positions": POSITIONS,
        "ledger.entries": LEDGER,
        "sick_leave.unit_months": LEAVE,
    }


def _effects() -> Effects:
    units = [_effect(unit, found) for unit, found in UNITS.items()]
    units.append(
        _effect("confirmed", (-2.0, -3.0, -1.0))
        | {"metric_id": "sick_leave_pct", "effect_unit": "raw"}
    )
    pooled = dict.fromkeys(POOLED_TABLE, None) | {
        "metric_id": "paid_fte", "as_of_month": D(2015, 12, 1), "group_type": "all",
        "group_id": "all", "kind": "window", "first_month_after": 0, "last_month_after": 23,
        "n_units": 11, "effect_unit": "percent", "estimate": -7.0, "lo": -10.0, "hi": -4.0,
        "model_version": "1",
    }  # fmt: skip
    return Effects(
        pl.DataFrame(units, schema=EFFECT_TABLE, orient="row"),
        pl.DataFrame([pooled], schema=POOLED_TABLE, orient="row"),
        checks_table([]),
        pl.DataFrame(schema=DIAGNOSTICS_TABLE),
        names={},
    )


def _effect(unit: str, found: tuple[float, float, float] | str) -> dict[str, Any]:
    row = dict.fromkeys(EFFECT_TABLE, None) | {
        "unit_id": unit, "metric_id": "paid_fte", "as_of_month": D(2015, 12, 1),
        "lean_start": LEAN_START, "cf_window_months": 24, "window_months": 24,
        "is_preliminary": False, "is_pooled": not isinstance(found, str), "model_version": "1",
    }  # fmt: skip
    if isinstance(found, str):
        verdicts = {"budget_cut": "not_interpretable", "few_persons": "suppressed"}
        return row | {"verdict": verdicts.get(found, "too_little_data"), "reason": found}
    estimate, low, high = found
    return row | {
        "verdict": "changed", "effect_unit": "percent", "mean_before": PAID_AFTER,
        "mean_after": PAID_AFTER, "cf_delta": estimate, "cf_lo": low, "cf_hi": high,
    }  # fmt: skip
