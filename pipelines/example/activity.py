"""Boards, leader forums, improvement actions and Kotter's steps of the constructed municipality.

Surveys, coaches and plans are in ``activity_plans.py``; how it is written in ``activity_files.py``.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from pipelines.example.activity_spec import Habit
from pipelines.example.lean import Row, cycle_id
from pipelines.example.lean_spec import Course
from pipelines.example.spec import ExampleSpec
from pipelines.example.written import WRITTEN

SUMMER = 7
WEEKEND_FROM = 5
HALF_YEAR_DAYS = 182
MISSES_EVERY = 5  # every fifth forum is missed
DONE_AFTER_DAYS = 35.0
COURSE_STEPS = 4  # Kotter's steps that are counted from the first course day
EVIDENCE = (
    WRITTEN["activity.figures_shown_to_all"],
    WRITTEN["activity.leader_meets_monthly"],
    WRITTEN["activity.goals_on_the_board"],
    WRITTEN["activity.goal_at_staff_meeting"],
    WRITTEN["activity.all_course_days_held"],
    WRITTEN["activity.first_gain_taken"],
    WRITTEN["activity.new_gains_next_year"],
    WRITTEN["activity.board_without_leader"],
)


def started(spec: ExampleSpec) -> list[Course]:
    """Return the courses that have begun, in the order of the recipe."""
    return [course for course in spec.lean.courses if course.start is not None]


def habit_of(spec: ExampleSpec, unit: str) -> Habit:
    """Return what a unit does otherwise, empty when it does as usual."""
    return next((h for h in spec.activity.habits if h.unit == unit), Habit(unit=unit))


def board_meetings(spec: ExampleSpec, rng: np.random.Generator) -> list[Row]:
    """Return every unit's board meetings from the sixth course day, and the leaders' own.

    Args:
        spec: The example.
        rng: Where chance comes from.
    """
    rows: list[Row] = []
    for course in started(spec):
        if course.introduction_end is None:
            continue
        habit = habit_of(spec, course.unit)
        end = min(filter(None, (habit.boards_until, spec.last_day)))
        size = max(2, spec.unit_by_id[course.unit].employees)
        for day in _meeting_days(
            course.introduction_end, end, spec.activity.usual.board_every_days
        ):
            rows.append(
                {"unit": course.unit, "date": day, "board": "improvement",
                 "present": int(rng.integers(max(2, size // 3), size + 1))}
            )  # fmt: skip
    home = spec.activity.leader_board_unit
    for day in forum_days(spec):
        leaders = day + timedelta(days=7)
        if leaders <= spec.last_day:
            rows.append({"unit": home, "date": leaders, "board": "leadership", "present": 12})
    return rows


def _meeting_days(first: date, last: date, every_days: int) -> Iterator[date]:
    day = first
    while day <= last:
        if day.month != SUMMER:
            yield day - timedelta(days=max(0, day.weekday() - WEEKEND_FROM + 1))
        day += timedelta(days=every_days)


def forum_days(spec: ExampleSpec) -> list[date]:
    """Return the days of the Lean leader forum: the tenth of its months, moved off weekends."""
    years = range(spec.activity.forum_first_year, spec.last_year + 1)
    days = [date(year, month, 10) for year in years for month in spec.activity.forum_months]
    return [day - timedelta(days=max(0, day.weekday() - WEEKEND_FROM + 1)) for day in days]


def forum_attendance(spec: ExampleSpec) -> list[Row]:
    """Return who was at each forum: started units, most of the time, until they no longer come."""
    rows: list[Row] = []
    days = forum_days(spec)
    for number, day in enumerate(days):
        for turn, course in enumerate(started(spec)):
            if course.start is None or course.start > day:
                continue
            until = habit_of(spec, course.unit).forum_until or spec.last_day
            is_missed = (number + turn) % MISSES_EVERY == 0 and number < len(days) - 1
            rows.append(
                {"date": day, "unit": course.unit, "attended": day <= until and not is_missed}
            )
    return rows


def improvement_actions(spec: ExampleSpec, rng: np.random.Generator) -> list[Row]:
    """Return the actions of every started unit, half-year by half-year from the first course day.

    Args:
        spec: The example; counts follow its shares exactly, days and lead times are drawn.
        rng: Where chance comes from.
    """
    rows: list[Row] = []
    for course in started(spec):
        habit, usual = habit_of(spec, course.unit), spec.activity.usual
        later = usual.later_share if habit.later_share is None else habit.later_share
        employees = spec.unit_by_id[course.unit].employees
        begin, number = course.start or spec.last_day, 0
        while begin <= spec.last_day:
            share = 1.0 if number == 0 else later
            for _ in range(round(employees * usual.actions_per_employee * share)):
                rows.append(_action(spec, course, begin, len(rows), rng))
            begin += timedelta(days=HALF_YEAR_DAYS)
            number += 1
    return [row for row in rows if row["registered"] is not None]


def _action(
    spec: ExampleSpec, course: Course, begin: date, number: int, rng: np.random.Generator
) -> Row:
    day = begin + timedelta(days=int(rng.integers(0, HALF_YEAR_DAYS)))
    done = day + timedelta(days=1 + int(rng.exponential(DONE_AFTER_DAYS)))
    is_done = rng.random() < spec.activity.usual.done_share and done <= spec.last_day
    titles, causes = spec.activity.action_titles, spec.activity.root_causes
    step = ("check", "act", "act")[number % 3] if is_done else ("plan", "do")[number % 2]
    return {
        "id": f"T{number + 1:05d}", "unit": course.unit, "cycle": cycle_id(course),
        "registered": day if day <= spec.last_day else None,
        "title": titles[int(rng.integers(len(titles)))],
        "cause": causes[int(rng.integers(len(causes)))] if number % 3 else None,
        "role": ("Ansatt", "Fagansvarlig", "Enhetsleder")[number % 3],
        "step": step, "done": done if is_done else None,
    }  # fmt: skip


def kotter_steps(spec: ExampleSpec) -> list[Row]:
    """Return each unit's steps as they were set; some stop early and one goes back."""
    rows: list[Row] = []
    for course in started(spec):
        habit = habit_of(spec, course.unit)
        last = habit.last_kotter_step or len(EVIDENCE)
        day = course.start
        for step, days in enumerate(spec.activity.usual.kotter_days, start=1):
            base = course.start if step <= COURSE_STEPS else course.introduction_end
            if base is None or step > last:
                break
            day = base + timedelta(days=days)
            if day <= spec.last_day:
                rows.append(_step(course.unit, day, step, EVIDENCE[step - 1]))
        if habit.back_to_step and day is not None:
            back = spec.last_day - timedelta(days=HALF_YEAR_DAYS // 2)
            note = WRITTEN["activity.board_stood_still"]
            rows.append(_step(course.unit, back, habit.back_to_step, note))
    return rows


def _step(unit: str, day: date, step: int, evidence: str) -> Row:
    return {"unit": unit, "date": day, "step": step, "evidence": evidence, "role": "Enhetsleder"}
