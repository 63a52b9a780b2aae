"""The typed form of the ``lean`` part of ``example.yml``: courses, gains and events.

Also the base of every part of the recipe: frozen, and no key nobody knows.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class SpecModel(BaseModel):
    """Base of every part of the recipe."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(SpecModel):
    """One unit's way through the six course days (none of them means waiting)."""

    unit: str
    wave: int
    status: Literal["waiting", "planned", "in_progress", "in_operation", "ended"]
    planned: date
    start: date | None = None
    introduction_end: date | None = None
    days_done: int = 0
    metric: str | None = None
    target: float | None = None
    hypothesis: str | None = None
    decision: Literal["standardise", "adjust", "stop"] | None = None


class Round(SpecModel):
    """A later PUKK round of a unit: no course days, one change tried out and checked."""

    unit: str
    number: int
    start: date
    end: date
    check: date
    metric: str
    target: float | None = None
    hypothesis: str
    decision: Literal["standardise", "adjust", "stop"] | None = None


class GainCheckpoint(SpecModel):
    """FTE gained so far at a date; ``value_stream`` is the part the lead tool found."""

    as_of: date
    identified: float
    realised: float
    value_stream: float


class DroppedGain(SpecModel):
    """A gain that was identified and later given up."""

    unit: str
    title: str
    fte: float
    identified: date
    dropped: date


class Gains(SpecModel):
    """The gains register to be reproduced."""

    checkpoints: tuple[GainCheckpoint, ...]
    dropped: tuple[DroppedGain, ...]
    titles: dict[str, tuple[str, ...]]
    lead_tool: str
    other_tools: tuple[str, ...]
    without_evidence: int
    fte_value_nok: float


class Event(SpecModel):
    """Something else that happened, to a unit or (unit empty) to all."""

    unit: str | None = None
    date: date
    event_type: str
    metric: str | None = None
    description: str


class Lock(SpecModel):
    """A target locked on a day for a unit's first round; it counts before the first course day."""

    unit: str
    locked: date
    metric: str
    target: float | None = None
    look_months: Literal[12, 24] = 24


class Lean(SpecModel):
    """Courses, locked targets, gains and events."""

    course_tools: tuple[tuple[str, ...], ...]
    courses: tuple[Course, ...]
    rounds: tuple[Round, ...]
    locks: tuple[Lock, ...] = ()
    gains: Gains
    events: tuple[Event, ...]
