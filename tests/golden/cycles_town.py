"""A small municipality that is followed through four nights: what is frozen, corrected, decided.

Waiting times are twenty cases a month: 40 and 42 days in turn before, 25 and 26 after.
"""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Paths
from pipelines.warehouse.baselines import keep_tonight
from tests.dbt_fixture import build_warehouse, fetch, municipality, standard_metrics
from tests.golden.compiled_town import Compiled

D = date
MONTHS = [D(2011 + i // 12, 1 + i % 12, 1) for i in range(60)]
START, END = D(2013, 3, 11), D(2013, 6, 16)
UNITS = ("lasting", "early", "nocause", "flat", "swing", "young", "future", "sick", "healthy")
CASES = 20.0


def waiting(unit: str, month: date) -> float:
    """Mean waiting days of one month."""
    turn = month.month % 2
    lower = unit != "flat" and month >= D(2013, 4, 1)
    return (25.0 + turn) if lower else (40.0 + 2 * turn)


def _values(unit: str) -> list[dict[str, Any]]:
    return [
        {"unit_id": unit, "month": month, "measure_id": measure, "value": value}
        for month in MONTHS
        for measure, value in (
            ("waiting_days_sum", CASES * waiting(unit, month)),
            ("cases_started", CASES),
        )
    ]


def _cycle(unit: str, **more: Any) -> dict[str, Any]:
    return {
        "cycle_id": unit, "unit_id": unit, "cycle_no": 1, "status": "in_operation",
        "planned_date": D(2013, 3, 11), "metric_id": "waiting_days_mean", "start_date": START,
        "introduction_end_date": END, "decision": "standardise", **more,
    }  # fmt: skip


def _rebase(number: str, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "decision_id": number, "kind": "rebase", "unit_id": unit, "metric_id": "waiting_days_mean",
        "new_baseline_first_month": D(2013, 9, 1), "decided_date": D(2014, 10, 7),
        "decided_by_role": "Enhetsleder", "reason": "Nytt nivå", "known_cause": "Felles inntak",
        **more,
    }  # fmt: skip


def _sick(unit: str, month: date) -> dict[str, Any]:
    return {
        "unit_id": unit, "month": month, "definition": "SSB_NAV", "n_persons": 12,
        "sick_days": 15.0 + month.month % 3, "agreed_days": 240.0,
    }  # fmt: skip


def _rows() -> dict[str, Sequence[dict[str, Any]]]:
    return {
        "organisation.units": [
            {"unit_id": unit, "unit_name": unit, "sector": "helse", "service_type": "therapy"}
            for unit in UNITS
        ],
        "unit_metrics.values": [row for unit in UNITS for row in _values(unit)],
        "sick_leave.unit_months": [
            _sick(unit, month) for unit in ("sick", "healthy") for month in MONTHS
        ],
        "lean.cycles": [
            *(_cycle(unit) for unit in ("lasting", "early", "nocause", "flat", "swing")),
            _cycle("sick", metric_id="sick_leave_pct"),
            _cycle("young", start_date=D(2015, 3, 2), introduction_end_date=D(2015, 9, 8)),
            _cycle(
                "future", status="planned", start_date=D(2016, 3, 1), introduction_end_date=None
            ),
        ],
        "pukk_decisions.cycle_steps": [
            {"cycle_id": unit, "step": step, "step_date": day}
            for unit, step, day in (
                ("lasting", "plan", D(2013, 1, 7)),
                ("lasting", "do", START),
                ("lasting", "check", D(2014, 6, 20)),
                ("lasting", "act", D(2014, 7, 1)),
                ("lasting", "plan", D(2014, 8, 1)),
                ("young", "do", D(2015, 3, 2)),
                ("young", "check", D(2015, 12, 10)),
                ("future", "do", D(2015, 12, 1)),
            )
        ],
        "pukk_decisions.rebase_decisions": [
            _rebase("B1", "lasting"),
            _rebase("B2", "early", decided_date=D(2014, 2, 7)),
            _rebase("B3", "nocause", known_cause=" "),
            _rebase("B4", "flat"),
            _rebase("B5", "swing", new_baseline_first_month=D(2013, 5, 1)),
            _rebase("B6", "healthy"),
            _rebase("B9", "swing"),
        ],
    }


CORRECTIONS = [
    ("unit_metrics", "values", [
        {"unit_id": "lasting", "month": D(2012, 5, 1), "measure_id": "waiting_days_sum",
         "value": CASES * 30},
        *({**row, "value": CASES * waiting("swing", D(2015, row["month"].month, 1))}
          for row in _values("swing")
          if row["month"] < START and row["measure_id"] == "waiting_days_sum"),
    ]),
    ("sick_leave", "unit_months", [{**_sick("sick", D(2012, 2, 1)), "n_persons": 2}]),
]  # fmt: skip
DECISIONS = [
    ("pukk_decisions", "rebase_decisions", [
        {"decision_id": "B7", "kind": "correct_baseline", "unit_id": "swing",
         "decided_date": D(2016, 1, 5), "decided_by_role": "Lean-koordinator",
         "reason": "Feil i uttrekket"},
        {"decision_id": "B8", "kind": "revoke", "unit_id": "lasting", "decided_date": D(2016, 1, 5),
         "decided_by_role": "Enhetsleder", "reason": "For tidlig", "replaces_decision_id": "B1"},
    ]),
]  # fmt: skip


def nights(folder: Path, compiled: Compiled) -> list[Path]:
    """Build the nights: first, unchanged, corrections delivered, decisions delivered."""
    metrics = tuple(
        metric
        for metric in standard_metrics()
        if metric.id in {"waiting_days_mean", "sick_leave_pct"}
    )
    first = folder / "night1.duckdb"
    build_warehouse(first, municipality(MONTHS[0], MONTHS[-1], metrics=metrics), _rows())
    _one_night(first, folder, compiled, judged=True)
    files = [first]
    for number, delivered in enumerate(([], CORRECTIONS, DECISIONS), start=2):
        file = folder / f"night{number}.duckdb"
        shutil.copy(files[-1], file)
        for contract, table, rows in delivered:
            _deliver(file, f"D{number}", contract, table, rows)
        _one_night(file, folder, compiled, judged=False)
        files.append(file)
    return files


def _one_night(file: Path, folder: Path, compiled: Compiled, *, judged: bool) -> None:
    compiled.build(file, judged=judged)
    with duckdb.connect(str(file)) as con:
        keep_tonight(con, Paths(folder))


def _deliver(
    file: Path, delivery: str, contract: str, table: str, rows: Sequence[dict[str, Any]]
) -> None:
    with duckdb.connect(str(file)) as con:
        (seq,) = con.execute("select max(seq) + 1 from ops.deliveries").fetchall()[0]
        con.execute(
            "insert into ops.deliveries (delivery_id, seq, contract_id, table_name, status)"
            " values (?, ?, ?, ?, 'loaded')",
            [delivery, seq, contract, table],
        )
        for number, row in enumerate(rows, start=1):
            full = {"delivery_id": delivery, "feed_id": "feed", "source_row": number,
                    "period_ym": "all", **row}  # fmt: skip
            marks = ", ".join("?" for _ in full)
            con.execute(
                f"insert into {contract}.{table} ({', '.join(full)}) values ({marks})",
                list(full.values()),
            )


def one(file: Path, sql: str) -> tuple[Any, ...]:
    """The only row of a query."""
    (row,) = fetch(file, sql)
    return row
