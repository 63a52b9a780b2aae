"""The parts of the page of a group: units and the group on one axis, and side by side: HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dashboards.charts.forest import Interval
from dashboards.charts.spark import Spark, spark
from dashboards.components import links
from dashboards.components.forest import Line, Named, band, forest_section, pooled_line
from dashboards.components.signs import course, sign, star, to_series
from dashboards.context import Context
from dashboards.reports.group import Group, is_near
from dashboards.reports.shown import from_to
from dashboards.reports.told import estimate_decimals
from pipelines.words.numbers import MISSING
from pipelines.words.verdict_class import COMPARED

Row = dict[str, Any]


def chips(context: Context, known: Mapping[str, Group], group: Group, metric: Row | None) -> str:
    """Return the groups most asked for as links, so that one click changes the group.

    Args:
        context: The frame's message.
        known: The reader's groups.
        group: The one that is shown.
        metric: The metric that is shown, which the links keep.
    """
    kept = {"maltall": metric["metric_id"]} if metric else {}
    made = []
    for code, one in known.items():
        if not is_near(code):
            continue
        to = escape(links.address("gruppe", context.language, gruppe=code, **kept))
        mark = ' aria-current="true"' if code == group.code else ""
        made.append(f'<li><a class="chip" href="{to}"{mark}>{escape(one.name)}</a></li>')
    label = escape(context.t("group_chips"))
    listed = f'<ul class="chips">{"".join(made)}</ul>'
    return f'<div class="pk"><nav aria-label="{label}">{listed}</nav></div>'


def units_forest(
    context: Context, rows: Sequence[Row], metric: Row, group: Group, pooled: Row | None
) -> str:
    """Return the compared units with their intervals, and the group as a diamond below.

    Args:
        context: The frame's message.
        rows: Each unit's newest headline.
        metric: The catalogue's row.
        group: The group.
        pooled: The group's row of ``mart_effects_pooled``.
    """
    compared = [row for row in rows if row["basis"] == COMPARED and row["estimate"] is not None]
    lines = [_unit(context, row, metric) for row in compared]
    if pooled is not None:
        name = context.t("group_together", group=group.name)
        named = Named(name, _digits(pooled, metric), is_group=True)
        lines.append(pooled_line(context, pooled, metric, named))
    title = context.t("each_against_without")
    if not lines:
        return (
            f"<section><h2>{escape(title)}</h2><p>{escape(context.t('no_estimates'))}</p></section>"
        )
    words = context.t("each_against_without_words")
    return forest_section(context, lines, title, words, context.t("unit"))


def _unit(context: Context, row: Row, metric: Row) -> Line:
    digits = _digits(row, metric)
    before, after = from_to(context, row, metric)
    return Line(
        row["unit_name"] + star(row),
        "",
        links.address("enhet", context.language, enhet=row["unit_id"], maltall=row["metric_id"]),
        Interval(
            row["estimate"], row["estimate_lo"], row["estimate_hi"], band(row, metric),
            row["verdict_class"],
        ),
        context.number(row["estimate"], digits, signed=True),
        context.interval(row["estimate_lo"], row["estimate_hi"], digits),
        before=before,
        after=after,
    )  # fmt: skip


def _digits(row: Row, metric: Row) -> int:
    return estimate_decimals(row, metric) + 1


def side_by_side(
    context: Context, rows: Sequence[Row], metric: Row, courses: Mapping[str, Spark]
) -> str:
    """Return the units' months as small pictures on one axis, each a link; hidden ones by name."""
    made = []
    for row in rows:
        drawn = courses.get(row["unit_id"])
        if drawn is None:
            continue
        figures = course(context, row, metric) or MISSING
        alt = escape(f"{row['unit_name']}, {metric['label']}: {row['verdict']}")
        made.append(
            f'<li><a href="{to_series(context, row)}"><span class="v i {sign(row)}">'
            f'{escape(row["unit_name"])}</span><img src="{spark(drawn)}" alt="{alt}"></a>'
            f'<span class="small">{figures}</span></li>'
        )
    if not made:
        return ""
    low, high = next(iter(courses.values())).axis or (0.0, 0.0)
    words = context.t(
        "side_by_side_axis",
        low=context.number(low, metric["decimals"]),
        high=context.number(high, metric["decimals"]),
    )
    return (
        f'<section class="tp"><h2>{escape(context.t("side_by_side_units"))}</h2>'
        f'<p class="note">{escape(words)}</p><ul class="sm">{"".join(made)}</ul></section>'
    )
