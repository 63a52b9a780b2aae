"""When each cycle entered each PUKK step, and the decisions on baselines, as two small lists.

The steps follow from the courses' dates, up to the last day; no chance is involved.
"""

from datetime import date, timedelta
from pathlib import Path

from pipelines.example.lean import CHECK_AFTER_DAYS, cycle_id
from pipelines.example.lean_spec import Course
from pipelines.example.spec import ExampleSpec
from pipelines.example.writing import Cells, Delivery, dmy, write_lines
from pipelines.example.written import WRITTEN

STEP_NAMES = {
    "plan": "Planlegge",
    "do": WRITTEN["decisions.do"],
    "check": "Kontrollere",
    "act": "Korrigere",
}
KIND_NAMES = {
    "rebase": "Ny basis",
    "correct_baseline": WRITTEN["decisions.fix_baseline"],
    "revoke": "Ta tilbake",
}
STEP_HEADER = ["Syklus", "Steg", "Dato", "Besluttet av", "Merknad"]
DECISION_HEADER = [
    "Beslutning",
    "Type",
    "Enhet",
    WRITTEN["decisions.metric"],
    "Ny basis fra",
    "Ny basis til",
    "Besluttet",
    "Besluttet av",
    "Begrunnelse",
    WRITTEN["decisions.known_cause"],
    "Erstatter",
]


def write_decisions(spec: ExampleSpec, inbox: Path) -> list[Delivery]:
    """Write both lists; returns one expectation per file."""
    steps = Delivery(
        "lean/pukk_steg.csv", "steg", [r for c in spec.lean.courses for r in _steps(spec, c)]
    )
    made = Delivery("lean/basisbeslutninger.csv", "basisbeslutninger", _decisions(spec))
    for delivery, header in ((steps, STEP_HEADER), (made, DECISION_HEADER)):
        write_lines(inbox / delivery.path, [header, *delivery.rows], encoding="utf-8")
    return [steps, made]


def _steps(spec: ExampleSpec, course: Course) -> list[Cells]:
    if course.status in {"waiting", "ended"}:
        return []
    plan = course.planned - timedelta(days=spec.pukk.plan_days)
    entered: list[tuple[str, date | None, str]] = [("plan", plan, ""), ("do", course.start, "")]
    if course.introduction_end is not None:
        check = course.introduction_end + timedelta(days=CHECK_AFTER_DAYS)
        act = check + timedelta(days=spec.pukk.act_days) if course.decision else None
        entered += [("check", check, ""), ("act", act, "")]
    entered += [("check", e.date, e.note) for e in spec.pukk.early_checks if e.unit == course.unit]
    return [
        [cycle_id(course), STEP_NAMES[step], dmy(day), _role(step), note]
        for step, day, note in entered
        if day is not None and day <= spec.last_day
    ]


def _role(step: str) -> str:
    return WRITTEN["decisions.leaders_group"] if step == "act" else "Enhetsleder"


def _decisions(spec: ExampleSpec) -> list[Cells]:
    return [
        [
            made.id,
            KIND_NAMES[made.kind],
            spec.unit_by_id[made.unit].name,
            made.metric or "",
            *("" if day is None else dmy(day) for day in (made.first_month, made.last_month)),
            dmy(made.decided),
            made.role,
            made.reason,
            made.cause or "",
            made.replaces or "",
        ]
        for made in spec.pukk.decisions
    ]
