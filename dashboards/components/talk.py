"""The list of units and metrics, the ones most in need of talk first: rows, cells and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from dashboards.access import Scope
from dashboards.charts.effects import sparkline
from dashboards.charts.icons import assurance_icon, variation_icon, verdict_icon
from dashboards.components import links
from dashboards.components.tables import Drawn, plain
from dashboards.context import Context
from dashboards.marts import Question, read
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.numbers import HIDDEN, MISSING, months_since, quantity
from pipelines.words.verdict_class import COMPARED

Course = tuple[str | None, date | None]
"""A series by its id, and the month of the start to mark in it."""


@dataclass(frozen=True)
class Line:
    """One metric of one unit.

    Attributes:
        row: Of ``mart_headlines``.
        metric: Its name.
        unit: Code of the unit of measure.
        decimals: Digits after the comma.
        chart: Latest value, variation and assurance of its control chart; empty without one.
        labels: What the variation and the assurance are called.
    """

    row: dict[str, Any]
    metric: str
    unit: str
    decimals: int
    chart: dict[str, Any]
    labels: dict[str, str]

    @property
    def sector(self) -> str | None:
        """The unit's sector."""
        sector: str | None = self.row["sector"]
        return sector

    @property
    def months(self) -> int | None:
        """Months since the start, at the latest figures."""
        return months_since(self.row["start_date"], self.row["as_of_month"])


def lines(context: Context) -> list[Line]:
    """Return the lines of the reader's units for the headline metrics, in the order of talk."""
    label = context.column("label")
    metrics = {
        row["metric_id"]: row
        for row in context.rows(
            "dim_metrics", ("metric_id", label, "unit", "decimals"), is_headline=True
        )
    }
    charts = {
        (row["cycle_id"], row["metric_id"]): row
        for row in context.rows(
            "mart_control_chart_phases",
            ("cycle_id", "metric_id", "series_id", "latest_value", "latest_month", "variation",
             "assurance"),
            series="value",
            phase_no=1,
        )
    }  # fmt: skip
    labels = context.labels("variation") | context.labels("assurance")
    rows = headlines(
        context,
        ("unit_name", "sector", "start_date", "as_of_month", context.column("next_step")),
        (),
        order_by=("talk_order", "unit_name"),
    )
    return [
        Line(
            {
                **row,
                "next_step": row[context.column("next_step")] or "",
            },
            metrics[row["metric_id"]][label],
            metrics[row["metric_id"]]["unit"],
            metrics[row["metric_id"]]["decimals"],
            charts.get((row["cycle_id"], row["metric_id"]), {}),
            labels,
        )
        for row in rows
        if row["metric_id"] in metrics
    ]


def cells(context: Context, shown: Sequence[Line]) -> list[dict[str, str]]:
    """Return lines as texts and small pictures for a table."""
    courses = _courses(context, shown)
    return [_cells(context, line, courses) for line in shown]


def _cells(context: Context, line: Line, courses: Mapping[Course, str]) -> dict[str, str]:
    row = line.row
    to = links.address("enhet", context.language, enhet=row["unit_id"], maltall=row["metric_id"])
    hidden = row["verdict_class"] == HIDDEN_CLASS
    latest = quantity(line.chart.get("latest_value"), line.decimals, line.unit, context.language)
    variation, assurance = line.chart.get("variation"), line.chart.get("assurance")
    signs = [f"{variation_icon(variation)} {plain(line.labels.get(variation or '', ''))}"]
    if assurance:
        signs.append(f"{assurance_icon(assurance)} {plain(line.labels[assurance])}")
    return {
        context.t("unit"): Drawn(f"[{plain(row['unit_name'])}]({to})"),
        context.t("metric"): line.metric,
        context.t("latest"): HIDDEN if hidden else latest or MISSING,
        context.t("signs"): Drawn(" ".join(signs).strip()),
        context.t("conclusion"): Drawn(f"{_sign(row)} {plain(row['verdict'])}"),
        context.t("months_with_lean"): "" if line.months is None else str(line.months),
        context.t("course"): Drawn("" if hidden else courses.get(_course(line), "")),
    }


def _sign(row: Mapping[str, Any]) -> str:
    return verdict_icon(row["verdict_class"], is_filled=row["basis"] == COMPARED)


def headings(context: Context) -> list[str]:
    """Return the headings of :func:`figures`."""
    return [
        context.t("unit"),
        context.t("sector"),
        context.t("metric"),
        context.t("latest"),
        context.t("signs"),
        context.t("target"),
        context.t("conclusion"),
        context.t("next_step"),
        context.t("months_with_lean"),
    ]


def figures(line: Line) -> tuple[str | float | date | None, ...]:
    """Return a line as figures for a file."""
    row, chart = line.row, line.chart
    hidden = row["verdict_class"] == HIDDEN_CLASS
    return (
        row["unit_name"],
        row["sector"],
        line.metric,
        None if hidden else chart.get("latest_value"),
        line.labels.get(chart.get("variation") or "", ""),
        line.labels.get(chart.get("assurance") or "", ""),
        row["verdict"],
        row["next_step"],
        line.months,
    )


def _course(line: Line) -> Course:
    start = line.row["start_date"]
    return line.chart.get("series_id"), start.replace(day=1) if start else None


def _courses(context: Context, shown: Sequence[Line]) -> Mapping[Course, str]:
    wanted = tuple(_course(line) for line in shown if line.chart)
    if not wanted:
        return {}
    return _drawn(context.generation, context.viewer.scope, wanted, context.t("course_alt"))


# one question for all the pictures of a table: one each took a second after a new edition
@lru_cache(maxsize=256)
def _drawn(
    generation: str, scope: Scope, wanted: tuple[Course, ...], alt: str
) -> Mapping[Course, str]:
    ids = tuple(sorted({series_id for series_id, _ in wanted if series_id}))
    question = Question(
        "mart_control_chart_points",
        ("series_id", "month", "value"),
        (("series_id", ids),),
        ("series_id", "month"),
    )
    points: dict[str, list[dict[str, Any]]] = {}
    for point in read(generation, scope, question):
        points.setdefault(point["series_id"], []).append(point)
    return MappingProxyType(
        {course: _picture(points.get(course[0] or "", []), course[1], alt) for course in wanted}
    )


def _picture(points: Sequence[Mapping[str, Any]], start: date | None, alt: str) -> str:
    months = [point["month"] for point in points]
    place = months.index(start) if start in months else None
    return sparkline([point["value"] for point in points], place, alt)
