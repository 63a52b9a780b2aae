"""A headline's sign and where it leads, alike wherever pages write HTML of their own."""

from html import escape
from typing import Any

from dashboards.components import links
from dashboards.context import Context
from dashboards.reports.shown import from_to
from pipelines.words.verdict_class import COMPARED, LOWERED

Row = dict[str, Any]


def sign(row: Row) -> str:
    """Return the classes of a headline's sign: filled where it rests on the comparison."""
    return f"{row['verdict_class']}{' f' if row['basis'] == COMPARED else ''}"


def star(row: Row) -> str:
    """Return the mark of what weakens a headline; empty where nothing does."""
    return LOWERED if row.get("lowered_by") else ""


def to_unit(context: Context, unit_id: str, metric_id: str = "") -> str:
    """Return the address of a unit's page, on a metric where one is named; escaped."""
    codes = {"enhet": unit_id} | ({"maltall": metric_id} if metric_id else {})
    return escape(links.address("enhet", context.language, **codes))


def to_series(context: Context, row: Row) -> str:
    """Return the address of a headline's unit and metric; escaped."""
    return to_unit(context, row["unit_id"], row["metric_id"])


def to_topic(context: Context, row: Row) -> str:
    """Return the address where a headline is taken up for follow-up; escaped."""
    unit, metric = row["unit_id"], row["metric_id"]
    return escape(links.address("oppfolging", context.language, enhet=unit, maltall=metric))


def course(context: Context, row: Row, metric: Row) -> str:
    """Return before and after with an arrow between, as HTML; empty where one is not to be seen."""
    before, after = from_to(context, row, metric)
    return f"{escape(before)} → <b>{escape(after)}</b>" if after else ""
