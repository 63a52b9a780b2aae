"""What lies behind the months of a control chart: the band of common variation and its edges.

The limits are in measured terms: where the season is taken into account, they move with the month.
The band is where the limits come from; after it only their edges go on, dashed. A new basis adds a
lighter band, and the old edges stay.
"""

from itertools import groupby
from typing import Any

from dashboards.charts.series import ControlData, Row, iso
from dashboards.charts.theme import BAND, INTRODUCTION, LINE

_BASIS = frozenset({"baseline", "whole"})
_ENDS = ("measured_lower_3s", "measured_upper_3s")
_FIRST_PHASE = 1


def behind(data: ControlData, x: Row, y: Row) -> list[dict[str, Any]]:
    """Return the layers behind the months, the first at the back."""
    return [
        _introduction(data, x),
        *_bands(data, x, y),
        _edges(data, x, y),
    ]


def _introduction(data: ControlData, x: Row) -> dict[str, Any]:
    months = [row for row in data.points if row["is_introduction"]]
    strip = [{"month": iso(months[0]), "to": iso(months[-1])}] if months else []
    return {
        "data": {"values": strip},
        "mark": {"type": "rect", "color": INTRODUCTION},
        "encoding": {"x": x, "x2": {"field": "to"}},
    }


def _bands(data: ControlData, x: Row, y: Row) -> list[dict[str, Any]]:
    layers = []
    for is_new, opacity in ((False, 0.8), (True, 0.5)):
        rows = [
            {"month": iso(row), "y": row[_ENDS[0]], "y2": row[_ENDS[1]]}
            for row in data.points
            if _is_basis(row, is_new=is_new) and None not in (row[_ENDS[0]], row[_ENDS[1]])
        ]
        layers.append(
            {
                "data": {"values": rows},
                "mark": {"type": "area", "color": BAND, "opacity": opacity, "interpolate": "step"},
                "encoding": {"x": x, "y": y, "y2": {"field": "y2"}},
            }
        )
    return layers


def _is_basis(row: Row, *, is_new: bool) -> bool:
    if row.get("phase_no", _FIRST_PHASE) > _FIRST_PHASE:
        return is_new
    return not is_new and row["phase"] in _BASIS


def _edges(data: ControlData, x: Row, y: Row) -> dict[str, Any]:
    values = [
        {"month": iso(row), "y": value, "line": f"{end}{part}"}
        for end in _ENDS
        for part, rows in groupby(data.points, key=_is_carried)
        if part
        for row in rows
        # the limits that the verdict is held to; a later basis has its own band
        for value in (row[end] if row.get(f"ghost_{end}") is None else row[f"ghost_{end}"],)
        if value is not None
    ]
    return {
        "data": {"values": values},
        "mark": {
            "type": "line", "color": LINE, "strokeWidth": 1, "strokeDash": [4, 4],
            "interpolate": "step",
        },
        "encoding": {"x": x, "y": y, "detail": {"field": "line"}},
    }  # fmt: skip


def _is_carried(row: Row) -> bool:
    return row["phase"] not in _BASIS and row["phase"] != "earlier"
