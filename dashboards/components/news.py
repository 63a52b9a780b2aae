"""What is new since the edition before, as HTML of our own: counts, signals, and lists."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboards.charts.spark import Spark, spark
from dashboards.components import links
from dashboards.components.signs import to_unit
from dashboards.context import Context
from dashboards.reports.news import News, conclusions, courses
from dashboards.reports.shown import shown
from pipelines.words.news import group_word
from pipelines.words.numbers import month_alone, number, quantity

Row = dict[str, Any]
_SHOWN = 8
_MONTHS = 36
_SIGNS = {"improvement": "better", "concern": "worse", "neutral": "changed"}
_DRAWN = ("signals", "signals_gone")
_FIGURES, _FILES = "figures", "deliveries"
_COUNTED = ("conclusions", "signals", "signals_gone", "corrected", "figures", "deliveries")


def counted(context: Context, news: News, broken: int | None) -> str:
    """Return how much is new of each group, as links to the groups.

    Args:
        context: The frame's message.
        news: What is new.
        broken: Promises newly broken; ``None`` where the reader does not see them.
    """
    found = news.counts
    parts = [
        f"<li>{_count(context, group, found.get(group, 0))}</li>"
        for group in _COUNTED
        if group != _FILES or context.viewer.scope.is_everything
    ]
    if broken is not None:
        to = escape(links.address("data", context.language))
        words = escape(context.t("news_broken"))
        parts.append(f'<li><a href="{to}"><b>{context.number(broken)}</b> {words}</a></li>')
    return f'<ul class="nw-n">{"".join(parts)}</ul>'


def _count(context: Context, group: str, n: int) -> str:
    words = f"<b>{context.number(n)}</b> {escape(group_word(group, context.language).lower())}"
    return f'<a href="#nytt-{group}">{words}</a>' if n else f"<span>{words}</span>"


def groups(context: Context, news: News, names: Sequence[str]) -> str:
    """Return some of the groups, each under its heading; those with nothing are left out."""
    return "".join(
        f'<section id="nytt-{name}"><h2>{escape(group_word(name, context.language))}</h2>'
        f"{_body(context, name, news.groups[name])}</section>"
        for name in names
        if name in news.groups
    )


def _body(context: Context, name: str, rows: Sequence[Row]) -> str:
    if name in _DRAWN:
        return _signals(context, rows)
    if name == _FIGURES:
        return _figures(context, rows)
    return _folded(context, [_line(context, row) for row in rows])


def _folded(context: Context, lines: Sequence[str]) -> str:
    first = f'<ul class="nw-l">{"".join(lines[:_SHOWN])}</ul>'
    if len(lines) <= _SHOWN:
        return first
    rest = f'<ul class="nw-l">{"".join(lines[_SHOWN:])}</ul>'
    more = escape(context.t("news_more", n=context.number(len(lines) - _SHOWN)))
    return f"{first}<details><summary>{more}</summary>{rest}</details>"


def line_of(context: Context, row: Row) -> str:
    """Return one change in words, with its unit as a link; for a list elsewhere."""
    return _line(context, row)


def _line(context: Context, row: Row) -> str:
    if not row["unit_id"]:
        return f"<li>{escape(row['sentence'])}</li>"
    to = to_unit(context, row["unit_id"], row["metric_id"] or "")
    return (
        f'<li><a href="{to}">{escape(row["unit_name"] or row["unit_id"])}</a>'
        f"<br>{escape(row['sentence'])}</li>"
    )


def _figures(context: Context, rows: Sequence[Row]) -> str:
    by_unit = sorted(rows, key=lambda row: (row["unit_name"] or "", row["unit_id"]))
    lines = []
    for unit_id, found in groupby(by_unit, key=lambda row: row["unit_id"]):
        mine = list(found)
        words = context.t(
            "news_figures_of_unit",
            n=context.number(sum(row["n"] for row in mine)),
            metrics=context.number(len(mine)),
        )
        name = escape(mine[0]["unit_name"] or unit_id)
        lines.append(f'<li><a href="{to_unit(context, unit_id)}">{name}</a>: {escape(words)}</li>')
    words = context.t(
        "news_figures",
        n=context.number(sum(row["n"] for row in rows)),
        units=context.number(len(lines)),
    )
    return (
        f"<p>{escape(words)}</p><details><summary>{escape(context.t('news_per_unit'))}</summary>"
        f'<ul class="nw-l">{"".join(lines)}</ul></details>'
    )


def _signals(context: Context, rows: Sequence[Row]) -> str:
    found = shown(context)
    drawn = courses(context, rows, _MONTHS)
    said = conclusions(found)
    lines = []
    for row in rows:
        metric = found.common.get(row["metric_id"]) or found.own.get(row["metric_id"])
        if metric is not None:
            key = (row["cycle_id"], row["metric_id"])
            verdict = said.get((row["unit_id"], row["metric_id"]))
            lines.append(_signal(context, row, metric, drawn.get(key, ()), verdict))
    more = lines[_SHOWN:]
    if not more:
        return _table(context, lines)
    words = escape(context.t("news_more", n=context.number(len(more))))
    return (
        f"{_table(context, lines[:_SHOWN])}<details><summary>{words}</summary>"
        f"{_table(context, more)}</details>"
    )


def _table(context: Context, lines: Sequence[str]) -> str:
    heads = (
        ("", context.t("news_unit_and_metric")),
        ("num", context.t("news_before")),
        ("num", context.t("news_now")),
        ("nw-c", context.t("news_course")),
        ("", context.t("news_what_fired")),
    )
    head = "".join(f'<th scope="col" class="{c}">{escape(words)}</th>' for c, words in heads)
    return (
        f'<table class="nw-t"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )


def _signal(
    context: Context,
    row: Row,
    metric: Row,
    values: Sequence[float | None],
    verdict: Mapping[str, Any] | None,
) -> str:
    digits, language = metric["decimals"], context.language
    before = number(row["old_value"], digits, language)
    now = quantity(row["new_value"], digits, metric["unit"], language)
    sign = _SIGNS.get(row["colour"], "no_change")
    picture = spark(Spark(values, verdict_class=sign)) if values else ""
    image = f'<img src="{picture}" alt="{escape(context.t("course_alt"))}">' if picture else ""
    rule = context.labels("chart_rule").get(row["new_code"] or row["old_code"], "")
    what = rule[:1].upper() + rule[1:] if row["new_code"] else context.t("news_rule_is_quiet")
    conclusion = context.t("news_conclusion", verdict=verdict["verdict"]) if verdict else ""
    months = (month_alone(row[name], language) for name in ("old_month", "month"))
    old, new = (f'<span class="note">{escape(each)}</span> ' if each else "" for each in months)
    return (
        f'<tr><th scope="row"><span class="v i {sign}"></span>'
        f'<a href="{to_unit(context, row["unit_id"], row["metric_id"])}">'
        f"{escape(row['unit_name'])}</a><br>{escape(metric['label'])}</th>"
        f'<td class="num">{old}{escape(before)}</td><td class="num">{new}<b>{escape(now)}</b></td>'
        f'<td class="nw-c">{image}</td><td>{escape(what)}<br>'
        f'<span class="note">{escape(conclusion)}</span></td></tr>'
    )
