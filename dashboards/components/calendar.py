"""The calendar of deliveries, and what was held back and broken, as HTML of our own."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from dashboards.components import links
from dashboards.context import Context
from dashboards.reports.calendar import Came, Cell, Column, Line
from dashboards.reports.make import period_code
from pipelines.words.catalogue import find
from pipelines.words.numbers import month, month_alone, short_month

Row = dict[str, Any]
_MARKS = {"read": "●", "aside": "◐", "restated": "△", "missing": "✕"}
_TWICE = "="
_REASONS = 6


def heading(context: Context, came: Came) -> str:
    """Return whether the figures can be trusted, in three short sentences."""
    missing = came.missing(in_last_year=True)
    last = came.columns[-1].first if came.columns else None
    if last is None:
        come = context.t("data_no_months")
    elif missing:
        come = context.t("data_missing", n=context.number(missing), year=last.year)
    else:
        come = context.t("data_all_came", month=month(last, context.language))
    answers = {
        "yes": context.t("data_yes"),
        "reserved": context.t("data_reserved"),
        "no": context.t("data_no"),
    }
    rest = context.t(
        "data_aside_and_broken",
        aside=context.number(came.total("rows_quarantined")),
        rows=context.number(came.total("rows_in")),
        broken=context.number(len(came.broken)),
    )
    return f"{answers[came.answer]} {come} {rest}"


def why_reserved(context: Context, came: Came) -> str:
    """Return what the reservation is; empty without one."""
    said = []
    if older := came.missing(in_last_year=False):
        said.append(context.t("data_missing_before", n=context.number(older)))
    if waiting := came.waiting:
        names = ", ".join(row["file_name"] for row in waiting)
        said.append(context.t("data_waiting", files=names))
    return " ".join(said)


def sums(context: Context, came: Came) -> str:
    """Return that every row is accounted for, as one line of figures."""
    return context.t(
        "data_sums",
        rows=context.number(came.total("rows_in")),
        loaded=context.number(came.total("rows_loaded")),
        aside=context.number(came.total("rows_quarantined")),
        double=context.number(came.total("rows_duplicate")),
    )


def legend(context: Context) -> str:
    """Return what the marks mean."""
    said = (
        ("read", context.t("data_read")), ("aside", context.t("data_aside")),
        ("restated", context.t("data_restated")), ("missing", context.t("data_missing_mark")),
    )  # fmt: skip
    marks = "".join(
        f'<li><span class="cm {state}" aria-hidden="true">{_MARKS[state]}</span>'
        f" {escape(words)}</li>"
        for state, words in said
    )
    words = escape(context.t("data_twice"))
    twice = f'<li><span class="cm" aria-hidden="true">{_TWICE}</span> {words}</li>'
    return f'<ul class="ck">{marks}{twice}<li>{escape(context.t("data_empty"))}</li></ul>'


def calendar(context: Context, came: Came) -> str:
    """Return deliveries by months: a table beside, and months downwards for a phone."""
    if not came.lines:
        return f"<p>{escape(context.t('data_no_months'))}</p>"
    return (
        f'<div class="wide scroll">{_across(context, came)}</div>'
        f'<div class="ph">{_downwards(context, came)}</div>'
    )


def _across(context: Context, came: Came) -> str:
    first = next((n for n, each in enumerate(came.columns) if not each.is_year), 0)
    head = "".join(
        f'<th scope="col"{_edge(n, first)}>{_named(context, column)}</th>'
        for n, column in enumerate(came.columns)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(name_of(context, line))}</th>'
        + "".join(
            f"<td{_edge(n, first)}>{_cell(context, cell, column)}</td>"
            for n, (cell, column) in enumerate(zip(line.cells, came.columns, strict=True))
        )
        + "</tr>"
        for line in came.lines
    )
    return (
        f'<table class="ca"><caption class="vh">{escape(context.t("data_calendar"))}</caption>'
        f'<thead><tr><th scope="col">{escape(context.t("data_delivery"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _downwards(context: Context, came: Came) -> str:
    head = "".join(f'<th scope="col">{escape(name_of(context, line))}</th>' for line in came.lines)
    body = "".join(
        f'<tr><th scope="row">{_named(context, column, is_long=True)}</th>'
        + "".join(f"<td>{_cell(context, line.cells[n], column)}</td>" for line in came.lines)
        + "</tr>"
        for n, column in reversed(list(enumerate(came.columns)))
    )
    return (
        f'<table class="ca"><caption class="vh">{escape(context.t("data_calendar"))}</caption>'
        f'<thead><tr><th scope="col">{escape(context.t("news_month"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _edge(n: int, first: int) -> str:
    return ' class="ce"' if n == first and n else ""


def _named(context: Context, column: Column, *, is_long: bool = False) -> str:
    if column.is_year:
        return str(column.first.year)
    name = short_month if is_long else month_alone
    to = links.address("data", context.language, maned=period_code(column.first))
    return f'<a href="{escape(to)}">{escape(name(column.first, context.language))}</a>'


def _cell(context: Context, cell: Cell, column: Column) -> str:
    state = cell.state
    if not state:
        return ""
    words = {
        "read": context.t("data_read"),
        "aside": context.t("data_aside"),
        "restated": context.t("data_restated"),
        "missing": context.t("data_missing_mark"),
    }[state]
    n = cell.n_missing if state == "missing" and column.is_year else cell.n_aside
    count = f'<span class="cn">{context.number(n)}</span>' if n else ""
    twice = ""
    if cell.is_twice:
        twice = (
            f'<span class="cm" aria-hidden="true">{_TWICE}</span>'
            f'<span class="vh">{escape(context.t("data_twice"))}</span>'
        )
    return (
        f'<span class="cm {state}" aria-hidden="true">{_MARKS[state]}</span>'
        f'<span class="vh">{escape(words)} </span>{count}{twice}'
    )


def name_of(context: Context, line: Line) -> str:
    """Return what a line of the calendar is called."""
    name = source_name(line.contract_id, context.language)
    if line.is_alone:
        return name
    # of several lines each is told by its feed's own name
    feeds = ", ".join(feed.replace("_", " ") for feed in line.feeds)
    return f"{name}: {feeds}"


def source_name(contract_id: str, language: str) -> str:
    """Return what a source is called; by its contract where it has no name of ours."""
    return find(f"source.{contract_id}", language) or contract_id


def without_months(context: Context, came: Came) -> str:
    """Return the files that tell of no month."""
    if not came.others:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(source_name(contract, context.language))}</th>'
        f'<td class="num">{context.number(files)}</td><td class="num">{context.number(rows)}</td>'
        f'<td class="num">{context.number(aside)}</td></tr>'
        for contract, files, rows, aside in came.others
    )
    heads = (context.t("data_files"), context.t("data_rows"), context.t("data_held_back"))
    head = "".join(f'<th scope="col" class="num">{escape(words)}</th>' for words in heads)
    return (
        f"<section><h2>{escape(context.t('data_without_months'))}</h2>"
        f'<table class="cl"><thead><tr><th scope="col">{escape(context.t("data_delivery"))}</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def held_back(context: Context, reasons: Sequence[str]) -> str:
    """Return why rows are held back, the most common first.

    Args:
        context: The frame's message.
        reasons: One per row held back, without the row's number.
    """
    counted = Counter(reasons).most_common()
    lines = "".join(
        f"<li><b>{context.number(n)}</b> {escape(reason)}</li>" for reason, n in counted[:_REASONS]
    )
    rest = sum(n for _, n in counted[_REASONS:])
    if rest:
        lines += f"<li><b>{context.number(rest)}</b> {escape(context.t('data_other_reasons'))}</li>"
    title = context.t("data_why_held_back", n=context.number(len(reasons)))
    return f'<section><h2>{escape(title)}</h2><ul class="nw-l">{lines}</ul></section>'


def promises(context: Context, came: Came) -> str:
    """Return the promises that were broken, by name; the kept ones are counted."""
    kept, all_of_them = len(came.promises) - len(came.broken), len(came.promises)
    title = context.t(
        "data_promises_kept", kept=context.number(kept), all=context.number(all_of_them)
    )
    lines = "".join(
        f"<li>{escape(row['promised_nb'] or row['rule_id'])}"
        f'<br><span class="note">{escape(_broken(context, row))}</span></li>'
        for row in came.broken
    )
    return f'<section><h2>{escape(title)}</h2><ul class="nw-l">{lines}</ul></section>'


def _broken(context: Context, row: Row) -> str:
    severity = context.labels("severity").get(row["severity"], row["severity"])
    since = context.labels("check_change").get(row["change"], "")
    said = context.t(
        "data_broken_rows", n=context.number(row["n_failed"]), all=context.number(row["n_rows"])
    )
    return " · ".join(part for part in (row["table_name"], said, severity, since) if part)
