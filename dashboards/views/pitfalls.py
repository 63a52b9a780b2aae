"""Where to look: the six pitfalls as signals with the figures behind them, never as verdicts."""

from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.charts.effects import bars
from dashboards.components.change_tables import unit_link
from dashboards.components.choices import choose_among
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.figures import figure, not_delivered
from dashboards.components.pitfall_heat import heat
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.told import told

Row = dict[str, Any]
_SIGNAL, _CANNOT_SEE = "signal", "cannot_see"


def show(context: Context) -> None:
    """Draw the page."""
    rows = _rows(context)
    units = [row for row in rows if row["scope_type"] == "unit"]
    if not units:
        not_delivered(context, context.t("lean_register"), "lean")
        return
    _words(context, units)
    st.html(heat(context, units))
    _how_many(context, units)
    st.header(context.t("pitfalls_one_by_one"), anchor=False)
    for (no, name), found in groupby(rows, key=lambda row: (row["pitfall_no"], row["pitfall"])):
        of_it = list(found)
        n = len({row["scope_id"] for row in of_it if _is(row, _SIGNAL)})
        with st.expander(context.t("pitfall_units", pitfall=plain(f"{no}. {name}"), n=n)):
            _pitfall(context, of_it)
    _one_unit(context, units)
    _take_away(context, units)


def _rows(context: Context) -> list[Row]:
    texts = ("pitfall", "caveat")
    rows = told(
        context,
        "mart_pitfalls",
        ("scope_type", "scope_id", "unit_name", "pitfall_no", "signal_id", "status",
         "first_seen_date", "as_of_date", "note", "note_date", "note_by_role",
         context.column("status"), *(context.column(text) for text in texts)),
        ("rule", "text"),
        order_by=("pitfall_no", "signal_order", "unit_name"),
    )  # fmt: skip
    return [
        row
        | {text: row[context.column(text)] for text in texts}
        | {"code": row["status"], "status_words": row[context.column("status")]}
        for row in rows
    ]


def _words(context: Context, units: list[Row]) -> None:
    of_all = {row["scope_id"] for row in units}
    signals = [row for row in units if row["code"] == _SIGNAL]
    unseen = [row for row in units if row["code"] == _CANNOT_SEE]
    words = context.t(
        "pitfalls_headline",
        units=len({row["scope_id"] for row in signals}),
        all=len(of_all),
        day=context.day(units[0]["as_of_date"]),
    )
    st.markdown(f"**{plain(words)}**")
    st.markdown(context.t("pitfalls_words", unseen=len(unseen), asked=len(units)))


def _how_many(context: Context, units: list[Row]) -> None:
    signals = [row for row in units if row["code"] == _SIGNAL]
    unseen = [row for row in units if row["code"] == _CANNOT_SEE]
    names = {row["pitfall_no"]: row["pitfall"] for row in units}
    counts = [
        (
            f"{no}. {name}",
            len({row["scope_id"] for row in signals if row["pitfall_no"] == no}),
            "",
        )
        for no, name in sorted(names.items())
    ]
    alt = ". ".join(f"{name}: {n}" for name, n, _ in counts)
    lines = [
        {
            context.t("pitfall"): name,
            context.t("units_with_signal"): context.number(n),
            context.t("units_not_seen"): context.number(
                len({row["scope_id"] for row in unseen if row["pitfall_no"] == no}),
            ),
        }
        for (name, n, _), no in zip(counts, sorted(names), strict=True)
    ]
    taken = Taken("fallgruver-antall", context.t("pitfalls_title"))
    figure(context, bars(counts, context.language), alt, lines, taken)


def _pitfall(context: Context, rows: list[Row]) -> None:
    if rows[0]["caveat"]:
        st.caption(plain(rows[0]["caveat"]))
    whole = [row for row in rows if row["scope_type"] == "municipality"]
    if whole:
        table(
            [
                {
                    context.t("signal"): row["rule"],
                    context.t("status"): row["status_words"],
                    context.t("where_seen"): row["text"],
                    context.t("since"): context.day(row["first_seen_date"]),
                }
                for row in whole
            ]
        )
    signals = [row for row in rows if _is(row, _SIGNAL)]
    if signals:
        st.markdown(context.t("possible_pitfall_here"))
        table(
            [
                {
                    context.t("unit"): unit_link(context, row["scope_id"], row["unit_name"]),
                    context.t("figures"): _figures(context, row),
                    context.t("since"): context.day(row["first_seen_date"]),
                }
                for row in signals
            ]
        )
    else:
        st.markdown(context.t("no_signal_here"))
    unseen = [row for row in rows if _is(row, _CANNOT_SEE)]
    if unseen:
        with st.expander(context.t("cannot_be_seen", n=len(unseen))):
            table(
                [
                    {
                        context.t("unit"): row["unit_name"],
                        context.t("signal"): row["rule"],
                        context.t("why_not"): row["text"],
                    }
                    for row in unseen
                ]
            )


def _is(row: Row, code: str) -> bool:
    return (row["scope_type"], row["code"]) == ("unit", code)


def _figures(context: Context, row: Row) -> str:
    text: str = row["text"]
    if not row["note"]:
        return text
    who = ", ".join(part for part in (row["note_by_role"], context.day(row["note_date"])) if part)
    return text + " " + context.t("noted", note=row["note"], who=who)


def _one_unit(context: Context, units: list[Row]) -> None:
    st.header(context.t("one_unit"), anchor=False)
    names = sorted({(row["unit_name"], row["scope_id"]) for row in units})
    unit_id = choose_among(context, {code: name for name, code in names})
    mine = [row for row in units if row["scope_id"] == unit_id]
    if not mine:
        st.markdown(context.t("choose_to_see"))
        return
    table(
        [
            {
                context.t("pitfall"): row["pitfall"],
                context.t("status"): row["status_words"],
                context.t("figures"): _figures(context, row),
            }
            for row in mine
        ]
    )


def _take_away(context: Context, units: list[Row]) -> None:
    headings = (
        context.t("unit"), context.t("pitfall"), context.t("signal"), context.t("status"),
        context.t("figures"), context.t("since"), context.t("note"),
    )  # fmt: skip
    cells = [
        (r["unit_name"], r["pitfall"], r["rule"], r["status_words"], r["text"],
         r["first_seen_date"], r["note"])
        for r in units
    ]  # fmt: skip
    table_buttons(context, Taken("fallgruver", context.t("pitfalls_title"), headings, cells))
