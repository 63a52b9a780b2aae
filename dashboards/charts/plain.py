"""A plain chart of any rows: one column along the axis, one column drawn.

For answers nobody has designed a chart for. Charts with a meaning of their own are beside this.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards.charts.theme import config

COLOUR = "#0b5a8a"
_MOST_BARS = 60
_HEIGHT_PX = 320
_BAR_PX = 22
_AXIS_PX = 60


def is_number(value: object) -> bool:
    """Return whether a cell can be drawn along the value axis."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def plain_chart(
    rows: Sequence[dict[str, Any]], x: str, y: str, alt: str, language: str
) -> dict[str, Any]:
    """Return a Vega-Lite chart: a line over time, bars over names, points over numbers.

    Args:
        rows: Cells by column name; a row whose y is missing leaves a gap.
        x: Column along the axis.
        y: Column drawn; numbers.
        alt: The chart in words.
        language: ``nb`` or ``en``.
    """
    kind = _kind([row[x] for row in rows])
    shown = rows[:_MOST_BARS] if kind == "nominal" else rows
    values = [{"x": _plain(row[x]), "y": _plain(row[y])} for row in shown]
    axis = {"field": "x", "type": kind, "title": x}
    if kind == "nominal":
        # names are read along horizontal bars, in the order of the answer
        encoding = {
            "y": axis | {"sort": None, "axis": {"labelLimit": 260}},
            "x": {"field": "y", "type": "quantitative", "title": y},
        }
        mark: dict[str, Any] = {"type": "bar", "height": {"band": 0.7}}
        # in pixels: a height by steps does not fit a chart that is as wide as its place
        n_bars = max(1, len({value["x"] for value in values}))
        size: dict[str, Any] = {"height": _BAR_PX * n_bars + _AXIS_PX}
    else:
        encoding = {"x": axis, "y": {"field": "y", "type": "quantitative", "title": y}}
        # each mark says for itself that it is no image: the points of a line do not inherit it
        mark = (
            {"type": "line", "point": {"aria": False}} if kind == "temporal" else {"type": "point"}
        )
        size = {"height": _HEIGHT_PX}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": alt,
        # inside the chart, as in theme.chart
        "layer": [
            {
                "data": {"values": values},
                "mark": mark | {"color": COLOUR, "aria": False},
                "encoding": encoding,
            }
        ],
        "width": "container",
        "config": config(language),
        **size,
    }


def _kind(values: Sequence[object]) -> str:
    present = [value for value in values if value is not None]
    if present and all(isinstance(value, date | datetime) for value in present):
        return "temporal"
    return "quantitative" if present and all(is_number(value) for value in present) else "nominal"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int | float) else str(value)
