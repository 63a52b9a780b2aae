"""What a control chart is drawn from, and what one point of it says in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = Mapping[str, Any]


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
        events: Month and number of what else happened.
    """

    points: Sequence[Row]
    decimals: int
    unit: str
    labels: Mapping[str, str]
    start: date | None = None
    target: float | None = None
    events: Sequence[tuple[date, int]] = field(default_factory=tuple)


def kind(row: Row) -> str:
    """Return what a point is drawn as: its colour code, or ``introduction``."""
    return "introduction" if row["is_introduction"] else str(row["colour"])


def meaning(row: Row, labels: Mapping[str, str]) -> str:
    """Return what a point says, and by which rule, in words; missing months say nothing."""
    if row["value"] is None:
        return ""
    says = labels.get(kind(row), "")
    rule = labels.get(row["rule"] or "")
    return f"{says}: {rule}" if rule and not row["is_introduction"] else says


def iso(row: Row) -> str:
    """Return the month as Vega reads it."""
    return str(row["month"].isoformat())
