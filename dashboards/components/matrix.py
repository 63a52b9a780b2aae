"""Units by metrics as one table of links, and what stands out as a list on a phone: HTML.

Signs are backgrounds of the style sheet (``charts.icons``). Tab stops are the units and what stands
out; the rest is on the unit's page. Which rows there are is decided in ``reports.shown``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboards.components import links
from dashboards.components.signs import course, sign, star, to_series, to_unit
from dashboards.context import Context
from dashboards.reports.shown import STANDS_OUT, Shown, from_to
from dashboards.reports.status import Part
from pipelines.words.numbers import short_month
from pipelines.words.verdict_class import COMPARED, class_words

Row = dict[str, Any]


@dataclass(frozen=True)
class _Around:
    # what a row needs besides its headlines: pitfall signals by unit, and where a cell leads
    signals: Mapping[str, int]
    to: Callable[[Context, Row], str]


def table(
    context: Context,
    shown: Shown,
    parts: Sequence[Part],
    signals: Mapping[str, int],
    to: Callable[[Context, Row], str] = to_series,
) -> str:
    """Return the table.

    Args:
        context: The frame's message.
        shown: The set, for its columns.
        parts: What is to be seen, in order.
        signals: Pitfall signals of each unit.
        to: Where a cell leads, as an escaped address.
    """
    around = _Around(signals, to)
    t = context.t
    head = "".join(
        f'<th scope="col" class="ch">{escape(m["label"])}</th>' for m in shown.common.values()
    )
    own = f'<th scope="col">{escape(t("own_metrics"))}</th>'
    width = 4 + len(shown.common)
    bodies = "".join(_body(context, shown, part, around, width) for part in parts)
    return (
        f'<table class="mx"><caption class="vh">{escape(t("matrix_caption"))}</caption><thead><tr>'
        f'<th scope="col">{escape(t("unit"))}</th>'
        f'<th scope="col" class="st">{escape(t("start"))}</th>'
        f'{head}{own}<th scope="col" class="num">{escape(t("page_pitfalls"))}</th></tr></thead>'
        f"{bodies}</table>"
    )


def _body(context: Context, shown: Shown, part: Part, around: _Around, width: int) -> str:
    rows = "".join(_row(context, shown, unit, rows, around) for unit, rows in part.units.items())
    heading = ""
    if part.heading:
        heading = (
            f'<tr class="sec"><th scope="rowgroup" colspan="{width}"><span class="sn">'
            f"{escape(part.heading)}</span>{_summary(context, part)}</th></tr>"
        )
    waiting = ""
    if part.waiting:
        waiting = f'<tr class="wt"><td colspan="{width}">{waits(context, part.waiting)}</td></tr>'
    return f"<tbody>{heading}{rows}{waiting}</tbody>"


def _summary(context: Context, part: Part) -> str:
    words = [context.t("n_started", n=len(part.units))]
    if part.waiting:
        words.append(context.t("n_waiting", n=len(part.waiting)))
    said = "".join(f"<span>{escape(text)}</span>" for text in words)
    for code, word in class_words(context.language).items():
        n = sum(row["verdict_class"] == code for rows in part.units.values() for row in rows)
        if n and code in STANDS_OUT:
            said += f'<span class="v i {code} f">{n} {escape(word.lower())}</span>'
    return said


def waits(context: Context, units: Sequence[tuple[str, str]]) -> str:
    """Return the line of who waits, with links."""
    named = ", ".join(
        f'<a href="{to_unit(context, unit)}">{escape(name)}</a>' for unit, name in units
    )
    return f"{escape(context.t('those_waiting'))} {named}"


def _row(context: Context, shown: Shown, unit: str, rows: Sequence[Row], around: _Around) -> str:
    by_metric = {row["metric_id"]: row for row in rows}
    first = rows[0]
    common = "".join(
        f"<td>{_cell(context, by_metric[code], metric, around)}</td>"
        if code in by_metric
        else "<td></td>"
        for code, metric in shown.common.items()
    )
    # a unit's own share one cell: their names get what room there is
    own = "".join(
        _cell(context, by_metric[code], metric, around, is_named=True)
        for code, metric in shown.own.items()
        if code in by_metric
    )
    n = around.signals.get(unit, 0)
    pitfalls = ""
    if n:
        name = context.t("pitfalls_of", unit=first["unit_name"], n=n)
        pitfalls = f'<a href="{to_unit(context, unit)}" aria-label="{escape(name)}">{n}</a>'
    cycle = first.get("cycle_no") or 1
    which = (
        f' <span class="quiet">{escape(context.t("round_no", n=cycle))}</span>' if cycle > 1 else ""
    )
    return (
        f'<tr><th scope="row"><a href="{to_unit(context, unit)}">{escape(first["unit_name"])}</a>'
        f"{which}</th>"
        f'<td class="st">{escape(short_month(first["start_date"], context.language))}</td>'
        f'{common}<td><div class="os">{own}</div></td><td class="num">{pitfalls}</td></tr>'
    )


def _cell(
    context: Context, row: Row, metric: Row, around: _Around, *, is_named: bool = False
) -> str:
    stands_out = row["verdict_class"] in STANDS_OUT
    look = f"v {sign(row)}{' n' if is_named else ''}"
    name = escape(said(context, row, metric))
    more = f' data-card="{escape(card(context, row, metric))}"' if stands_out else ' tabindex="-1"'
    inside = escape(metric["label"]) if is_named else ""
    to = around.to(context, row)
    return f'<a class="{look}" href="{to}" aria-label="{name}"{more}>{inside}</a>'


def said(context: Context, row: Row, metric: Row) -> str:
    """Return a cell in words: ``Gimle, overtid: Bedre, sammenlignet, 3,1 til 1,8 %``."""
    before, after = from_to(context, row, metric)
    figures = context.t("from_to", before=before, after=after) if after else ""
    verdict = f"{row['unit_name']}, {metric['label']}: {row['verdict']}"
    return ", ".join(text for text in (verdict, figures) if text)


def card(context: Context, row: Row, metric: Row) -> str:
    """Return what is seen when one stops at a cell, on lines of its own."""
    before, after = from_to(context, row, metric)
    lines = [row["verdict"], f"{row['unit_name']} · {metric['label']}"]
    if after:
        months = context.t("months_against", before=row["n_before"], after=row["n_after"])
        lines.append(f"{before} → {after}, {months}")
    if row["basis"] == COMPARED and row.get("estimate") is not None:
        digits = metric["decimals"] + 1
        lines.append(
            context.t(
                "against_expected",
                estimate=context.number(row["estimate"], digits, signed=True),
                interval=context.interval(row["estimate_lo"], row["estimate_hi"], digits),
            )
        )
    return "\n".join(lines)


def chips(context: Context, shown: Shown, chosen: str | None, address: Mapping[str, str]) -> str:
    """Return the legend, which is the filter too: a class with its sign and count, each a link.

    Args:
        context: The frame's message.
        shown: What is counted.
        chosen: The class that is filtered by; ``None`` for all.
        address: What else is chosen, for the links.
    """
    counts, made = shown.counts, []
    for code, word in class_words(context.language).items():
        is_on = code == chosen
        to = links.address("status", context.language, **address, klasse="" if is_on else code)
        mark = ' aria-current="true"' if is_on else ""
        made.append(
            f'<li><a class="chip" href="{escape(to)}"{mark}><span class="v i {code} f">'
            f"{escape(word)} <b>{context.number(counts[code])}</b></span></a></li>"
        )
    label = escape(context.t("filter_by_class"))
    return f'<nav aria-label="{label}"><ul class="chips">{"".join(made)}</ul></nav>'


def phone(
    context: Context,
    shown: Shown,
    parts: Sequence[Part],
    to: Callable[[Context, Row], str] = to_series,
) -> str:
    """Return what stands out as a list by sector, and the rest folded; arguments as the table's."""
    made, rest = [], []
    for part in parts:
        items = ""
        for unit, rows in part.units.items():
            out = [row for row in rows if row["verdict_class"] in STANDS_OUT]
            link = (
                f'<a class="un" href="{to_unit(context, unit)}">{escape(rows[0]["unit_name"])}</a>'
            )
            if out:
                lines = "".join(line(context, row, shown.metric(row), to) for row in out)
                items += f"<li>{link}{lines}</li>"
            else:
                rest.append(f"<li>{link}</li>")
        if items:
            heading = f"<h2>{escape(part.heading)}</h2>" if part.heading else ""
            made.append(f"{heading}<ul>{items}</ul>")
    folded = ""
    if rest:
        words = escape(context.t("rest_of_units", n=len(rest)))
        folded = f"<details><summary>{words}</summary><ul>{''.join(rest)}</ul></details>"
    return "".join(made) + folded


def line(
    context: Context, row: Row, metric: Row, to: Callable[[Context, Row], str] = to_series
) -> str:
    """Return one metric on a line: sign, name, before and after; it leads where ``to`` says."""
    figures = course(context, row, metric)
    figures = f'<span class="num">{figures}</span>' if figures else ""
    return (
        f'<a class="pl" href="{to(context, row)}">'
        f'<span class="v i {sign(row)}">'
        f'<span class="vh">{escape(row["verdict"])}: '
        f"</span>{escape(metric['label'])}{star(row)}</span>{figures}</a>"
    )


def not_begun(context: Context, waiting: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return the line of the sectors where nobody has started.

    Args:
        context: The frame's message.
        waiting: Id and name of those who wait, by sector.
    """
    if not waiting:
        return ""
    named = "; ".join(
        f"{escape(sector)}: "
        + ", ".join(
            f'<a href="{to_unit(context, unit)}">{escape(name)}</a>' for unit, name in units
        )
        for sector, units in waiting.items()
    )
    return f'<p class="note">{escape(context.t("nobody_started"))} {named}</p>'
