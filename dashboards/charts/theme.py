"""Colours and shapes of every chart, and how it writes figures and months. Never red against green.

Blue against orange stays far apart under simulated protan, deutan and tritan vision, and each has
at least 3:1 against white. Shape is the second cue. The colours are those of the NHS' Making Data
Count, darkened.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from pipelines.words.numbers import chart_locale

IMPROVEMENT = "#0072B2"
CONCERN = "#D55E00"
COMMON = "#6B7280"
NEUTRAL = "#490092"
INK = "#1f2933"
QUIET = "#4a5563"
LINE = "#8a93a0"
GRID = "#eceff3"
BAND = "#e6eaef"
TARGET = "#0b6e6e"
BAND = "#e6eaef"
INTRODUCTION = "#f1f3f6"

COLOURS = {
    "improvement": IMPROVEMENT,
    "concern": CONCERN,
    "neutral": NEUTRAL,
    "common_cause": COMMON,
    "introduction": COMMON,
}
SHAPES = {
    "improvement": "square",
    "concern": "diamond",
    "neutral": "triangle-up",
    "common_cause": "circle",
    "introduction": "circle",
}

_NAME_CHARACTERS = 27
_LINE_PX = 14


def names_axis(names: Sequence[str]) -> tuple[dict[str, Any], dict[str, str], int]:
    """Return how names are written beside the rows of a chart: long ones on several lines.

    Args:
        names: The names, one a row.

    Returns:
        The axis of the field ``label``, each name as the data must hold it, and the height in
        pixels that the tallest name needs.
    """
    written = {name: "\n".join(wrap(name, _NAME_CHARACTERS)) for name in names}
    tallest = max((text.count("\n") + 1 for text in written.values()), default=1)
    axis = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '\\n')",
            "labelLimit": 210,
            "labelLineHeight": _LINE_PX,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
        },
    }
    return axis, written, _LINE_PX * tallest + 12


def config(language: str) -> dict[str, Any]:
    """Return the look every chart shares.

    Marks are hidden from assistive technology: the chart has a text beside it, and its figures
    stand in a table below.
    """
    font = "Source Sans, Helvetica, Arial, sans-serif"
    return {
        "locale": chart_locale(language),
        "font": font,
        "background": "#ffffff",
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelColor": QUIET,
            "titleColor": QUIET,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "domainColor": LINE,
            "tickColor": LINE,
            "gridColor": GRID,
        },
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 16,
            "fontWeight": 600,
            "subtitleColor": QUIET,
            "subtitleFontSize": 12,
            "subtitlePadding": 6,
            "offset": 14,
        },
        "legend": {"labelColor": QUIET, "titleColor": QUIET, "labelFontSize": 12},
    }


def chart(
    layers: list[dict[str, Any]],
    language: str,
    data: dict[str, Any] | None = None,
    **rest: object,
) -> dict[str, Any]:
    """Return a whole Vega-Lite chart around its layers.

    Args:
        layers: What is drawn, the first at the back; one without anything to draw is left out.
        language: Whose words and marks.
        data: What the layers share. It stands inside the chart: Streamlit takes what stands on top
            out, draws the chart without it, and Vega complains that there is nothing to scale by.
        rest: Further properties of the chart.
    """
    drawn = [
        layer | {"mark": layer["mark"] | {"aria": False}}
        for layer in layers
        if not _is_empty(layer)
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": config(language),
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": drawn if data is None else [{"data": data, "layer": drawn}],
        **rest,
    }


def _is_empty(layer: dict[str, Any]) -> bool:
    return bool("values" in layer.get("data", {}) and not layer["data"]["values"])
