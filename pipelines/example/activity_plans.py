"""Surveys, coaches, plans and people's own judgements in the constructed municipality."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from pipelines.example.activity import habit_of, started
from pipelines.example.lean import COURSE_DAYS, Register, Row, cycle_id
from pipelines.example.spec import ExampleSpec
from pipelines.example.written import WRITTEN

FIRST_SURVEY_DAYS = 60
YEAR_DAYS = 364
TARGET = 4.6
SMALLEST_GAP = 0.2
FACTOR_LEVEL = 4.0
WEEKS_BETWEEN_DAYS = 3
PLAN_AFTER_DAYS, SLIP_DAYS = 30, 180


def culture_surveys(spec: ExampleSpec, rng: np.random.Generator) -> list[Row]:
    """Return the culture surveys: the first on the course, then one a year.

    Args:
        spec: The example; the gap closes by its ``gap_closing`` a year, or the unit's own.
        rng: Where chance comes from.
    """
    rows: list[Row] = []
    for course in started(spec):
        usual, habit = spec.activity.usual, habit_of(spec, course.unit)
        closing = usual.gap_closing if habit.gap_closing is None else habit.gap_closing
        invited = max(1, spec.unit_by_id[course.unit].employees)
        answers = max(1, round(invited * usual.answer_share))
        day, year = (course.start or spec.last_day) + timedelta(days=FIRST_SURVEY_DAYS), 0
        while day <= spec.last_day:
            gap = max(SMALLEST_GAP, usual.culture_gap - closing * year)
            for statement in spec.activity.culture_statements:
                now = TARGET - gap + float(rng.normal(0, 0.03))
                rows.append(
                    {"unit": course.unit, "date": day, "statement": statement.id,
                     "text": statement.text, "now": round(now, 2), "target": TARGET,
                     "answers": answers, "invited": invited}
                )  # fmt: skip
            day += timedelta(days=YEAR_DAYS)
            year += 1
    return rows


def factor_surveys(spec: ExampleSpec, rng: np.random.Generator) -> list[Row]:
    """Return the means of the ten factors for every unit that existed, every second year."""
    rows: list[Row] = []
    for year in spec.activity.factor_years:
        day = date(year, 11, 15)
        for unit in spec.units:
            is_there = (unit.valid_from or day) <= day <= (unit.valid_to or day)
            answers = round(unit.employees * spec.activity.usual.answer_share)
            if not is_there or answers == 0:
                continue
            rows += [
                {"unit": unit.id, "date": day, "factor": name, "answers": answers,
                 "mean": round(min(5.0, float(rng.normal(FACTOR_LEVEL, 0.25))), 2)}
                for name in spec.activity.factors.values()
            ]  # fmt: skip
    return rows


def planned_course_days(spec: ExampleSpec, register: Register) -> list[Row]:
    """Return six planned days per started course: held, moved, cancelled or still to come."""
    held = {(row["cycle"], row["day"]): row["date"] for row in register.course_days}
    rows: list[Row] = []
    for course in started(spec):
        cancelled = habit_of(spec, course.unit).cancelled_days
        last = course.start or spec.last_day
        for day in range(1, COURSE_DAYS + 1):
            found = held.get((cycle_id(course), day))
            last = found if isinstance(found, date) else last + timedelta(weeks=WEEKS_BETWEEN_DAYS)
            status = "held" if found else "cancelled" if day in cancelled else "planned"
            rows.append({"cycle": cycle_id(course), "day": day, "date": last, "day_status": status})
    return rows


def gain_plans(spec: ExampleSpec, register: Register) -> list[Row]:
    """Return the plans of the gains found since plans were made; slips are later plans."""
    dropped = {row["gain"] for row in register.gain_events if row["status"] == "dropped"}
    rows: list[Row] = []
    for gain in register.gains:
        found = gain["identified_on"]
        if not isinstance(found, date) or found < spec.activity.plans_from:
            continue
        if gain["id"] not in dropped:
            planned = _planned_dates(spec, gain, _fully_realised(register, gain))
            rows += [
                {"gain": gain["id"], "number": number, "date": day,
                 "made": min(found + timedelta(days=PLAN_AFTER_DAYS * number), spec.last_day),
                 "action": WRITTEN["activity_plans.try_measure_fix"]}
                for number, day in enumerate(planned, start=1)
            ]  # fmt: skip
    return rows


def _fully_realised(register: Register, gain: Row) -> date | None:
    own = [row for row in register.gain_events if row["gain"] == gain["id"] and row["tenths"]]
    tenths = sum(int(str(row["tenths"])) for row in own)
    last = own[-1]["date"] if own else None
    return (
        last if isinstance(last, date) and tenths == round(float(str(gain["fte"])) * 10) else None
    )


def _planned_dates(spec: ExampleSpec, gain: Row, realised: date | None) -> Iterator[date]:
    habit = habit_of(spec, str(gain["unit"]))
    is_open = realised is None
    if is_open and habit.overdue_since is not None:
        yield habit.overdue_since
        return
    day = spec.last_day + timedelta(days=SLIP_DAYS) if realised is None else realised
    found = gain["identified_on"]
    is_old = isinstance(found, date) and found < day - timedelta(days=SLIP_DAYS * 4)
    slips = habit.slips if is_open and is_old else 0
    for slip in range(slips, -1, -1):
        yield day - timedelta(days=SLIP_DAYS * slip)
