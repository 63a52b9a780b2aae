"""Charts as SVG for a report: the same charts as the pages draw, fitted to paper."""

from typing import Any

from dashboards.charts.control import control_chart
from dashboards.charts.export import picture
from dashboards.context import Context
from dashboards.reports.charted import Series, charted
from dashboards.reports.common import Row
from dashboards.reports.pdf import Picture
from dashboards.reports.told import HIDDEN_CLASS
from dashboards.reports.whole import Figure

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
    spec = _control(context, row, metric)
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


def _control(context: Context, row: Row, metric: Row) -> dict[str, Any] | None:
    cycle_id = row["cycle_id"]
    started = context.rows("mart_cycles", ("start_date",), cycle_id=cycle_id)
    start = started[0]["start_date"] if started else None
    first = start.replace(day=1) if start else None
    found = charted(
        context, Series(row["unit_id"], row["unit_name"], metric["metric_id"], cycle_id, first)
    )
    if found is None or not found.data.points:
        return None
    return control_chart(found.data, context.language)


def on_paper(spec: dict[str, Any]) -> str:
    """Return a chart of fixed size as SVG, in the letters of the paper."""
    return picture({**spec, "config": {**spec["config"], "font": _FONT}}, "svg").decode()


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
