"""The typed form of the ``pukk`` part of ``example.yml``: steps and decisions on baselines."""

from datetime import date
from typing import Literal

from pipelines.example.lean_spec import SpecModel


class EarlyCheck(SpecModel):
    """A cycle that says it is in K before there are months enough after."""

    unit: str
    date: date
    note: str


class Decision(SpecModel):
    """One decision on a baseline."""

    id: str
    kind: Literal["rebase", "correct_baseline", "revoke"]
    unit: str
    metric: str | None = None
    first_month: date | None = None
    last_month: date | None = None
    decided: date
    role: str
    reason: str
    cause: str | None = None
    replaces: str | None = None


class Pukk(SpecModel):
    """What is not read from the courses' dates."""

    plan_days: int
    act_days: int
    early_checks: tuple[EarlyCheck, ...]
    decisions: tuple[Decision, ...]
