"""Charts as SVG for a report: the same charts as the pages draw, fitted to paper."""

from typing import Any

from dashboards.charts.control import control_chart
from dashboards.charts.export import picture
from dashboards.charts.series import ControlData
from dashboards.context import Context
from dashboards.reports.common import Row, labels
from dashboards.reports.pdf import Picture
from dashboards.reports.told import HIDDEN_CLASS
from dashboards.reports.whole import Figure

_POINTS = (
    "month", "value", "centre", "lower_3s", "upper_3s", "phase", "is_introduction", "colour",
    "rule", "phase_no", "ghost_centre", "ghost_lower_3s", "ghost_upper_3s",
)  # fmt: skip
# the font of the report itself: the only one that is surely there
_FONT = "Libertinus Serif"
_WIDTH_PX = 660
_HEIGHT_PX = 230
_EDGE_PX = 4


def control_picture(
    context: Context, row: Row, metric: Row, sentence: str, *, height: int = _HEIGHT_PX
) -> Picture | None:
    """Return the control chart of a unit's metric; ``None`` when there is none to draw.

    Args:
        context: The frame's message; what the reader may not see is not drawn.
        row: Of ``mart_headlines``: the unit, and the cycle whose start is marked.
        metric: Row of the metric catalogue.
        sentence: What is said of it, for those who do not see the chart.
        height: Of the drawing's plot, in pixels; the page's width is 660.
    """
    if row["verdict_class"] == HIDDEN_CLASS:
        return None
    spec = _control(context, row["unit_id"], metric, row["cycle_id"])
    if spec is None:
        return None
    label, unit = metric[context.column("label")], row["unit_name"]
    return Picture(
        _svg(spec | {"height": height}),
        context.t("report_chart_alt", metric=label, unit=unit, sentence=sentence),
        context.t("report_chart_caption", metric=label),
    )


def figure_picture(figure: Figure, caption: str, *, height: int | None = None) -> Picture:
    """Return a chart of the whole municipality for paper.

    Args:
        figure: The chart as the page has it.
        caption: The line under it.
        height: Of the plot, in pixels; without it, as on the page.
    """
    spec = figure.spec if height is None else figure.spec | {"height": height}
    return Picture(_svg(spec), figure.alt, caption)


def _control(context: Context, unit_id: str, metric: Row, cycle_id: str) -> dict[str, Any] | None:
    found = context.rows(
        "mart_control_chart_phases",
        ("series_id",),
        order_by=("phase_no",),
        unit_id=unit_id,
        metric_id=metric["metric_id"],
        cycle_id=cycle_id,
        series="value",
    )
    if not found:
        return None
    points = context.rows(
        "mart_control_chart_points", _POINTS, order_by=("month",), series_id=found[0]["series_id"]
    )
    if not any(row["value"] is not None for row in points):
        return None
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
    return control_chart(data, context.language)


def _svg(spec: dict[str, Any]) -> str:
    fitted = {
        **spec,
        "config": {**spec["config"], "font": _FONT},
        "width": _WIDTH_PX,
        "padding": _EDGE_PX,
        # everything within the width, so that letters are as large on every chart of the paper
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    return picture(fitted, "svg").decode()
