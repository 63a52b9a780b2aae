"""One gain of the constructed register: its kind, its use, and what can be looked up to see it.

Which gains there are, and when they are realised, is in ``lean.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipelines.example.spec import ExampleSpec
from pipelines.words.messages import say

USES = ("mer tid til brukere", "kortere ventetid", "mindre vikarbruk", "tatt ut av budsjettet")
SAVED_FROM = "10100"  # the account a saving is taken from


@dataclass(slots=True)
class Gain:
    """One gain in tenths of a position; ``realised`` grows as time is gone through."""

    gain_id: str
    unit: str
    title: str
    tool: str
    split: tuple[int, int, int]
    identified_on: date
    tenths: int
    realised: int = 0
    dropped_on: date | None = None


def used_for(gain: Gain) -> str:
    """Return what the freed time or money is used for."""
    if gain.split[2]:
        return USES[-1]
    return USES[0 if gain.split[0] >= gain.split[1] else 1]


def in_words(gain: Gain, day: date) -> str:
    """Return where a realisation is documented."""
    if gain.split[2]:
        return f"Budsjettlinje {day.year}, sak {day.year % 100}/{int(gain.gain_id[1:]) + 100}"
    return say("example.gains.minutes_of_board", week=day.isocalendar().week, year=day.year)


def budget_lines(spec: ExampleSpec, gains: Iterable[Gain]) -> dict[str, str]:
    """Return a budget line for the first saving of each unit; the others have a decision only.

    The last realised saving claims the line of the first: the one gain counted twice.
    """
    savings = [gain for gain in gains if gain.split[2]]
    found: dict[str, str] = {}
    units: set[str] = set()
    for gain in savings:
        if gain.unit not in units:
            units.add(gain.unit)
            found[gain.gain_id] = f"{spec.unit_by_id[gain.unit].cost_centre}/{SAVED_FROM}"
    realised = [gain.gain_id for gain in savings if gain.realised]
    if len(realised) > 1:
        found[realised[-1]] = found[realised[0]]
    return found


def reference(
    spec: ExampleSpec, gain: Gain, day: date, lines: dict[str, str]
) -> tuple[str, str | None]:
    """Return what kind of evidence an event has, and where it is found."""
    if gain.gain_id in lines:
        return "budget_line", lines[gain.gain_id]
    number = int(gain.gain_id[1:])
    course = next(c for c in spec.lean.courses if c.unit == gain.unit)
    if course.metric and not gain.split[2] and number % 3 == 0:
        return "measurement", None
    return "decision", f"{day.year % 100}/{number + 100}"


def kind_of(gain: Gain) -> str:
    """Return cash, capacity or cost_avoided."""
    if gain.split[2]:
        return "cash"
    return "cost_avoided" if gain.split[1] and int(gain.gain_id[1:]) % 10 == 0 else "capacity"
