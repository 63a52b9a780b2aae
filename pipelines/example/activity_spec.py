"""The typed form of the ``activity`` part of ``example.yml``: what units do between course days.

Every unit that has started follows ``usual``; the habits are listed by unit, and they are what
``truth.json`` says was planted.
"""

from datetime import date

from pipelines.example.lean_spec import SpecModel


class Usual(SpecModel):
    """What a unit does when nothing else is said.

    ``actions_per_employee`` is new actions in the course half-year, ``later_share`` what is left of
    that in every later half-year. ``culture_gap`` is target minus now at the first survey, and
    ``gap_closing`` how much smaller it is a year later. ``answer_share`` answer a survey.
    ``kotter_days`` is when each of Kotter's steps is set, counted from the first course day for the
    first four and from the sixth course day for the rest.
    """

    board_every_days: int
    actions_per_employee: float
    later_share: float
    done_share: float
    culture_gap: float
    gap_closing: float
    answer_share: float
    kotter_days: tuple[int, ...]


class Habit(SpecModel):
    """A unit that does otherwise; what is not given is as usual."""

    unit: str
    boards_until: date | None = None
    forum_until: date | None = None
    later_share: float | None = None
    gap_closing: float | None = None
    last_kotter_step: int | None = None
    back_to_step: int | None = None
    cancelled_days: tuple[int, ...] = ()
    overdue_since: date | None = None
    slips: int = 0


class Statement(SpecModel):
    """One statement of the culture survey."""

    id: str
    text: str


class Coach(SpecModel):
    """A Lean coach, known by a code only."""

    id: str
    valid_from: date
    valid_to: date | None = None
    unit: str | None = None
    share_pct: float


class Override(SpecModel):
    """A maturity level set by a person."""

    unit: str
    date: date
    level: int
    reason: str
    role: str


class Note(SpecModel):
    """What someone noted about a possible pitfall."""

    unit: str
    pitfall: int
    date: date
    note: str
    role: str


class PlannedSignal(SpecModel):
    """A pitfall signal that must be found at the end (no unit: in the whole municipality)."""

    unit: str | None = None
    signal: str


class Activity(SpecModel):
    """The everyday of Lean; ``truth`` is not read by the generator."""

    usual: Usual
    habits: tuple[Habit, ...]
    leader_board_unit: str
    forum_first_year: int
    forum_months: tuple[int, ...]
    plans_from: date
    culture_statements: tuple[Statement, ...]
    factor_years: tuple[int, ...]
    factors: dict[str, str]
    action_titles: tuple[str, ...]
    root_causes: tuple[str, ...]
    coaches: tuple[Coach, ...]
    overrides: tuple[Override, ...]
    notes: tuple[Note, ...]
    truth: tuple[PlannedSignal, ...]
    maturity_truth: dict[str, int]
