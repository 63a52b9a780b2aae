"""The lines of a control chart: centre and limits, carried on after the start, and their labels."""

from itertools import pairwise
from typing import Any

from dashboards.charts.series import ControlData, Row, iso
from dashboards.charts.theme import LINE, QUIET, TARGET
from dashboards.text.catalogue import t
from pipelines.words.numbers import number

_LINES = (("upper_3s", "upper_limit"), ("centre", "centre"), ("lower_3s", "lower_limit"))
_BASIS = frozenset({"baseline", "whole"})
_CLOSEST_LABELS = 0.065


def limit_lines(data: ControlData, x: Row, y: Row) -> list[dict[str, Any]]:
    """Return the layers of the limits: ghosts, solid, dashed."""
    values = []
    for name, _ in _LINES:
        part, last = 0, ""
        for before, row in pairwise(data.points):
            style = "solid" if row["phase"] in _BASIS else "dashed"
            step = row.get("phase_no") != before.get("phase_no")
            if before[name] is None or row[name] is None or step:
                last = ""
                continue
            if style != last:
                # a new stretch begins where the one before ended: one path, so that dashes show
                part, last = part + 1, style
                values.append(_end(before, name, style, part))
            values.append(_end(row, name, style, part))
    ghosts = [
        {"month": iso(row), "y": row[f"ghost_{name}"], "line": name}
        for name, _ in _LINES
        for row in data.points
        if row.get(f"ghost_{name}") is not None
    ]
    layers: list[dict[str, Any]] = []
    if ghosts:
        layers.append(
            {
                "data": {"values": ghosts},
                "mark": {"type": "line", "strokeWidth": 1, "strokeDash": [1, 3], "color": LINE},
                "encoding": {"x": x, "y": y, "detail": {"field": "line"}},
            }
        )
    for style, dash in (("solid", [1, 0]), ("dashed", [5, 4])):
        layers.append(
            {
                "data": {"values": [value for value in values if value["style"] == style]},
                "mark": {"type": "line", "strokeDash": dash},
                "encoding": {
                    "x": x,
                    "y": y,
                    "detail": [{"field": "line"}, {"field": "part"}],
                    "color": {
                        "field": "line",
                        "scale": {
                            "domain": [name for name, _ in _LINES],
                            "range": [LINE, QUIET, LINE],
                        },
                        "legend": None,
                    },
                    "strokeWidth": {"value": 1.3},
                },
            }
        )
    return layers


def _end(row: Row, name: str, style: str, part: int) -> dict[str, Any]:
    return {"month": iso(row), "y": row[name], "line": name, "style": style, "part": part}


def edge_labels(data: ControlData, x: Row, y: Row, span: float, language: str) -> dict[str, Any]:
    """Return the labels at the right edge, kept apart, each with its figure."""
    known = [
        (key, row[name])
        for name, key in _LINES
        for row in reversed(data.points)
        if row[name] is not None
    ]
    # the latest value of each line: the first one met from behind
    latest = dict(reversed(known))
    words = {
        "upper_limit": t("upper_limit", language),
        "centre": t("centre", language),
        "lower_limit": t("lower_limit", language),
        "target": t("target", language),
    }
    if data.target is not None:
        latest["target"] = data.target
    placed: list[dict[str, Any]] = []
    free = float("-inf")
    for key, value in sorted(latest.items(), key=lambda pair: float(pair[1])):
        place = max(float(value), free)
        free = place + span * _CLOSEST_LABELS
        text = f"{words[key]} {number(value, data.decimals, language)}"
        placed.append(
            {"month": iso(data.points[-1]), "y": place, "text": text, "is_target": key == "target"}
        )
    return {
        "data": {"values": placed},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "clip": False},
        "encoding": {
            "x": x,
            "y": y,
            "text": {"field": "text"},
            "color": {
                "condition": {"test": "datum.is_target", "value": TARGET},
                "value": QUIET,
            },
        },
    }
