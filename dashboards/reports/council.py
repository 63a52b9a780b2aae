"""One finding a page for those who decide: a sentence, a chart, three figures, what it is not.

Made of the same rows and words as the unit's page; laid out as PDF by ``council.typ`` and as slides
by ``slides``. A hidden metric has no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dashboards.charts.control import control_chart
from dashboards.charts.export import fixed
from dashboards.context import Context
from dashboards.reports.chart_words import chart_alt
from dashboards.reports.charted import Charted, charted, measure_words, side_words
from dashboards.reports.common import edition_line, origin
from dashboards.reports.unit_page import UnitPage, heading
from pipelines.words.catalogue import find, text
from pipelines.words.headline_sentences import SEPARATOR
from pipelines.words.numbers import months, quantity
from pipelines.words.printed import printed
from pipelines.words.verdict_class import COMPARED

Row = dict[str, Any]
_WINDOW = ("numerator_before", "denominator_before", "numerator_after", "denominator_after",
           "value_before", "value_after")  # fmt: skip
_LINES = 4
_CHART_PX = (560, 330)


@dataclass(frozen=True)
class Figure:
    """One figure beside the chart.

    Attributes:
        label: When it is from.
        value: As it is printed.
        parts: What it is a share of, in words; empty where that says nothing.
    """

    label: str
    value: str
    parts: str


@dataclass(frozen=True)
class Finding:
    """One page.

    Attributes:
        title: The finding.
        where: Municipality and unit.
        spec: The chart, with its width and height fixed.
        alt: The chart in words.
        figures: Before, after, last year.
        verdict: The verdict's word with what it rests on.
        sentence: The verdict in a sentence.
        not_shown_heading: The heading over what it does not prove.
        not_shown: What the finding does not prove.
        foot: Notice, source, windows and how the figure is made.
        edition: Which edition, published when.
        verdict_class: One of the seven classes.
    """

    title: str
    where: str
    spec: dict[str, Any]
    alt: str
    figures: Sequence[Figure]
    verdict: str
    sentence: str
    not_shown_heading: str
    not_shown: Sequence[str]
    foot: str
    edition: str
    verdict_class: str


def finding_of(context: Context, page: UnitPage, metric_id: str) -> Finding | None:
    """Return the page of a unit's metric; ``None`` where there is none to make.

    Args:
        context: Generation, language and reader; what the reader may not see is not in it.
        page: The unit.
        metric_id: The metric.
    """
    row = page.said.get(metric_id)
    if row is None or page.is_hidden(metric_id) or page.cycle_id is None:
        return None
    unit = page.unit
    found = charted(context, page.chart_of(metric_id))
    if found is None or not found.data.points:
        return None
    spec = control_chart(found.data, context.language)
    width, height = _CHART_PX
    municipality, _ = origin(context)
    return Finding(
        heading(context, _in_whole_numbers(page, metric_id, row), metric_id, found),
        f"{municipality.split('. ')[0]} · {unit['unit_name']}",
        fixed(spec, width, height),
        chart_alt(context, found, unit["unit_name"]),
        _figures(context, page, metric_id, row),
        row["verdict"],
        row["sentence"],
        context.t("does_not_show"),
        _not_shown(context, row),
        _foot(context, found),
        edition_line(context),
        row["verdict_class"],
    )


def _in_whole_numbers(page: UnitPage, metric_id: str, row: Row) -> UnitPage:
    """The page with the metric in whole numbers, where they still tell before and after apart."""
    before, after = row["value_before"], row["value_after"]
    metric = page.metrics[metric_id]
    if before is None or after is None:
        return page
    apart = printed(before, metric["decimals"]) != printed(after, metric["decimals"])
    if apart and printed(before, 0) == printed(after, 0):
        return page
    return replace(page, metrics=page.metrics | {metric_id: metric | {"decimals": 0}})


def _figures(context: Context, page: UnitPage, metric_id: str, headline: Row) -> tuple[Figure, ...]:
    metric, unit_id = page.metrics[metric_id], page.unit["unit_id"]
    (measured,) = context.rows(
        "dim_metrics", ("numerator_plus", "numerator_minus", "denominator"), metric_id=metric_id
    )
    names = ("", "")
    if not measured["numerator_minus"] and measured["denominator"]:
        names = (
            measure_words(measured["numerator_plus"], context.language),
            measure_words(measured["denominator"], context.language),
        )
    windows = context.rows(
        "mart_before_after", _WINDOW, cycle_id=page.cycle_id, metric_id=metric_id
    )
    year = page.last_month.year
    last = context.rows(
        "mart_metric_years", ("value", "numerator", "denominator"),
        level="unit", group_id=unit_id, metric_id=metric_id, year=year,
    )  # fmt: skip
    told = [
        (label, headline[f"value_{when}"], *_sums(row, headline, when))
        for row in windows[:1]
        for label, when in (
            (context.t("before_lean"), "before"),
            (context.t("after_lean"), "after"),
        )
    ]
    told += [
        (context.t("in_year", year=year), row["value"], row["numerator"], row["denominator"])
        for row in last[:1]
    ]
    return tuple(
        Figure(
            label,
            quantity(value, metric["decimals"], metric["unit"], context.language),
            _parts(context, (above, below), measured, names),
        )
        for label, value, above, below in told
        if value is not None
    )


def _sums(window: Row, headline: Row, when: str) -> tuple[float | None, float | None]:
    """The sums behind the headline's figure; none where it is of other months than the window."""
    if window[f"value_{when}"] != headline[f"value_{when}"]:
        return None, None
    return window[f"numerator_{when}"], window[f"denominator_{when}"]


def _parts(
    context: Context, sums: tuple[float | None, float | None], measured: Row, names: tuple[str, str]
) -> str:
    above, below = sums
    if above is None or below is None or not all(names):
        return ""
    language = context.language
    return context.t(
        "share_of",
        above=side_words(above, measured["numerator_plus"], names[0], language),
        below=side_words(below, measured["denominator"], names[1], language),
    )


def _not_shown(context: Context, row: Row) -> tuple[str, ...]:
    language = context.language
    if row["basis"] == COMPARED:
        lines = [context.t("not_lean_alone")]
    else:
        reason = find(f"not_compared.{row.get('comparison_reason')}", language) or ""
        lines = [" ".join(part for part in (context.t("not_lean"), reason) if part)]
    codes = row["lowered_by"].split(SEPARATOR) if row["lowered_by"] else ()
    lines += [text(f"lowers.{code}", language) for code in codes]
    return (*lines[: _LINES - 1], context.t("single_months"))


def _foot(context: Context, found: Charted) -> str:
    notice = context.column("notice")
    (who,) = context.rows("mart_municipality", (notice,))
    points = found.data.points
    parts = [
        who[notice] or "",
        context.t("council_source", period=_period(points[0]["month"], points[-1]["month"])),
        _windows(context, found),
        context.t("sum_by_sum"),
        context.t("band_words"),
    ]
    return " ".join(part for part in parts if part)


def _period(first: date, last: date) -> str:
    return f"{first.year}\u2013{last.year}"


def _windows(context: Context, found: Charted) -> str:
    before, after = found.data.before, found.data.after
    if before is None or after is None:
        return ""
    return context.t(
        "picture_windows",
        before=months(before.first, before.last, context.language),
        after=months(after.first, after.last, context.language),
    )
