"""A group's own months: thin as measured, thick per whole year, and who began when.

The years are sums over sums, made by the caller; nothing here is good or bad, and has no colour.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dashboards.charts.theme import COMMON, INK, LINE, QUIET, TARGET, chart

_HEIGHT_PX = 260
_ROOM = 0.12
_NARROW = 5
_YEAR_END_DAY = 31
_DECEMBER = 12


def group_months(
    points: Sequence[tuple[date, float | None]],
    years: Sequence[tuple[int, float, str]],
    starts: Sequence[date],
    axis: str,
    language: str,
) -> dict[str, Any]:
    """Return the chart as a Vega-Lite dict.

    Args:
        points: Month and value; a missing one leaves a gap.
        years: Whole years with their value and how it is written.
        starts: When units of the group began; within the months.
        axis: What the axis counts, in words.
        language: A code of the word files.
    """
    known = [value for _, value in points if value is not None]
    low, high = min(known), max(known)
    room = (high - low or abs(high) or 1.0) * _ROOM
    ends = (low - room if low < 0 or low > room else 0.0, high + room)
    x = {
        "field": "day", "type": "temporal", "scale": {"type": "utc"}, "title": None,
        "axis": {"format": "%Y", "tickCount": "year", "grid": False, "labelOverlap": "greedy",
                 "labelFlush": False},
    }  # fmt: skip
    y = {
        "field": "y", "type": "quantitative",
        "scale": {"domain": list(ends), "nice": False, "zero": False},
        "title": axis or None,
        "axis": {
            "tickCount": 4, "domain": False, "ticks": False,
            "format": f",.{1 if ends[1] - ends[0] < _NARROW else 0}f",
            "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end",
            "titleBaseline": "bottom", "titleX": -24, "titleY": -10, "titleColor": QUIET,
        },
    }  # fmt: skip
    return chart(
        [
            {
                "data": {"values": [{"day": day.isoformat(), "y": v} for day, v in points]},
                "mark": {"type": "line", "color": LINE, "strokeWidth": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [_year(year, value) for year, value, _ in years]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 3},
                "encoding": {"x": x, "x2": {"field": "end"}, "y": y},
            },
            {
                "data": {"values": [_text(*one) for one in _first_and_last(years)]},
                "mark": {"type": "text", "dy": -10, "color": INK, "fontSize": 13},
                "encoding": {"x": x, "y": y, "text": {"field": "text"}},
            },
            {
                "data": {"values": [{"day": d.isoformat(), "y": ends[0]} for d in starts]},
                "mark": {"type": "point", "shape": "triangle-up", "filled": True, "size": 70,
                         "color": TARGET, "opacity": 1, "yOffset": -5},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [
                    {"day": day.isoformat(), "y": v} for day, v in points if v is not None
                ]},
                "mark": {"type": "point", "size": 120, "filled": True, "color": COMMON,
                         "opacity": 0},
                "encoding": {"x": x, "y": y, "tooltip": [
                    {"field": "day", "type": "temporal", "format": "%b %Y", "title": " "},
                    {"field": "y", "type": "quantitative", "format": ",.2f", "title": "  "},
                ]},
            },
        ],
        language,
        height=_HEIGHT_PX,
        padding={"right": 24, "left": 2, "top": 26, "bottom": 2},
    )  # fmt: skip


def _year(year: int, value: float) -> dict[str, Any]:
    end = date(year, _DECEMBER, _YEAR_END_DAY)
    return {"day": date(year, 1, 1).isoformat(), "end": end.isoformat(), "y": value}


def _text(year: int, value: float, text: str) -> dict[str, Any]:
    return {"day": date(year, 7, 1).isoformat(), "y": value, "text": text}


def _first_and_last(
    years: Sequence[tuple[int, float, str]],
) -> Sequence[tuple[int, float, str]]:
    return years if len(years) <= 1 else (years[0], years[-1])
