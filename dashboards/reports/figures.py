"""A unit's control charts as SVG for a report, from the same charts as the page draws."""

from typing import Any

from dashboards.charts.control import control_chart
from dashboards.charts.export import picture
from dashboards.charts.series import ControlData
from dashboards.context import Context
from dashboards.reports.common import Row, labels

_POINTS = (
    "month", "value", "centre", "lower_3s", "upper_3s", "phase", "is_introduction", "colour",
    "rule",
)  # fmt: skip
# the font of the report itself: the only one that is surely there
_FONT = "Libertinus Serif"
_WIDTH_PX = 660
_HEIGHT_PX = 230


def control_svg(context: Context, unit_id: str, metric: Row, cycle_id: str) -> str:
    """Return the control chart of a unit's metric; empty when there is none to draw.

    Args:
        context: The frame's message; what the reader may not see is not drawn.
        unit_id: The unit.
        metric: Row of the metric catalogue.
        cycle_id: The cycle whose start is marked.
    """
    found = context.rows(
        "mart_control_chart_phases",
        ("series_id", "after_first_month"),
        unit_id=unit_id,
        metric_id=metric["metric_id"],
        cycle_id=cycle_id,
        series="value",
    )
    if not found:
        return ""
    points = context.rows(
        "mart_control_chart_points", _POINTS, order_by=("month",), series_id=found[0]["series_id"]
    )
    if not any(row["value"] is not None for row in points):
        return ""
    started = context.rows("mart_cycles", ("start_date",), cycle_id=cycle_id)
    start = started[0]["start_date"] if started else None
    data = ControlData(
        points=points,
        decimals=metric["decimals"],
        unit=metric["unit"],
        labels=labels(context, "point_colour", "chart_rule"),
        start=start.replace(day=1) if start else None,
        target=metric["target_value"],
    )
    return picture(_for_paper(control_chart(data, context.language)), "svg").decode()


def _for_paper(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        **spec,
        "config": {**spec["config"], "font": _FONT},
        "width": _WIDTH_PX,
        "height": _HEIGHT_PX,
        "padding": {"left": 4, "right": 84, "top": 6, "bottom": 4},
        "autosize": {"type": "pad"},
    }
