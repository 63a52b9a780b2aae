"""Sums over time and by group: lines with known facts on them, marks side by side, deviations.

Nothing here is good or bad, so neither blue nor orange is used. Each series has a colour, a dash
and a shape of its own, in that order, and is named in the legend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.charts.theme import COMMON, INK, NEUTRAL, QUIET, TARGET, chart, names_axis
from pipelines.words.numbers import number

_LOOKS = (
    (TARGET, [1, 0], "circle"),
    (NEUTRAL, [6, 3], "triangle-up"),
    (COMMON, [2, 2], "square"),
    (INK, [8, 3, 2, 3], "diamond"),
)
_HEIGHT_PX = 300
_ROW_PX = 30
_TEXT_ROOM = 0.75
_LINE_PX = 12
_MONTHS_UNTIL_DAYS = 550


@dataclass(frozen=True)
class Line:
    """One series over time.

    Attributes:
        name: As the legend says it.
        points: Day and value; a missing value leaves a gap.
        facts: Days and values known from elsewhere, drawn as points with the figure beside.
    """

    name: str
    points: Sequence[tuple[date, float | None]]
    facts: Sequence[tuple[date, float]] = ()


def lines(rows: Sequence[Line], language: str, *, decimals: int = 0) -> dict[str, Any]:
    """Return lines over time from zero, known facts as points on them.

    Args:
        rows: At most four series in the same unit of measure.
        language: ``nb`` or ``en``.
        decimals: Digits after the comma.
    """
    names = [line.name for line in rows]
    looks = _LOOKS[: len(names)]
    values = [
        {"day": day.isoformat(), "y": value, "series": line.name}
        for line in rows
        for day, value in line.points
    ]
    facts = [
        {
            "day": day.isoformat(),
            "y": value,
            "series": line.name,
            "text": number(value, decimals, language),
        }
        for line in rows
        for day, value in line.facts
    ]
    x = {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": _years_or_months(rows)
        | {"grid": False, "labelOverlap": "greedy", "labelFlush": False},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 5, "format": ",.0f", "domain": False},
    }
    colour = _scale("series", names, [look[0] for look in looks])
    if len(names) == 1:
        # what one line shows is said around the chart
        colour["legend"] = None
    tooltip = [
        {"field": "series", "title": " "},
        {"field": "day", "type": "temporal", "format": "%d.%m.%Y", "title": "  "},
        {"field": "y", "type": "quantitative", "format": f",.{decimals}f", "title": "   "},
    ]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": y,
                "color": colour,
                "strokeDash": _scale("series", names, [look[1] for look in looks])
                | {"legend": colour["legend"]},
                "tooltip": tooltip,
            },
        }
    ]
    if facts:
        layers += [
            {
                "data": {"values": facts},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": colour,
                    "shape": _scale("series", names, [look[2] for look in looks])
                    | {"legend": colour["legend"]},
                    "tooltip": tooltip,
                },
            },
            {
                "data": {"values": facts},
                "mark": {"type": "text", "dy": -12, "dx": -6, "align": "right", "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
        ]
    return chart(layers, language, height=_HEIGHT_PX)


def _years_or_months(rows: Sequence[Line]) -> dict[str, Any]:
    days = [day for line in rows for day, _ in line.points]
    if days and (max(days) - min(days)).days < _MONTHS_UNTIL_DAYS:
        return {"format": "%b %Y", "tickCount": "month"}
    return {"format": "%Y", "tickCount": "year"}


def side_by_side(
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float | None]]],
    language: str,
    *,
    decimals: int = 0,
    ends: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """Return one row per group with a mark for each figure: beside each other, never stacked.

    Args:
        names: What the figures are called, at most four.
        rows: Label and its figures in the order of the names.
        language: ``nb`` or ``en``.
        decimals: Digits after the comma.
        ends: Ends of the axis, for a scale that has them.
    """
    y, written, row_px = names_axis([label for label, _ in rows])
    values = [
        {
            "label": written[label],
            "x": value,
            "series": name,
            "text": number(value, decimals, language),
        }
        for label, figures in rows
        for name, value in zip(names, figures, strict=True)
        if value is not None
    ]
    looks = _LOOKS[: len(names)]
    x: dict[str, Any] = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 5, "format": ",.0f", "domain": False},
    }
    if ends:
        x["scale"] = {"domain": list(ends)}
    layer = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {
            "x": x,
            "y": y,
            "color": _scale("series", names, [look[0] for look in looks]),
            "shape": _scale("series", names, [look[2] for look in looks]),
            "tooltip": [
                {"field": "label", "title": " "},
                {"field": "series", "title": "  "},
                {"field": "text", "title": "   "},
            ],
        },
    }
    height = max(_ROW_PX, row_px) * max(len(rows), 2)
    return chart([layer], language, data={"values": values}, height=height)


def deviations(rows: Sequence[tuple[str, float, str]], language: str) -> dict[str, Any]:
    """Return bars to both sides of zero, with the figure and the word for it on each.

    Args:
        rows: Label, figure and the text written at the bar; the side is told by the text too.
        language: ``nb`` or ``en``.
    """
    y, written, row_px = names_axis([label for label, _, _ in rows])
    values = [
        {"label": written[label], "x": value, "text": text.replace(" ", "\n", 1)}
        for label, value, text in rows
    ]
    low = min((value for _, value, _ in rows), default=0.0)
    high = max((value for _, value, _ in rows), default=0.0)
    # room for the texts, which stand outside the bars
    room = _TEXT_ROOM * ((max(high, 0.0) - min(low, 0.0)) or 1.0)
    domain = [min(low, 0.0) - room * (low < 0), max(high, 0.0) + room * (high >= 0)]
    x = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "axis": None,
        "scale": {"domain": domain, "nice": False},
    }
    text = {"field": "text"}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "height": 14, "color": COMMON},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [{"x": 0}]},
            "mark": {"type": "rule", "color": QUIET},
            "encoding": {"x": x},
        },
    ]
    for sign, align, dx in ((">= 0", "left", 5), ("< 0", "right", -5)):
        layers.append(
            {
                "transform": [{"filter": f"datum.x {sign}"}],
                "mark": {
                    "type": "text",
                    "align": align,
                    "dx": dx,
                    "dy": -_LINE_PX / 2,
                    "color": INK,
                    "fontSize": 11,
                    "lineBreak": "\n",
                    "lineHeight": _LINE_PX,
                },
                "encoding": {"x": x, "y": y, "text": text},
            }
        )
    row_px = max(row_px, 2 * _LINE_PX + 8)
    return chart(layers, language, data={"values": values}, height=row_px * max(len(rows), 2))


def _scale(field: str, names: Sequence[str], looks: Sequence[object]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(names), "range": list(looks)},
        "legend": {"title": None, "orient": "top", "columns": 2, "labelLimit": 260},
    }
