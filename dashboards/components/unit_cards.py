"""The unit in one screen: the status line, the round, the gains, the cards, and the last line.

Written as HTML of our own with every text from the data escaped; pictures are addresses, since the
page takes drawn shapes away.
"""

from html import escape
from typing import Any

import streamlit as st

from dashboards.charts.icons import verdict_address
from dashboards.charts.spark import Spark, spark
from dashboards.components import links
from dashboards.context import Context
from dashboards.reports.told import told
from dashboards.reports.unit_page import UnitPage, sparks
from pipelines.words.numbers import MISSING, months, number, quantity
from pipelines.words.told_rows import inside
from pipelines.words.verdict_class import COMPARED, LOWERED, class_words

Row = dict[str, Any]
_ALWAYS = frozenset({"better", "worse"})
_CARDS = 12
_BOARD_CARDS = 3


def icon(row: Row) -> str:
    """Return the sign of a headline's class as HTML, without words of its own."""
    address = verdict_address(row["verdict_class"], is_filled=row["basis"] == COMPARED)
    return f'<img class="u-icon" src="{address}" alt="">'


def status_line(context: Context, page: UnitPage) -> str:
    """Return the counts by class of the newest round, as a list; empty for a unit that waits."""
    found = [row["verdict_class"] for row in page.said.values()]
    if not found:
        return ""
    lines = [
        f'<li><img class="u-icon" src="{verdict_address(code, is_filled=True)}" alt="">'
        f"<b>{found.count(code)}</b> {escape(word.lower())}</li>"
        for code, word in class_words(context.language).items()
        if code in found or code in _ALWAYS
    ]
    return f'<ul class="u-status">{"".join(lines)}</ul>'


def metric_heading(context: Context, page: UnitPage, metric_id: str) -> str:
    """Return the heading over the chart: the metric, and what the series came to."""
    name = escape(page.metrics[metric_id]["label"])
    row = page.said.get(metric_id)
    parts = []
    if page.cycle and page.cycle["metric_id"] == metric_id:
        parts.append(context.t("aim_of_round"))
    parts.append(inside(row["verdict"] if row else context.t("not_started")))
    rest = " · ".join(escape(part) for part in parts)
    return f'<h2 class="u-h2">{icon(row) if row else ""}{name} <span>· {rest}</span></h2>'


def round_words(context: Context, page: UnitPage) -> str:
    """Return the round's four steps with their dates and decision."""
    cycle = page.cycle
    if cycle is None:
        return f'<p class="u-note">{escape(context.t("no_cycles"))}</p>'
    heading = context.t("round_heading", n=cycle["cycle_no"])
    steps = (("P", _plan(context, page, cycle)), ("U", _do(context, cycle)),
             ("K", _check(context, cycle)), ("K", _act(context, page, cycle)))  # fmt: skip
    # a unit that waits has a plan and a date, and nothing to check or decide yet
    shown = steps if page.has_started else steps[:2]
    lines = "".join(f"<dt>{letter}</dt><dd>{words}</dd>" for letter, words in shown)
    return f'<h2 class="u-h2">{escape(heading)}</h2><dl class="u-puck">{lines}</dl>'


def _plan(context: Context, page: UnitPage, cycle: Row) -> str:
    hypothesis = escape(cycle["hypothesis"] or "")
    words = f"«{hypothesis}»" if hypothesis else escape(context.t("no_hypothesis"))
    metric = page.metrics.get(cycle["metric_id"] or "")
    if metric is None or cycle["target_value"] is None:
        return words
    aim = quantity(cycle["target_value"], metric["decimals"], metric["unit"], context.language)
    target = context.t("round_target", metric=metric["label"], value=aim)
    return f"{words}<br>{escape(target)}"


def _do(context: Context, cycle: Row) -> str:
    if cycle["start_date"] is None:
        planned = context.day(cycle["planned_date"])
        return escape(
            context.t("round_planned", day=planned) if planned else context.t("round_no_date")
        )
    period = months(cycle["start_date"], cycle["introduction_end_date"], context.language)
    return escape(context.t("round_days", n=cycle["n_course_days"] or 0, period=period))


def _check(context: Context, cycle: Row) -> str:
    day = context.day(cycle["check_date"])
    return escape(context.t("round_checked", day=day) if day else context.t("round_not_checked"))


def _act(context: Context, page: UnitPage, cycle: Row) -> str:
    if not cycle["decision"]:
        return escape(context.t("round_not_decided"))
    decision = context.labels("cycle_decision").get(cycle["decision"], "")
    words = " ".join(part for part in (decision, context.day(cycle["step_act_date"])) if part)
    based = context.rows(
        "mart_rebase_decisions", ("decided_date", "decided_by_role"),
        unit_id=page.unit["unit_id"], metric_id=cycle["metric_id"], is_in_force=True,
    )  # fmt: skip
    for row in based[-1:]:
        day, role = context.day(row["decided_date"]), row["decided_by_role"] or ""
        words += ". " + context.t("round_new_basis", day=day, role=role)
    return escape(words)


def gains_words(context: Context, page: UnitPage) -> str:
    """Return what was claimed and what was measured, in man-years, and what stands between."""
    unit_id = page.unit["unit_id"]
    gains = context.rows(
        "mart_gains", ("title", "identified_fte", "realised_fte"),
        order_by=("identified_date",), unit_id=unit_id,
    )  # fmt: skip
    heading = f'<h2 class="u-h2">{escape(context.t("gains_fte"))}</h2>'
    if not gains:
        return heading + f'<p class="u-note">{escape(context.t("no_gains"))}</p>'
    head = (
        f'<thead><tr><th scope="col">{escape(context.t("gain"))}</th>'
        f'<th scope="col" class="u-number">{escape(context.t("identified_fte"))}</th>'
        f'<th scope="col" class="u-number">{escape(context.t("realised_fte"))}</th></tr></thead>'
    )
    body = "".join(
        _gain(context, row["title"] or "", row["identified_fte"], row["realised_fte"])
        for row in gains
    )
    checks = told(
        context, "mart_gain_checks", ("identified_fte", "realised_fte", "measured_fte"),
        ("sentence",), order_by=("scope_id",), scope_type="cycle", unit_id=unit_id,
    )  # fmt: skip
    note = ""
    for row in checks[-1:]:
        claimed = context.t("gains_claimed")
        body += _gain(context, claimed, row["identified_fte"], row["realised_fte"], is_sum=True)
        measured = number(row["measured_fte"], 1, context.language, signed=True) or MISSING
        body += (
            f"<tr><td>{escape(context.t('gains_measured'))}</td><td></td>"
            f'<td class="u-number">{measured}</td></tr>'
        )
        note = f'<p class="u-note">{escape(row["sentence"] or "")}</p>'
    return f'{heading}<table class="u-gains">{head}<tbody>{body}</tbody></table>{note}'


def _gain(
    context: Context,
    title: str,
    found: float | None,
    realised: float | None,
    *,
    is_sum: bool = False,
) -> str:
    cells = "".join(
        f'<td class="u-number">{number(value, 1, context.language) or MISSING}</td>'
        for value in (found, realised)
    )
    return f"<tr{' class=u-sum' if is_sum else ''}><td>{escape(title)}</td>{cells}</tr>"


def board_cards(context: Context, page: UnitPage, chosen: str) -> str:
    """Return three more metrics for the board, those most in need of talk first."""
    ours = set(page.cards(chosen))
    return _list(context, page, [m for m in page.in_order() if m in ours][:_BOARD_CARDS])


def _list(context: Context, page: UnitPage, wanted: list[str]) -> str:
    found = sparks(context, page, wanted)
    items = "".join(
        f"<li>{_card(context, page, metric, *found[metric])}</li>"
        for metric in wanted if metric in found
    )  # fmt: skip
    return f'<ul class="u-cards">{items}</ul>' if items else ""


def cards(context: Context, page: UnitPage, chosen: str) -> None:
    """Draw the other metrics as cards, each a link that changes the chart."""
    items = _list(context, page, page.cards(chosen)[:_CARDS])
    if not items:
        return
    words = context.t("cards_words") if page.has_started else context.t("cards_words_waiting")
    st.html(
        f'<h2 class="u-h2">{escape(context.t("other_metrics_here"))}'
        f" <span>{escape(words)}</span></h2>{items}"
    )


def _card(context: Context, page: UnitPage, metric_id: str, course: Spark, last: float) -> str:
    metric, row = page.metrics[metric_id], page.said.get(metric_id)
    to = links.address("enhet", context.language, enhet=page.unit["unit_id"], maltall=metric_id)
    latest = quantity(last, metric["decimals"], metric["unit"], context.language)
    alt = context.t("card_alt", value=latest)
    return (
        f'<a class="u-card" href="{escape(to)}" target="_self">'
        f"{icon(row) if row else ''}<b>{escape(metric['label'])}</b>"
        f'<img class="u-course" src="{spark(course)}" alt="{escape(alt)}">'
        f'<span class="u-figures"><span>{_figures(context, metric, row)}</span>'
        f"<span>{escape(_word(context, row))}</span></span>"
        f'<span class="u-figures"><span>{escape(context.t("card_last", value=latest))}</span>'
        f"<span>{escape(_aim(context, page, metric))}</span></span></a>"
    )


def _aim(context: Context, page: UnitPage, metric: Row) -> str:
    # the round's own target before the one that the metric has in every unit
    is_aim = page.cycle is not None and page.cycle["metric_id"] == metric["metric_id"]
    aims = (page.cycle["target_value"] if page.cycle and is_aim else None, metric["target_value"])
    aim = next((value for value in aims if value is not None), None)
    if aim is None:
        return ""
    words = quantity(aim, metric["decimals"], metric["unit"], context.language)
    return context.t("target_at", value=words)


def _figures(context: Context, metric: Row, row: Row | None) -> str:
    if row is None or row["value_before"] is None or row["value_after"] is None:
        return ""
    before = number(row["value_before"], metric["decimals"], context.language)
    after = quantity(row["value_after"], metric["decimals"], metric["unit"], context.language)
    return f"{before} → <b>{escape(after)}</b>"


def _word(context: Context, row: Row | None) -> str:
    if row is None:
        return ""
    word = class_words(context.language)[row["verdict_class"]].lower()
    return f"{word}{LOWERED}" if row["lowered_by"] else word


def last_line(context: Context, page: UnitPage) -> str:
    """Return what is hidden by name, how mature the unit is and its next step, and its pitfalls."""
    parts = []
    hidden = [inside(str(page.metrics[metric]["label"])) for metric in page.hidden()]
    if hidden:
        words = context.t("hidden_here", names=", ".join(hidden))
        parts.append((context.t("hidden_count", n=len(hidden)), words))
    parts += _maturity(context, page.unit["unit_id"])
    parts.append((context.t("pitfalls_short"), _pitfalls(context, page.unit["unit_id"])))
    told_in_html = " ".join(f"<b>{escape(name)}:</b> {escape(words)}" for name, words in parts)
    return f'<p class="u-last">{told_in_html}</p>'


def _maturity(context: Context, unit_id: str) -> list[tuple[str, str]]:
    level, step, missing = (context.column(c) for c in ("level", "next_step", "missing"))
    found = context.rows(
        "mart_maturity", ("level_shown", level, step, missing), unit_id=unit_id, is_latest=True
    )
    name = context.t("maturity_short")
    for row in found:
        if row["level_shown"] is None:
            return [(name, row[missing] or context.t("maturity_unknown"))]
        words = context.t(
            "maturity_level",
            n=row["level_shown"],
            level=inside(str(row[level])),
            step=row[step] or "",
        )
        return [(name, words)]
    return []


def _pitfalls(context: Context, unit_id: str) -> str:
    name = context.column("pitfall")
    rows = context.rows(
        "mart_pitfalls", (name,),
        order_by=("pitfall_no",), scope_type="unit", scope_id=unit_id, status="signal",
    )  # fmt: skip
    names = dict.fromkeys(inside(str(row[name])) for row in rows)
    return (", ".join(names) or context.t("no_signals")) + "."
