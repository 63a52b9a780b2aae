"""A small municipality whose everyday of Lean was made so that each signal is given, not given, or
cannot be seen. The last day is 31 December 2016.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from pipelines.words.catalogue import codes
from pipelines.words.sentences import SENTENCES
from tests.dbt_fixture import build_warehouse, fetch, municipality
from tests.golden.compiled_town import Compiled

D = date
MONTHS = [D(2011 + i // 12, 1 + i % 12, 1) for i in range(72)]
UNITS = ("good", "bad", "new", "waiting", "tiny", "mature")
MEASURED = {
    "good": (D(2011, 1, 1), D(2016, 12, 1)),
    "bad": (D(2013, 10, 1), D(2014, 8, 1)),  # five months before, none in the year after
    "new": (D(2011, 1, 1), D(2016, 12, 1)),
    "tiny": (D(2014, 4, 1), D(2016, 12, 1)),  # nothing before the course
    "mature": (D(2011, 1, 1), D(2016, 12, 1)),
}
Row = dict[str, Any]


def _cycle(unit: str, start: date | None, end: date | None, **more: Any) -> Row:
    return {
        "cycle_id": f"{unit}-1", "unit_id": unit, "cycle_no": 1, "metric_id": "falls_per_1000",
        "status": "in_operation" if start else "waiting", "start_date": start,
        "introduction_end_date": end, **more,
    }  # fmt: skip


def _every(unit: str, first: date, last: date, days: int) -> list[Row]:
    return [
        {"unit_id": unit, "meeting_date": first + timedelta(days=n), "board": "improvement"}
        for n in range(0, (last - first).days + 1, days)
    ]


def _actions(unit: str, first: date, count: int) -> list[Row]:
    return [
        {"action_id": f"{unit}-{first}-{n}", "unit_id": unit, "pukk_step": "act",
         "root_cause": f"Bare hos {unit}", "registered_date": first,
         "done_date": first + timedelta(days=n) if n % 2 else None}
        for n in range(count)
    ]  # fmt: skip


def _survey(unit: str, day: date, now: float, n: int, invited: int = 12) -> list[Row]:
    return [
        {"unit_id": unit, "survey_date": day, "statement_id": s, "statement_text": s,
         "now_mean": now, "target_mean": 4.5, "n_respondents": n, "n_invited": invited}
        for s in ("K1", "K2")
    ]  # fmt: skip


def _gain(name: str, unit: str, day: date, fte: float, saving: float) -> Row:
    return {
        "gain_id": name, "unit_id": unit, "title": name, "tool": "5S", "identified_date": day,
        "identified_fte": fte, "share_quality": 1 - saving, "share_quantity": 0,
        "share_saving": saving,
    }  # fmt: skip


def _realised(name: str, number: int, day: date, fte: float, evidence: str | None) -> Row:
    return {
        "gain_id": name, "event_no": number, "event_date": day, "status": "partly_realised",
        "realised_fte_change": fte, "evidence": evidence,
    }  # fmt: skip


def _plan(name: str, number: int, planned: date, made: date) -> Row:
    return {"gain_id": name, "plan_no": number, "planned_date": planned, "planned_at": made}


def _budget(unit: str, year: int, amount: float) -> Row:
    return {
        "unit_id": unit, "art": "010", "year": year, "amount_type": "revised_budget",
        "amount_nok": amount, "account_class": "1",
    }  # fmt: skip


def _positions() -> list[Row]:
    return [
        {"position_id": f"{unit}-{n}", "person_id": f"{unit}-{n}", "unit_id": unit,
         "position_pct": 100, "employment_type": "permanent", "start_date": D(2010, 1, 1),
         "end_date": D(2014, 3, 31) if (unit, n) == ("bad", 0) else None}
        for unit in UNITS
        for n in range(4 if unit == "tiny" else 12)
    ]  # fmt: skip


def _values() -> list[Row]:
    return [
        {"unit_id": unit, "month": month, "measure_id": measure, "value": value}
        for unit, (first, last) in MEASURED.items()
        for month in MONTHS
        if first <= month <= last
        for measure, value in (("falls", 5.0), ("bed_days", 1000.0))
    ]


def town_rows() -> dict[str, list[Row]]:
    """Return the rows of every source table of the town."""
    return {
        "organisation.units": [
            {"unit_id": unit, "unit_name": unit, "sector": "omsorg", "service_type": "nursing_home"}
            for unit in UNITS
        ],
        "hr.positions": _positions(),
        "unit_metrics.values": _values(),
        "ledger.entries": [
            _budget("good", 2012, 1000), _budget("good", 2013, 985),
            _budget("bad", 2013, 1000), _budget("bad", 2014, 970),
        ],
        "lean.cycles": [
            _cycle("good", D(2013, 3, 11), D(2013, 9, 16), check_date=D(2014, 9, 16),
                   decision="standardise"),
            _cycle("bad", D(2014, 3, 10), D(2014, 8, 15)),
            _cycle("new", D(2016, 10, 3), None),
            _cycle("waiting", None, None, planned_date=D(2017, 1, 14)),
            _cycle("tiny", D(2014, 3, 10), D(2014, 8, 15)),
            _cycle("mature", D(2012, 3, 1), D(2012, 6, 1), check_date=D(2013, 6, 3),
                   decision="standardise"),
            _cycle("mature", D(2013, 7, 1), D(2013, 9, 2), cycle_id="mature-2", cycle_no=2,
                   check_date=D(2014, 9, 8), decision="adjust"),
        ],
        "lean.course_days": [
            {"cycle_id": f"{unit}-1", "unit_id": unit, "day_no": n, "course_date": day}
            for unit, days, day in (("good", 6, D(2013, 4, 1)), ("bad", 4, D(2014, 4, 1)))
            for n in range(1, days + 1)
        ],
        "lean.events": [
            {"event_id": unit, "unit_id": unit, "event_date": D(2014, 5, 1),
             "event_type": "leader_change", "description": "ny leder"}
            for unit in ("good", "bad")
        ],
        "lean.gains": [
            _gain("g-good", "good", D(2013, 10, 1), 1.0, 0.5),
            _gain("g-bad", "bad", D(2014, 5, 1), 1.0, 0.6),
            _gain("g-mature", "mature", D(2012, 9, 1), 1.0, 0.0),
        ],
        "lean.gain_events": [
            _realised("g-good", 1, D(2014, 3, 1), 0.3, "sak 1"),
            _realised("g-good", 2, D(2014, 9, 1), 0.3, "sak 2"),
            _realised("g-bad", 1, D(2014, 12, 1), 0.4, None),
            _realised("g-mature", 1, D(2013, 1, 10), 1.0, "sak 3"),
        ],
        **_activity(),
    }  # fmt: skip


def _activity() -> dict[str, list[Row]]:
    return {
        "lean_activity.board_meetings": [
            *_every("good", D(2016, 10, 2), D(2016, 11, 1), 6),
            *_every("good", D(2014, 10, 1), D(2014, 12, 1), 20),
            *_every("bad", D(2016, 10, 31), D(2016, 10, 31), 1),
            *_every("new", D(2016, 11, 1), D(2016, 12, 30), 7),
            *_every("mature", D(2012, 7, 1), D(2016, 12, 31), 10),
        ],
        "lean_activity.forum_attendance": [
            {"forum_date": D(2016, 12, 1), "unit_id": "bad", "attended": False},
            {"forum_date": D(2016, 9, 1), "unit_id": "good", "attended": True},
        ],
        "lean_activity.improvement_actions": [
            *_actions("good", D(2013, 4, 1), 10), *_actions("good", D(2014, 10, 1), 6),
            *_actions("bad", D(2014, 4, 1), 10), *_actions("bad", D(2015, 9, 1), 4),
        ],
        "lean_activity.culture_surveys": [
            *_survey("good", D(2015, 5, 1), 3.0, 10), *_survey("good", D(2016, 5, 1), 3.5, 10),
            *_survey("bad", D(2015, 5, 1), 3.5, 5), *_survey("bad", D(2016, 5, 1), 3.4, 5),
            *_survey("tiny", D(2015, 5, 1), 3.5, 4, 4), *_survey("tiny", D(2016, 5, 1), 3.5, 4, 4),
        ],
        "lean_activity.factor_surveys": [
            {"unit_id": unit, "survey_date": D(2015, 11, 1), "factor_id": "autonomy", "mean": 4.2,
             "n_respondents": n}
            for unit, n in (("good", 5), ("tiny", 4))
        ],
        "lean_activity.kotter_steps": [
            {"unit_id": unit, "step_date": day, "step": step, "evidence": "referat"}
            for unit, day, step in (
                ("good", D(2014, 1, 1), 7), ("good", D(2015, 1, 1), 8), ("bad", D(2015, 1, 1), 5),
                ("bad", D(2016, 6, 30), 3), ("bad", D(2016, 11, 1), 3),
            )
        ],
        "lean_activity.coaches": [
            {"coach_id": "V1", "valid_from": D(2012, 1, 1)},
            {"coach_id": "V2", "valid_from": D(2012, 1, 1), "valid_to": D(2016, 12, 30)},
        ],
        "lean_activity.planned_course_days": [
            {"cycle_id": f"{unit}-1", "day_no": n, "planned_date": D(2014, 4, n),
             "status": "cancelled" if (unit, n) == ("bad", 5) else "held"}
            for unit in ("good", "bad")
            for n in range(1, 7)
        ],
        "lean_activity.gain_plans": [
            _plan("g-good", 1, D(2015, 6, 30), D(2013, 11, 1)),
            _plan("g-good", 2, D(2016, 6, 30), D(2015, 5, 1)),
            _plan("g-bad", 1, D(2015, 6, 30), D(2014, 6, 1)),
            _plan("g-bad", 2, D(2015, 12, 31), D(2015, 5, 1)),
            _plan("g-bad", 3, D(2016, 6, 30), D(2015, 12, 1)),
        ],
        "lean_activity.maturity_overrides": [
            {"unit_id": "bad", "decided_date": D(2016, 12, 1), "level": 3, "reason": "tavla er ny",
             "decided_by_role": "Enhetsleder"},
        ],
        "lean_activity.pitfall_notes": [
            {"unit_id": "bad", "pitfall_no": 2, "note_date": D(2016, 12, 1), "note": "permisjon",
             "by_role": "Enhetsleder"},
        ],
    }  # fmt: skip


def built_town(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the town's warehouse after dbt, built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    file = shared / "lean_activity.duckdb"
    with FileLock(shared / "lean_activity.lock"):
        if not file.exists():
            building = shared / "lean_activity_building.duckdb"
            build_warehouse(building, municipality(D(2011, 1, 1), D(2016, 12, 1)), town_rows())
            Compiled(tmp_path_factory, worker_id).build(building)
            building.rename(file)
    return file


def said(town: Path, where: str) -> list[dict[str, Any]]:
    """Signals with their sentences, as a reader is given them."""
    sentences = {name: SENTENCES["mart_pitfalls", name] for name in ("text", "rule")}
    columns = (*sentences["text"].columns, "first_seen_date", "note")
    listed = ", ".join(columns)
    rows = fetch(town, f"select {listed} from marts.mart_pitfalls where {where}")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return [
        row
        | {
            f"{name}_{code}": sentence.text(row, {}, code)
            for name, sentence in sentences.items()
            for code in codes()
        }
        for row in found
    ]
