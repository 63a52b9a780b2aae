"""The control chart: one metric of one unit, month by month, with the limits of its own baseline.

Solid limits are those of the baseline; dashed ones are the same limits carried on after the start.
What a point says is told by colour, by shape, and by words when one stops at it.
"""

from typing import Any

from dashboards.charts.limits import edge_labels, limit_lines
from dashboards.charts.series import ControlData, Row, iso, kind, meaning
from dashboards.charts.theme import COLOURS, INK, LINE, SHAPES, TARGET, chart
from dashboards.text.catalogue import t
from pipelines.words.numbers import month, quantity

_HEADROOM = 0.16
_HEIGHT_PX = 340


def control_chart(data: ControlData, language: str) -> dict[str, Any]:
    """Return the chart as a Vega-Lite dict.

    Args:
        data: The series and what stands around it.
        language: ``nb`` or ``en``.
    """
    low, high = _domain(data)
    span = high - low
    x = {"field": "month", "type": "temporal", "scale": {"type": "utc"}, "title": None}
    axis = {
        "format": "%Y",
        "tickCount": "year",
        "grid": False,
        "labelOverlap": "greedy",
        "labelFlush": False,
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "title": None,
        "axis": {"tickCount": 6, "format": f",.{min(data.decimals, 1)}f", "domain": False},
    }
    layers: list[dict[str, Any]] = [
        *limit_lines(data, x | {"axis": axis}, y),
        *_marks_of_time(data, x, y, (low, high), language),
        *_target(data, x, y),
        {
            "data": {"values": [{"month": iso(r), "y": r["value"]} for r in data.points]},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        _points(data, x, y, language),
        edge_labels(data, x, y, span, language),
    ]
    return chart(layers, language, height=_HEIGHT_PX, padding={"right": 78, "left": 2, "top": 4})


def _domain(data: ControlData) -> tuple[float, float]:
    drawn = [row[name] for row in data.points for name in ("value", "lower_3s", "upper_3s")]
    known = [float(value) for value in [*drawn, data.target] if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * _HEADROOM
    return (low - room if low < 0 or low > room else 0.0), high + room


def _marks_of_time(
    data: ControlData, x: Row, y: Row, ends: tuple[float, float], language: str
) -> list[dict[str, Any]]:
    low, high = ends
    layers: list[dict[str, Any]] = []
    if data.start is not None:
        text = t("lean_start", language, month=month(data.start, language))
        value = [{"month": data.start.isoformat(), "y": high, "text": text}]
        late = (
            bool(data.points)
            and (data.points[-1]["month"] - data.start).days * 3
            < (data.points[-1]["month"] - data.points[0]["month"]).days
        )
        layers += [
            {
                "data": {"values": value},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
                "encoding": {"x": x},
            },
            {
                "data": {"values": value},
                "mark": {
                    "type": "text",
                    "align": "right" if late else "left",
                    "baseline": "top",
                    "dx": -6 if late else 6,
                    "dy": 3,
                    "fontSize": 12,
                    "fontWeight": 600,
                    "color": INK,
                },
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
        ]
    if data.events:
        values = [
            {"month": when.isoformat(), "y": low + (high - low) * 0.04, "text": str(n)}
            for when, n in data.events
        ]
        layers += [
            {
                "data": {"values": values},
                "mark": {"type": "point", "size": 260, "filled": True, "fill": "#fff",
                         "stroke": INK, "strokeWidth": 1, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": values},
                "mark": {"type": "text", "fontSize": 11, "fontWeight": 600, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
        ]  # fmt: skip
    return layers


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


def _points(data: ControlData, x: Row, y: Row, language: str) -> dict[str, Any]:
    month_word, value_word, says_word = (
        t("month", language), t("value", language), t("says", language),
    )  # fmt: skip
    values = [
        {
            "month": iso(row),
            "y": row["value"],
            "kind": data.labels.get(kind(row), ""),
            "m": month(row["month"], language),
            "v": quantity(row["value"], data.decimals, data.unit, language),
            "s": meaning(row, data.labels),
        }
        for row in data.points
        if row["value"] is not None
    ]
    present = {value["kind"] for value in values}
    codes = [code for code in COLOURS if data.labels.get(code) in present]
    words = [data.labels[code] for code in codes]
    fills = ["#ffffff" if code == "introduction" else COLOURS[code] for code in codes]
    legend = {"orient": "bottom", "title": None, "direction": "horizontal", "columns": 2,
              "symbolSize": 80, "labelLimit": 320}  # fmt: skip
    return {
        "data": {"values": values},
        "mark": {"type": "point", "size": 46, "strokeWidth": 1.4, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "fill": {"field": "kind", "scale": {"domain": words, "range": fills}, "legend": legend},
            "stroke": {
                "field": "kind",
                "scale": {"domain": words, "range": [COLOURS[code] for code in codes]},
                "legend": legend,
            },
            "shape": {
                "field": "kind",
                "scale": {"domain": words, "range": [SHAPES[code] for code in codes]},
                "legend": legend,
            },
            "tooltip": [
                {"field": "m", "title": month_word},
                {"field": "v", "title": value_word},
                {"field": "s", "title": says_word},
            ],
        },
    }
