"""A group's own months and whole years of one metric, as they are drawn and told.

The months are those the pipeline made and suppressed for the group; a year is their sum over their
sum, and only where no month of it is hidden or missing, so that it says nothing more than they do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.charts.group_months import group_months
from dashboards.context import Context
from dashboards.reports.charted import axis_of
from dashboards.reports.group import Group
from dashboards.reports.whole import Figure
from pipelines.words.numbers import month, quantity

Row = dict[str, Any]
_MONTHS_A_YEAR = 12
_OF_SERVICES = "mart_group_months"
_LEVELS_OF_SERVICES = ("service_type", "wave")


@dataclass(frozen=True)
class GroupSeries:
    """What is drawn of a group's own months.

    Attributes:
        figure: Chart, words and figures.
        left_out: How many units of the group are in no month, because they hide the metric.
        years: Whole years with their value.
    """

    figure: Figure
    left_out: int
    years: Mapping[int, float]


def group_series(context: Context, group: Group, metric: Row) -> GroupSeries | None:
    """Return a group's months; ``None`` where it has none that may be shown.

    Args:
        context: The frame's message.
        group: The group; one without a level has no months of its own.
        metric: The catalogue's row with ``label``, ``scale`` and what its axis is made of.
    """
    rows = _rows(context, group, metric["metric_id"])
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return None
    digits, unit = metric["decimals"], metric["unit"]
    years = whole_years(rows, metric["scale"])

    def said(value: float) -> str:
        return quantity(value, digits, unit, context.language)

    told = [
        {
            context.t("month"): month(row["month"], context.language),
            metric["label"]: said(row["value"]),
        }
        for row in known
    ]
    words = _words(context, years, said) or context.t(
        "report_from_to",
        first=said(known[0]["value"]), first_month=month(known[0]["month"], context.language),
        last=said(known[-1]["value"]), last_month=month(known[-1]["month"], context.language),
    )  # fmt: skip
    drawn = group_months(
        [(row["month"], row["value"]) for row in rows],
        [(year, value, said(value)) for year, value in sorted(years.items())],
        _starts(context, group, (rows[0]["month"], rows[-1]["month"])),
        axis_of(context, metric),
        context.language,
    )
    alt = f"{group.name}, {metric['label']}. {words}"
    cells = [(row["month"], row["value"]) for row in known]
    return GroupSeries(
        Figure(drawn, alt, told, words, cells), max(row["n_left_out"] for row in rows), years
    )


def whole_years(rows: Sequence[Mapping[str, Any]], scale: float) -> dict[int, float]:
    """Return the value of each whole year: sum over sum, times the scale.

    Args:
        rows: Months with ``numerator``, ``denominator`` and ``value``.
        scale: The metric's.
    """
    by_year: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_year.setdefault(row["month"].year, []).append(row)
    found = {}
    for year, months in by_year.items():
        below = sum(row["denominator"] or 0.0 for row in months)
        if len(months) == _MONTHS_A_YEAR and below and all(r["value"] is not None for r in months):
            found[year] = scale * sum(row["numerator"] for row in months) / below
    return found


def _rows(context: Context, group: Group, metric_id: str) -> list[Row]:
    if group.level is None:
        return []
    level, group_id = group.level
    asked: tuple[str, ...] = ("month", "numerator", "denominator", "value")
    if level in _LEVELS_OF_SERVICES:
        if not context.has(_OF_SERVICES):
            # an edition from before these groups had months of their own
            return []
        mart, asked = _OF_SERVICES, (*asked, "n_left_out")
    else:
        mart = "fct_metric_months"
    rows = context.rows(
        mart, asked, order_by=("month",), level=level, group_id=group_id, metric_id=metric_id
    )
    return [{"n_left_out": 0, **row} for row in rows]


def _words(context: Context, years: Mapping[int, float], said: Callable[[float], str]) -> str:
    if len(years) <= 1:
        return ""
    first, last = min(years), max(years)
    return context.t(
        "group_years", first=said(years[first]), first_year=first, last=said(years[last]),
        last_year=last,
    )  # fmt: skip


def _starts(context: Context, group: Group, ends: tuple[date, date]) -> list[date]:
    rows = context.rows("dim_units", ("unit_id", "lean_start_date"))
    starts = [row["lean_start_date"] for row in rows if row["unit_id"] in group.units]
    return sorted(day.replace(day=1) for day in starts if ends[0] <= day.replace(day=1) <= ends[1])
