"""The control chart: one metric of one unit, month by month, as measured.

A grey band is the common variation before the start, its edges go on dashed. A thick line is the
mean before, another the mean after; the strip between is the introduction, with hollow points. A
point has a colour only where a rule fired after the start, and then a shape of its own too.
Everything is named where it is, so there is no legend.
"""

from typing import Any

from dashboards.charts.limits import behind
from dashboards.charts.notes import edge_notes, event_notes, mean_notes, start_note
from dashboards.charts.series import ControlData, Row, iso, kind, meaning
from dashboards.charts.theme import COLOURS, COMMON, LINE, QUIET, SHAPES, TARGET, chart
from dashboards.text.catalogue import t
from pipelines.words.numbers import month, quantity

_HEADROOM = 0.1
_HEIGHT_PX = 270
# a narrower axis needs decimals to tell its lines apart
_NARROW = 5
_DRAWN = ("measured_value", "measured_lower_3s", "measured_upper_3s")


def control_chart(data: ControlData, language: str) -> dict[str, Any]:
    """Return the chart as a Vega-Lite dict.

    Args:
        data: The series and what stands around it.
        language: A code of the word files.
    """
    low, high = _domain(data)
    x, y = _axes(data, (low, high))
    plain_x = {key: value for key, value in x.items() if key != "axis"}
    measured = [{"month": iso(r), "y": r["measured_value"]} for r in data.points]
    layers: list[dict[str, Any]] = [
        *behind(data, x, y),
        *start_note(data, plain_x, y, high, language),
        *event_notes(data, plain_x, y, (low, high)),
        *_target(data, plain_x, y),
        {
            "data": {"values": measured},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        *_points(data, plain_x, y),
        *mean_notes(data, plain_x, y, language),
        *edge_notes(data, plain_x, y, high - low, language),
        _hover(data, plain_x, y, language),
    ]
    room = {"right": 84, "left": 2, "top": 26, "bottom": 2}
    return chart(layers, language, height=_HEIGHT_PX, padding=room)


def _axes(data: ControlData, ends: tuple[float, float]) -> tuple[dict[str, Any], dict[str, Any]]:
    x = {
        "field": "month",
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {
            "format": "%Y",
            "tickCount": "year",
            "grid": False,
            "labelOverlap": "greedy",
            "labelFlush": False,
            "labelFontSize": 13,
        },
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": list(ends), "nice": False, "zero": False},
        "title": data.axis or None,
        "axis": {
            "tickCount": 4,
            "format": f",.{min(data.decimals, 1) if ends[1] - ends[0] < _NARROW else 0}f",
            "domain": False,
            "ticks": False,
            "labelFontSize": 13,
            # at the head of the axis, in words, and not on its side
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleBaseline": "bottom",
            "titleX": -24,
            "titleY": -10,
            "titleFontSize": 13,
            "titleColor": QUIET,
        },
    }
    return x, y


def _domain(data: ControlData) -> tuple[float, float]:
    drawn = [row[name] for row in data.points for name in _DRAWN]
    means = [mean.value for mean in (data.before, data.after) if mean]
    known = [float(value) for value in [*drawn, *means, data.target] if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * _HEADROOM
    return (low - room if low < 0 or low > room else 0.0), high + room


def _target(data: ControlData, x: Row, y: Row) -> list[dict[str, Any]]:
    if data.target is None or not data.points:
        return []
    ends = (data.points[0], data.points[-1])
    return [
        {
            "data": {"values": [{"month": iso(end), "y": data.target} for end in ends]},
            "mark": {"type": "line", "color": TARGET, "strokeWidth": 1.6, "strokeDash": [2, 3]},
            "encoding": {"x": x, "y": y},
        }
    ]


def _points(data: ControlData, x: Row, y: Row) -> list[dict[str, Any]]:
    # a layer a kind: colour and shape are its own, and nothing has to be explained beside
    return [
        {
            "data": {
                "values": [
                    {"month": iso(row), "y": row["measured_value"]}
                    for row in data.points
                    if row["measured_value"] is not None and kind(row, data) == code
                ]
            },
            "mark": {
                "type": "point",
                "shape": SHAPES[code],
                "size": 16 if code == "common_cause" else 24 if code == "introduction" else 52,
                "stroke": colour,
                "fill": "#ffffff" if code == "introduction" else colour,
                "strokeWidth": 1.2,
                "opacity": 1,
            },
            "encoding": {"x": x, "y": y},
        }
        for code, colour in COLOURS.items()
    ]


def _hover(data: ControlData, x: Row, y: Row, language: str) -> dict[str, Any]:
    month_word, value_word, says_word = (
        t("month", language), t("value", language), t("says", language),
    )  # fmt: skip
    parts = data.parts or {}
    values = [
        {
            "month": iso(row),
            "y": row["measured_value"],
            "m": month(row["month"], language),
            "v": quantity(row["measured_value"], data.decimals, data.unit, language),
            "p": parts.get(row["month"], ""),
            "s": meaning(row, data),
        }
        for row in data.points
        if row["measured_value"] is not None
    ]
    told = [
        {"field": "m", "title": month_word},
        {"field": "v", "title": value_word},
        *([{"field": "p", "title": t("made_of", language)}] if parts else []),
        {"field": "s", "title": says_word},
    ]
    return {
        "data": {"values": values},
        # larger than the point, so that it is easily met
        "mark": {"type": "point", "size": 180, "filled": True, "color": COMMON, "opacity": 0},
        "encoding": {"x": x, "y": y, "tooltip": told},
    }
