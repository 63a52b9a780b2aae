"""What is written into a control chart: means, start, events, and the figures at the right edge."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboards.charts.series import ControlData, Row, iso
from dashboards.charts.theme import COMMON, CONCERN, IMPROVEMENT, INK, NEUTRAL, QUIET, TARGET
from dashboards.text.catalogue import t
from pipelines.words.numbers import month, month_alone, number, quantity

MOST_EVENTS = 3
_CLOSEST_NOTES = 0.075
_LATE_SHARE = 3
_WORSE_TEXT = "#a84300"
_CLASS_COLOURS = {
    "better": (IMPROVEMENT, IMPROVEMENT),
    "not_held": (IMPROVEMENT, IMPROVEMENT),
    "worse": (CONCERN, _WORSE_TEXT),
    "changed": (NEUTRAL, NEUTRAL),
}


def class_colours(verdict_class: str) -> tuple[str, str]:
    """Return the colour of a class as a mark and as text."""
    return _CLASS_COLOURS.get(verdict_class, (COMMON, QUIET))


def mean_notes(data: ControlData, x: Row, y: Row, language: str) -> list[dict[str, Any]]:
    """Return the mean before and after: a thick line over its window, named with its figure."""
    mark, text = class_colours(data.verdict_class)
    layers: list[dict[str, Any]] = []
    for key, mean, line, colour, dy in (
        ("mean_before", data.before, INK, INK, -10),
        ("mean_after", data.after, mark, text, 17),
    ):
        if mean is None:
            continue
        ends = [{"month": day.isoformat(), "y": mean.value} for day in (mean.first, mean.last)]
        value = quantity(mean.value, data.decimals, data.unit, language)
        words = {
            "mean_before": t("mean_before", language, value=value),
            "mean_after": t("mean_after", language, value=value),
        }[key]
        layers.append(
            {
                "data": {"values": ends},
                "mark": {"type": "line", "color": line, "strokeWidth": 3},
                "encoding": {"x": x, "y": y},
            }
        )
        layers += _halo(
            [ends[0] | {"text": words}], x, y,
            {"align": "left", "dx": 2, "dy": dy, "fontSize": 14, "fontWeight": 600,
             "color": colour},
        )  # fmt: skip
    return layers


def start_note(
    data: ControlData, x: Row, y: Row, high: float, language: str
) -> list[dict[str, Any]]:
    """Return the line of the Lean start with its month; nothing for a unit that waits."""
    if data.start is None or not data.points:
        return []
    text = t("lean_start", language, month=month(data.start, language))
    value = [{"month": data.start.isoformat(), "y": high, "text": text}]
    is_late = _is_late(data, data.start)
    return [
        {
            "data": {"values": value},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.4},
            "encoding": {"x": x},
        },
        {
            "data": {"values": value},
            "mark": {
                "type": "text",
                "align": "right" if is_late else "left",
                "baseline": "bottom",
                "dx": -6 if is_late else 6,
                "dy": 2,
                "fontSize": 13,
                "fontWeight": 600,
                "color": INK,
            },
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        },
    ]


def event_notes(
    data: ControlData, x: Row, y: Row, ends: tuple[float, float]
) -> list[dict[str, Any]]:
    """Return at most three events by name at a thin line; the table has the rest."""
    low, high = ends
    shown = [
        {"month": day.isoformat(), "y": low + (high - low) * (0.03 + 0.06 * n), "text": text}
        for n, (day, text) in enumerate(shown_events(data))
    ]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": shown},
            "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1, "strokeDash": [1, 3]},
            "encoding": {"x": x},
        }
    ]
    for is_late in (False, True):
        values = [
            each
            for each in shown
            if _is_late(data, date.fromisoformat(str(each["month"]))) is is_late
        ]
        look = {
            "align": "right" if is_late else "left", "dx": -5 if is_late else 5,
            "fontSize": 12, "color": QUIET,
        }  # fmt: skip
        layers += _halo(values, x, y, look)
    return layers


def shown_events(data: ControlData) -> Sequence[tuple[date, str]]:
    """Return the events that are named in the chart: those nearest the start, oldest first."""
    if not data.points:
        return ()
    first, last = data.points[0]["month"], data.points[-1]["month"]
    inside = [event for event in data.events if first <= event[0] <= last]
    near = data.start or last
    nearest = sorted(inside, key=lambda event: abs((event[0] - near).days))[:MOST_EVENTS]
    return sorted(nearest)


def edge_notes(
    data: ControlData, x: Row, y: Row, span: float, language: str
) -> list[dict[str, Any]]:
    """Return the last measured figure and the target at the right edge, kept apart."""
    known = [row for row in data.points if row["measured_value"] is not None]
    if not known:
        return []
    last = known[-1]
    value = number(last["measured_value"], data.decimals, language)
    notes = [(last["measured_value"], month_alone(last["month"], language) + f" {value}", INK)]
    if data.target is not None:
        aim = number(data.target, _target_decimals(data.target, data.decimals), language)
        notes.append((data.target, t("target_at", language, value=aim), TARGET))
    placed = []
    free = float("-inf")
    for height, text, colour in sorted(notes, key=lambda note: float(note[0])):
        place = max(float(height), free)
        free = place + span * _CLOSEST_NOTES
        placed.append({"month": iso(data.points[-1]), "y": place, "text": text, "colour": colour})
    dot = [{"month": iso(last), "y": last["measured_value"]}]
    return [
        {
            "data": {"values": dot},
            "mark": {"type": "point", "filled": True, "size": 60, "color": INK, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": placed},
            "mark": {
                "type": "text", "align": "left", "dx": 9, "fontSize": 13, "fontWeight": 600,
                "clip": False,
            },
            "encoding": {
                "x": x,
                "y": y,
                "text": {"field": "text"},
                "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
            },
        },
    ]  # fmt: skip


def _target_decimals(value: float, decimals: int) -> int:
    return 0 if float(value).is_integer() else decimals


def _is_late(data: ControlData, day: date) -> bool:
    first, last = data.points[0]["month"], data.points[-1]["month"]
    return bool((last - day).days * _LATE_SHARE < (last - first).days)


def _halo(values: list[dict[str, Any]], x: Row, y: Row, look: Row) -> list[dict[str, Any]]:
    # white behind the letters, so that points and lines do not run through them
    layer = {
        "data": {"values": values},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }
    back = {"type": "text", **look, "color": "#ffffff", "stroke": "#ffffff", "strokeWidth": 4,
            "strokeJoin": "round"}  # fmt: skip
    return [layer | {"mark": back}, layer | {"mark": {"type": "text", **look}}]
