"""The parts of the front page: pooled effects, what held, counts, how far, three topics: HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboards.charts.spark import spark
from dashboards.components import links
from dashboards.components.forest import Line, Named, forest_section, pooled_line
from dashboards.components.news import line_of
from dashboards.components.signs import course, sign, star, to_series, to_topic, to_unit
from dashboards.context import Context
from dashboards.reports.group import ALL, courses
from dashboards.reports.news import News
from dashboards.reports.pooled import Pooled
from dashboards.reports.shown import STANDS_OUT, Shown, from_to
from dashboards.reports.told import estimate_decimals
from pipelines.words.catalogue import text
from pipelines.words.headline_sentences import SEPARATOR
from pipelines.words.verdict_class import COMPARED, OWN_CHART, class_words

Row = dict[str, Any]
_TOPICS = 3
_SQUARE_PX = 32
_DECIMALS = 2


def pooled_effects(context: Context, found: Pooled) -> str:
    """Return the forest of the metrics every unit has; empty where nothing is pooled."""
    lines = [
        _pooled(context, row, found.metrics[row["metric_id"]])
        for row in found.rows
        if found.metrics[row["metric_id"]]["is_core"]
    ]
    if not lines:
        return ""
    words = context.t("against_without_words")
    return forest_section(context, lines, context.t("against_without"), words, context.t("metric"))


def _pooled(context: Context, row: Row, metric: Row) -> Line:
    # metrics of unequal decimals stand under each other here
    digits = max(estimate_decimals(row, metric), _DECIMALS)
    share = row["effect_unit"] == "percent"
    name = context.t("in_percent", metric=metric["label"]) if share else metric["label"]
    to = links.address("gruppe", context.language, gruppe=ALL, maltall=row["metric_id"])
    return pooled_line(context, row, metric, Named(name, digits, to))


def held(context: Context, shown: Shown, by_chance: float | None) -> str:
    """Return the improvements that held, drawn against chance, and by name.

    Args:
        context: The frame's message.
        shown: What is counted.
        by_chance: How many of them chance alone gives; ``None`` draws no bracket.
    """
    rows = shown.held
    if not rows:
        return f"<section><h2>{escape(context.t('nothing_held'))}</h2></section>"
    judged = sum(row["basis"] in (COMPARED, OWN_CHART) for row in shown.rows)
    title = context.t(
        "held_title", n=context.number(len(rows)), units=len({row["unit_id"] for row in rows})
    )
    squares = "".join(
        f'<a class="v sq {sign(row)}" href="{to_series(context, row)}"'
        f' tabindex="-1" aria-label="{escape(_named(shown, row))}"></a>'
        for row in sorted(rows, key=lambda row: row["basis"] != COMPARED)
    )
    bracket = ""
    if by_chance is not None:
        width = max(2, round(by_chance * _SQUARE_PX))
        words = context.t("by_chance", n=context.number(by_chance, 1))
        bracket = (
            f'<div class="br" style="width:{width}px"></div><p class="note">{escape(words)}</p>'
        )
    lines = "".join(
        _unit_lines(context, shown, list(found))
        for _, found in groupby(rows, key=lambda row: row["unit_id"])
    )
    return (
        f"<section><h2>{escape(title)}</h2>"
        f'<p class="note">{escape(context.t("held_words", judged=context.number(judged)))}</p>'
        f'<div class="sqs">{squares}</div>{bracket}'
        f'<table class="he"><caption class="vh">{escape(title)}</caption><tbody>{lines}</tbody>'
        f"</table></section>"
    )


def _unit_lines(context: Context, shown: Shown, rows: Sequence[Row]) -> str:
    made = []
    for n, row in enumerate(rows):
        before, after = from_to(context, row, shown.metric(row))
        name = f'<a href="{to_unit(context, row["unit_id"])}">{escape(row["unit_name"])}</a>'
        first = f'<th scope="rowgroup" rowspan="{len(rows)}">{name}</th>' if n == 0 else ""
        made.append(
            f'<tr{" class=first" if n == 0 else ""}>{first}<td><a class="v i {sign(row)}"'
            f' href="{to_series(context, row)}">{escape(shown.metric(row)["label"])}{star(row)}'
            f'</a></td><td class="num">{escape(before)} →</td>'
            f'<td class="num"><b>{escape(after)}</b></td></tr>'
        )
    return "".join(made)


def counted(context: Context, shown: Shown) -> str:
    """Return how many of each class there are, as one bar and in figures."""
    counts, all_of_them = shown.counts, len(shown.rows)
    title = context.t("all_measured", n=context.number(all_of_them), units=len(shown.units))
    parts, words = [], []
    for code, word in class_words(context.language).items():
        if not counts[code]:
            continue
        parts.append(f'<span class="b-{code}" style="flex:{counts[code]} 0 3px"></span>')
        to = escape(links.address("status", context.language, klasse=code, fane="maltall"))
        words.append(
            f'<li><a class="v i {code} f" href="{to}">{escape(word)}'
            f" <b>{context.number(counts[code])}</b></a></li>"
        )
    return (
        f'<section><h2>{escape(title)}</h2><div class="bar" aria-hidden="true">{"".join(parts)}'
        f'</div><ul class="chips">{"".join(words)}</ul></section>'
    )


def how_far(context: Context, now: Mapping[str, Any]) -> str:
    """Return how many units have come how far.

    Args:
        context: The frame's message.
        now: The newest month end of ``mart_adoption``.
    """
    names = ("units_trained", "units_in_progress", "units_not_started")
    bar = "".join(f'<span class="h-{name}" style="flex:{now[name]} 0 0"></span>' for name in names)
    words = context.t(
        "how_far_words",
        trained=context.number(now["units_trained"]),
        under_way=context.number(now["units_in_progress"]),
        waiting=context.number(now["units_not_started"]),
        day=context.day(now["as_of_date"]),
    )
    to = escape(links.address("utrulling", context.language))
    return (
        f'<section class="far"><div class="bar" aria-hidden="true">{bar}</div>'
        f'<p class="small"><a href="{to}">{escape(words)}</a></p></section>'
    )


def topics(context: Context, shown: Shown) -> str:
    """Return three things to discuss, one per unit: the figures, the verdict and the next step."""
    rows = sorted(
        (row for row in shown.rows if row["verdict_class"] in STANDS_OUT),
        key=lambda row: (row["talk_order"], row["unit_name"]),
    )
    by_unit: dict[str, list[Row]] = {}
    for row in rows:
        by_unit.setdefault(row["unit_id"], []).append(row)
    made = [_topic(context, shown, found) for found in list(by_unit.values())[:_TOPICS]]
    if not made:
        return ""
    whole = escape(links.address("status", context.language, sortert="samtale", fane="maltall"))
    return (
        f"<section class='tp'><h2>{escape(context.t('three_topics'))}</h2>"
        f'<p class="note">{escape(context.t("three_topics_words"))} '
        f'<a href="{whole}">{escape(context.t("whole_list"))}</a></p>'
        f'<div class="tps">{"".join(made)}</div></section>'
    )


def _topic(context: Context, shown: Shown, rows: Sequence[Row]) -> str:
    first = rows[0]
    lines = "".join(
        f'<li><a class="v i {sign(row)}" href="{to_series(context, row)}">'
        f"{escape(shown.metric(row)['label'])}</a>: {course(context, row, shown.metric(row))}."
        f" {escape(row['verdict'])}.</li>"
        for row in rows
    )
    why = " ".join(dict.fromkeys(_weakens(context, row) for row in rows if row["lowered_by"]))
    reason = f"<p class='note'>* {escape(why)}</p>" if why else ""
    step = first.get(context.column("next_step")) or ""
    ask = f"<p><b>{escape(context.t('ask'))}</b> {escape(step)}</p>" if step else ""
    taken_up = (
        f'<p class="small"><a href="{to_topic(context, first)}">{escape(context.t("take_up"))}'
        f'<span class="vh">: {escape(first["unit_name"])}</span></a></p>'
    )
    return (
        f'<article><h3><a href="{to_unit(context, first["unit_id"])}">'
        f"{escape(first['unit_name'])}</a></h3>"
        f"<ul>{lines}</ul>{_drawn(context, shown, first)}{reason}{ask}{taken_up}</article>"
    )


def _drawn(context: Context, shown: Shown, row: Row) -> str:
    # the first of the unit's figures, month by month, with the means the line above prints
    metric = shown.metric(row)
    found = courses(context, [row], row["metric_id"]).get(row["unit_id"])
    if found is None:
        return ""
    words = context.t("topic_course", metric=metric["label"])
    return (
        f'<figure class="tp-c"><img src="{spark(found)}" alt="">'
        f'<figcaption class="note">{escape(words)}</figcaption></figure>'
    )


def _weakens(context: Context, row: Row) -> str:
    codes = str(row["lowered_by"]).split(SEPARATOR)
    return " ".join(text(f"lowers.{code}", context.language) for code in codes)


def newest(context: Context, found: News) -> str:
    """Return what is new since the edition before: the heading, and the few that mean most."""
    to = escape(links.address("nytt", context.language))
    lines = "".join(line_of(context, row) for row in found.most[:_TOPICS])
    words = found.title if found.is_comparable else found.until
    return (
        f"<section class='tp'><h2>{escape(context.t('page_news'))}</h2>"
        f'<p>{escape(words)} <a href="{to}">{escape(context.t("news_all"))}</a></p>'
        f'<ul class="nw-l">{lines}</ul></section>'
    )


def _named(shown: Shown, row: Row) -> str:
    return f"{row['unit_name']}, {shown.metric(row)['label']}: {row['verdict']}"
