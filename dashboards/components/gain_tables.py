"""What figures, budgets and later years say about the gains that are claimed."""

from collections import Counter
from functools import partial
from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.figures import folded
from dashboards.components.folds import part
from dashboards.components.tables import table
from dashboards.context import Context
from dashboards.reports.told import told

Row = dict[str, Any]
_SHOWN = 15
_GROUPS = ("municipality", "pilots", "wave")
_LASTING = ("still_there", "gone", "cannot_see", "too_early")


def checks(context: Context) -> list[Row]:
    """Return what the measurement says, the whole first.

    Texts are in ``status_words`` and ``sentence``. Rows without a unit are only there for a
    reader who may see everything.
    """
    if not context.has("mart_gain_checks"):
        return []
    status = context.column("status")
    columns = (
        "scope_type", "scope_id", "unit_name", "identified_fte", "realised_fte",
        "realised_counted_fte", "realised_compared_fte", "measured_fte", "measured_lo",
        "measured_hi", "n_gains", "status_group", status,
    )  # fmt: skip
    order = {scope: n for n, scope in enumerate((*_GROUPS, "cycle", "unit"))}
    order_by = ("unit_name", "scope_id")
    rows = told(context, "mart_gain_checks", columns, ("sentence",), order_by=order_by)
    named = [row | {"status_words": row[status]} for row in rows]
    return sorted(named, key=lambda row: (order[row["scope_type"]], _number(row["scope_id"])))


def _number(scope_id: str) -> int:
    return int(scope_id) if scope_id.isdigit() else 0


def measured_beside(context: Context, rows: list[Row]) -> None:
    """Draw identified, realised and measured side by side, for groups and for units."""
    shown = [row for row in rows if row["n_gains"]]
    if not shown:
        return
    whole = next((row for row in shown if row["scope_type"] == "municipality"), None)
    said = whole["status_words"] if whole else ""
    part(context.t("measured_beside"), said, partial(_measured, context, shown))


def _measured(context: Context, shown: list[Row]) -> None:
    st.markdown(context.t("measured_beside_words"))
    names = {"municipality": context.t("all_units"), "pilots": context.t("page_pilots")}
    groups = [row for row in shown if row["scope_type"] in _GROUPS]
    if groups:
        table(
            [
                _check(context, row, names.get(row["scope_type"]) or _wave(context, row))
                for row in groups
            ]
        )
    units = [row for row in shown if row["scope_type"] not in _GROUPS]
    if units:
        with st.expander(context.t("unit_by_unit", n=len(units))):
            table([_check(context, row, row["unit_name"]) for row in units])
    named = [(names.get(row["scope_type"]) or _wave(context, row), row) for row in groups]
    named += [(row["unit_name"], row) for row in units]
    headings = (
        context.t("who"), context.t("identified"), context.t("realised"), context.t("measured"),
        context.t("interval_low"), context.t("interval_high"), context.t("what_figures_say"),
        context.t("of_that_evidence"), context.t("in_measured_months"),
    )  # fmt: skip
    order = (
        "identified_fte", "realised_fte", "measured_fte", "measured_lo", "measured_hi",
        "status_words", "realised_counted_fte", "realised_compared_fte",
    )  # fmt: skip
    cells = [(name, *(row[column] for column in order)) for name, row in named]
    table_buttons(context, Taken("meldt-mot-malt", context.t("measured_beside"), headings, cells))


def _wave(context: Context, row: Row) -> str:
    return context.t("wave_no", n=row["scope_id"])


def _check(context: Context, row: Row, name: str) -> dict[str, str]:
    ends = context.interval(row["measured_lo"], row["measured_hi"], 1)
    measured = context.number(row["measured_fte"], 1, signed=True)
    return {
        context.t("who"): name,
        context.t("identified"): context.number(row["identified_fte"], 1),
        context.t("realised"): context.number(row["realised_fte"], 1),
        context.t("measured"): f"{measured} ({ends})" if ends else "",
        context.t("what_figures_say"): row["status_words"],
        context.t("of_that_evidence"): context.number(row["realised_counted_fte"], 1),
        context.t("in_measured_months"): context.number(row["realised_compared_fte"], 1),
    }


def to_sort_out(context: Context) -> None:
    """Draw what must be sorted out: counted twice first, then claims without evidence."""
    if not context.has("mart_gain_issues"):
        return
    issue = context.column("issue")
    rows = told(
        context,
        "mart_gain_issues",
        ("unit_name", "severity", issue),
        ("sentence",),
        order_by=("severity", "unit_name"),
    )
    if not rows:
        part(context.t("to_sort_out"), context.t("nothing_to_sort_out"))
        return
    errors = [row for row in rows if row["severity"] == "error"]
    said = context.t("to_sort_out_words", errors=len(errors), warnings=len(rows) - len(errors))
    lines = [
        {
            context.t("unit"): row["unit_name"] or "",
            context.t("issue"): row[issue],
            context.t("in_words"): row["sentence"],
        }
        for row in rows
    ]
    part(context.t("to_sort_out"), said, partial(folded, context, lines, _SHOWN))


def in_the_budget(context: Context) -> None:
    """Draw whether the savings are found in the budget."""
    if not context.has("mart_gain_savings"):
        return
    status = context.column("saving_status")
    rows = told(
        context,
        "mart_gain_savings",
        ("unit_name", "realised_year", status),
        ("sentence",),
        order_by=("realised_year", "unit_name"),
    )
    if not rows:
        part(context.t("in_the_budget"), context.t("no_savings"))
        return
    said = Counter(row[status] for row in rows)
    counted = "; ".join(f"{words} {context.number(n)}" for words, n in said.most_common())
    lines = [
        {
            context.t("unit"): row["unit_name"],
            context.t("year"): str(row["realised_year"]),
            context.t("conclusion"): row[status],
            context.t("in_words"): row["sentence"],
        }
        for row in rows
    ]
    part(context.t("in_the_budget"), counted, partial(table, lines))


def still_there(context: Context) -> None:
    """Draw whether the gains with evidence were still there one and two years later."""
    wanted = ("lasting_year_1", "realised_fte_year_1", "lasting_year_2", "realised_fte_year_2")
    if context.present("mart_gains", wanted) != wanted:
        return
    rows = [
        row
        for row in context.rows(
            "mart_gains",
            ("title", "unit_name", "first_realised_date", "realised_counted_fte", *wanted),
            order_by=("first_realised_date", "unit_name"),
        )
        if row["lasting_year_1"] and row["realised_counted_fte"]
    ]
    if not rows:
        part(context.t("still_there"), context.t("none_realised"))
        return
    said = context.t("still_there_words")
    part(context.t("still_there"), said, partial(_still_there, context, rows))


def _still_there(context: Context, rows: list[Row]) -> None:
    labels = context.labels("gain_lasting")
    table(
        [
            {
                context.t("what_is_seen"): labels[code],
                context.t("a_year_on"): context.number(_count(rows, "lasting_year_1", code)),
                context.t("two_years_on"): context.number(_count(rows, "lasting_year_2", code)),
            }
            for code in _LASTING
        ]
    )
    with st.expander(context.t("show_all", n=len(rows))):
        table(
            [
                {
                    context.t("unit"): row["unit_name"],
                    context.t("gain"): row["title"],
                    context.t("realised_from"): context.day(row["first_realised_date"]),
                    context.t("of_that_evidence"): context.number(row["realised_counted_fte"], 1),
                    context.t("a_year_on"): _lasting(context, row, 1, labels),
                    context.t("two_years_on"): _lasting(context, row, 2, labels),
                }
                for row in rows
            ]
        )


def _count(rows: list[Row], column: str, code: str) -> int:
    return len([row for row in rows if row[column] == code])


def _lasting(context: Context, row: Row, year: int, labels: dict[str, str]) -> str:
    words = labels.get(row[f"lasting_year_{year}"] or "", "")
    fte = context.number(row[f"realised_fte_year_{year}"], 1)
    return f"{words} ({fte})" if fte else words


def all_gains(context: Context) -> None:
    """Draw the register of gains, with a file to take away."""
    status = context.column("check_status")
    known = context.present("mart_gains", ("realised_counted_fte", status))
    columns = (
        "unit_name", "title", "tool", "status", "identified_date", "identified_fte",
        "realised_fte", *known,
    )  # fmt: skip
    rows = context.rows("mart_gains", columns, order_by=("unit_name", "identified_date"))
    if not rows:
        part(context.t("all_gains"), context.t("no_gains_here"))
        return
    said = context.t("n_gains", n=context.number(len(rows)))
    part(context.t("all_gains"), said, partial(_register, context, rows, status))


def _register(context: Context, rows: list[Row], status: str) -> None:
    statuses = context.labels("gain_status")
    headings = (
        context.t("unit"), context.t("gain"), context.t("tool"), context.t("status"),
        context.t("identified_on"), context.t("identified_fte"), context.t("realised_fte"),
        context.t("of_that_evidence"), context.t("what_figures_say"),
    )  # fmt: skip
    cells = [
        (
            row["unit_name"],
            row["title"],
            row["tool"],
            statuses.get(row["status"], row["status"]),
            row["identified_date"],
            row["identified_fte"],
            row["realised_fte"],
            row.get("realised_counted_fte"),
            row.get(status),
        )
        for row in rows
    ]
    table([dict(zip(headings, _texts(context, cell), strict=True)) for cell in cells])
    table_buttons(context, Taken("gevinster", context.t("all_gains"), headings, cells))


def _texts(context: Context, cell: tuple[Any, ...]) -> list[str]:
    texts = [str(part or "") for part in cell]
    texts[4] = context.day(cell[4])
    texts[5:8] = [context.number(part, 2) for part in cell[5:8]]
    return texts
