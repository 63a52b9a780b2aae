"""Dots with intervals, because an effect is never a number alone; bars for counts; sparklines."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.theme import (
    COMMON,
    CONCERN,
    IMPROVEMENT,
    INK,
    LINE,
    NEUTRAL,
    QUIET,
    chart,
    names_axis,
)

_CLASSES = {
    "better": (IMPROVEMENT, "square"),
    "not_held": (IMPROVEMENT, "square"),
    "worse": (CONCERN, "diamond"),
    "changed": (NEUTRAL, "triangle-up"),
}
_OTHERS = (COMMON, "circle")
_ROW_PX = 34
_BAR_PX = 28


@dataclass(frozen=True)
class Dot:
    """One line of a dot chart.

    Attributes:
        label: Whose, or from when.
        value: Where the dot is.
        low: Lower end of the interval; ``None`` without one.
        high: Upper end of the interval.
        verdict_class: The verdict's class decides colour and shape.
        text: The same in words, beside the dot and when one stops at it.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    verdict_class: str
    text: str


def dots(rows: Sequence[Dot], language: str, *, zero: bool, decimals: int = 1) -> dict[str, Any]:
    """Return a chart with one line per dot, in the order given.

    Args:
        rows: The dots; all in the same unit of measure.
        language: ``nb`` or ``en``.
        zero: Draw the line where nothing has changed.
        decimals: Digits after the comma on the axis.
    """
    y, written, row_px = names_axis([row.label for row in rows])
    # without it those with an interval would come first
    y["scale"] = {"domain": list(written.values())}
    values = [
        {"label": written[r.label], "x": r.value, "low": r.low, "high": r.high, "text": r.text,
         "colour": _look(r.verdict_class)[0], "shape": _look(r.verdict_class)[1]}
        for r in rows
    ]  # fmt: skip
    x_axis = {"format": f",.{decimals}f", "tickCount": 5, "domain": False}
    x = {"type": "quantitative", "title": None, "scale": {"zero": True, "nice": True}}
    tooltip = [{"field": "label", "title": " "}, {"field": "text", "title": "  "}]
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    layers: list[dict[str, Any]] = []
    has_interval = [value for value in values if value["low"] is not None]
    if zero:
        layers.append(
            {
                "data": {"values": [{"x": 0}]},
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.2},
                "encoding": {"x": x | {"field": "x"}},
            }
        )
    if has_interval:
        layers.append(
            {
                "data": {"values": has_interval},
                "mark": {"type": "rule", "strokeWidth": 2.4, "opacity": 0.75},
                "encoding": {
                    "x": x | {"field": "low", "axis": x_axis},
                    "x2": {"field": "high"},
                    "y": y,
                    "color": colour,
                    "tooltip": tooltip,
                },
            }
        )
    layers += [
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": x | {"field": "x", "axis": x_axis},
                "y": y,
                "color": colour,
                "shape": {"field": "shape", "type": "nominal", "scale": None, "legend": None},
                "tooltip": tooltip,
            },
        },
    ]
    return chart(layers, language, height=max(_ROW_PX, row_px) * max(len(rows), 2))


def bars(rows: Sequence[tuple[str, float, str]], language: str) -> dict[str, Any]:
    """Return horizontal bars for counts, with the count written at the end of each.

    Args:
        rows: Label, count and class of the verdict.
        language: ``nb`` or ``en``.
    """
    y, written, row_px = names_axis([row[0] for row in rows])
    values = [{"label": written[r[0]], "n": r[1], "colour": _look(r[2])[0]} for r in rows]
    x = {"field": "n", "type": "quantitative", "title": None, "axis": None}
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    layers = [
        {
            "mark": {"type": "bar", "height": 18, "cornerRadiusEnd": 2},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 12},
            "encoding": {"x": x, "y": y, "text": {"field": "n", "format": ",d"}},
        },
    ]
    height = max(_BAR_PX, row_px) * len(rows)
    return chart(layers, language, height=height, data={"values": values}, padding={"right": 30})


def sparkline(values: Sequence[float | None], start: int | None, alt: str) -> str:
    """Return a small line as a Markdown image, for a cell of a table.

    Args:
        values: Month by month; a missing month is a gap.
        start: Index of the month of the Lean start, drawn as a vertical line.
        alt: What the line shows, in words.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    width, height = 110, 24
    step = width / max(len(values) - 1, 1)
    path, pen_is_down = "", False
    for n, value in enumerate(values):
        if value is not None:
            place = 2 + (height - 4) * (1 - (value - low) / span)
            path += f"{'L' if pen_is_down else 'M'}{n * step:.1f} {place:.1f}"
        pen_is_down = value is not None
    rule = "" if start is None else (
        f'<path d="M{start * step:.1f} 0V{height}" stroke="{INK}" stroke-width="1"/>'
    )  # fmt: skip
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{rule}'
        f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.5"/></svg>'
    )
    return f"![{alt}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"


def _look(verdict_class: str) -> tuple[str, str]:
    return _CLASSES.get(verdict_class, _OTHERS)
