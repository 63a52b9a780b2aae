"""What is said of a group and a metric in one sentence, and as one page for those who decide.

The same words and figures as the page of the group. A group somebody picked is never added
together: its page shows its units beside each other.
"""

from collections.abc import Sequence
from typing import Any

from dashboards.charts.export import fixed
from dashboards.context import Context
from dashboards.reports.common import edition_line, origin
from dashboards.reports.council import Figure, Finding
from dashboards.reports.council_files import NothingToSayError
from dashboards.reports.group import ALL, CHOSEN, Group, newest
from dashboards.reports.group_series import GroupSeries, group_series
from dashboards.reports.pooled import group_answer, pooled
from dashboards.reports.told import estimate_decimals
from dashboards.reports.whole import Figure as Drawn
from dashboards.reports.whole import pilots as side_by_side
from pipelines.words.numbers import quantity
from pipelines.words.verdict_class import class_word

Row = dict[str, Any]
_CHART_PX = (560, 330)
_UNSAID = "cannot_tell"


def pooled_of(context: Context, group: Group, metric_id: str) -> Row | None:
    """Return the group's pooled effect of a metric; ``None`` where there is none."""
    if group.pooled is None:
        return None
    rows = pooled(context, *group.pooled).rows
    return next((row for row in rows if row["metric_id"] == metric_id), None)


def group_sentence(
    context: Context, group: Group, metric: Row, rows: Sequence[Row], whole: Row | None
) -> str:
    """Return how many of the group's units got better and held, and what is said of them together.

    Args:
        context: The frame's message.
        group: The group.
        metric: The catalogue's row.
        rows: Each unit's newest headline.
        whole: The group's pooled effect.
    """
    held = sum(row["verdict_class"] == "better" for row in rows)
    said = [context.t("group_units", n=held, all=len(rows))] if rows else []
    name = None if group.code == ALL else group.said or group.name
    said.append(group_answer(context, whole, metric, name, is_chosen=group.code == CHOSEN))
    return " ".join(said)


def group_finding(context: Context, group: Group, metric: Row) -> Finding:
    """Return the page of a group and a metric.

    Args:
        context: Generation, language and reader; only the reader's rows.
        group: The group.
        metric: The catalogue's row with ``label``, ``scale`` and what its axis is made of.

    Raises:
        NothingToSayError: No unit of the group is judged on it, or nothing of it may be drawn.
    """
    rows = newest(context, group, metric["metric_id"])
    series = group_series(context, group, metric)
    drawn = series.figure if series else side_by_side(context, rows, metric)
    if not rows or drawn is None:
        raise NothingToSayError(group.code)
    whole = pooled_of(context, group, metric["metric_id"])
    word = whole["verdict_class"] if whole else _UNSAID
    municipality, _ = origin(context)
    return Finding(
        group_sentence(context, group, metric, rows, whole),
        f"{municipality.split('. ')[0]} · {group.name} · {metric['label']}",
        fixed(drawn.spec, *_CHART_PX),
        drawn.alt,
        (*_years(context, series, metric), *_estimate(context, whole, metric)),
        class_word(word, context.language),
        whole["sentence"] if whole else _no_pooled(context, group),
        context.t("does_not_show"),
        (context.t("not_lean_alone"), context.t("not_every_unit"), context.t("single_months")),
        _foot(context, series, drawn),
        edition_line(context),
        word,
    )


def _no_pooled(context: Context, group: Group) -> str:
    return context.t("chosen_not_pooled" if group.code == CHOSEN else "too_few_to_pool")


def _years(context: Context, series: GroupSeries | None, metric: Row) -> list[Figure]:
    years = dict(series.years) if series else {}
    ends = sorted({min(years), max(years)}) if years else []
    return [
        Figure(
            context.t("in_year", year=year),
            quantity(years[year], metric["decimals"], metric["unit"], context.language),
            "",
        )
        for year in ends
    ]


def _estimate(context: Context, whole: Row | None, metric: Row) -> list[Figure]:
    if whole is None:
        return []
    digits = estimate_decimals(whole, metric) + 1
    unit = "percent" if whole["effect_unit"] == "percent" else metric["unit"]
    ends = context.interval(whole["lo"], whole["hi"], digits)
    return [
        Figure(
            context.t("estimate"),
            quantity(whole["estimate"], digits, unit, context.language, is_change=True),
            context.t("interval_of_units", ends=ends, n=context.number(whole["n_units"])),
        )
    ]


def _foot(context: Context, series: GroupSeries | None, drawn: Drawn) -> str:
    notice = context.column("notice")
    (who,) = context.rows("mart_municipality", (notice,))
    parts = [who[notice] or ""]
    if series is not None and drawn.cells:
        first, last = drawn.cells[0][0].year, drawn.cells[-1][0].year
        parts.append(context.t("group_source", period=f"{first}\u2013{last}"))
        parts.append(context.t("group_months_words"))
        if series.left_out:
            parts.append(context.t("group_left_out", n=context.number(series.left_out)))
    else:
        parts.append(context.t("each_against_without_words"))
    return " ".join(part for part in parts if part)
