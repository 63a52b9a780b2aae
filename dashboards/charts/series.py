"""What a control chart is drawn from, and what one point of it says in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
_TOLD = frozenset({"improvement", "concern", "neutral"})


@dataclass(frozen=True)
class Mean:
    """The mean of a window, as cards and tables print it.

    Attributes:
        value: The figure.
        first: First month of the window.
        last: Last month of it.
    """

    value: float
    first: date
    last: date


@dataclass(frozen=True)
class ControlData:
    """What a control chart is drawn from.

    Attributes:
        points: Rows of ``mart_control_chart_points`` of one series, by month.
        decimals: Digits after the comma.
        unit: The metric's unit of measure, as a code.
        labels: Words of the domains ``point_colour`` and ``chart_rule``, by code.
        start: First month of the Lean start; ``None`` for a unit that has not started.
        target: Value aimed at.
        events: Month and name of what else happened, oldest first.
        axis: What the figures are counted in, in words.
        before: Mean before; ``None`` where nothing is judged.
        after: Mean after.
        verdict_class: The class of the series, whose colour the mean after has.
        parts: Numerator and denominator in words, by month.
    """

    points: Sequence[Row]
    decimals: int
    unit: str
    labels: Mapping[str, str]
    start: date | None = None
    target: float | None = None
    events: Sequence[tuple[date, str]] = ()
    axis: str = ""
    before: Mean | None = None
    after: Mean | None = None
    verdict_class: str = "cannot_tell"
    parts: Mapping[date, str] | None = None


def kind(row: Row, data: ControlData) -> str:
    """Return what a point is drawn as: ``introduction``, a colour, or ``common_cause``.

    A colour only where a rule fired in the window after the start: what a rule catches before it,
    later, against a newer basis or in a unit that waits, is no answer to whether something changed.
    """
    if row["is_introduction"]:
        return "introduction"
    is_asked = data.start is not None and row["phase"] == "after" and row["phase_no"] == 1
    is_told = is_asked and bool(row["rule"])
    return str(row["colour"]) if is_told and row["colour"] in _TOLD else "common_cause"


def meaning(row: Row, data: ControlData) -> str:
    """Return what a point says, and by which rule, in words; missing months say nothing."""
    if row["measured_value"] is None:
        return ""
    drawn = kind(row, data)
    rule = data.labels.get(row["rule"] or "", "")
    if drawn == "common_cause" and rule:
        # what the rule is called, and no judgement: it does not concern what is asked
        return rule[:1].upper() + rule[1:]
    says = data.labels.get(drawn, "")
    return f"{says}: {rule}" if rule and drawn != "introduction" else says


def iso(row: Row) -> str:
    """Return the month as Vega reads it."""
    return str(row["month"].isoformat())
