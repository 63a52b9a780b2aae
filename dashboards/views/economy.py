"""Did the money hold? Accounts against budget, overtime, substitutes net of refunds."""

from typing import Any

import streamlit as st

from dashboards.charts.totals import Line, deviations, lines
from dashboards.components.amounts import (
    amounts,
    deviation_in_millions,
    millions,
    staff_cells,
    unit_cells,
)
from dashboards.components.choices import choose_among, pick_year
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.figures import figure, folded, not_delivered
from dashboards.components.lean_cost import cost_table
from dashboards.components.tables import filled, plain, table
from dashboards.context import Context
from pipelines.words.numbers import HIDDEN, month

Row = dict[str, Any]
_AMOUNTS = ("original_budget_nok", "revised_budget_nok", "accounts_nok", "deviation_nok",
            "deviation_pct")  # fmt: skip
_STAFF = ("overtime_nok", "overtime_pct", "substitute_nok", "sick_pay_refund_nok",
          "substitute_net_nok",
          "suppression_reason", "refund_suppression_reason")  # fmt: skip
_MONTHLY = ("overtime_pct", "substitute_net_pct")
_SUMS = ("all", "operations")
_SHOWN = 15


def show(context: Context) -> None:
    """Draw the accounts; the page around them has the title."""
    rows = _rows(context)
    whole = [row for row in rows if row["scope_type"] == "municipality"]
    years = [row for row in whole if row["art_group"] == "operations"]
    if years:
        _headline(context, years)
        _years(context, years)
        _by_group(context, [row for row in whole if row["art_group"] not in _SUMS])
        _staff(context, years)
    elif rows:
        st.info(context.t("whole_not_shown"))
    else:
        not_delivered(context, context.t("ledger"), "ledger")
        return
    _monthly(context, "municipality")
    _units(context, [row for row in rows if row["scope_type"] == "unit"])
    cost_table(context)


def _rows(context: Context) -> list[Row]:
    group, words = context.column("art_group"), context.column("deviation")
    if not context.has("mart_economy_totals"):
        return []
    rows = context.rows(
        "mart_economy_totals",
        ("scope_type", "unit_id", "unit_name", "sector", "year", "art_group", group, words,
         *_AMOUNTS, *_STAFF),
        order_by=("year", "unit_name", "art_group"),
    )  # fmt: skip
    nowhere = context.t("not_on_a_unit")
    return [
        row
        | {
            "group": row[group],
            "words": row[words] or "",
            "unit_name": row["unit_name"] if row["unit_id"] else nowhere,
        }
        for row in rows
    ]


def _headline(context: Context, years: list[Row]) -> None:
    now = next((row for row in reversed(years) if row["deviation_nok"] is not None), None)
    if now is None:
        st.markdown(context.t("economy_one_sided"))
        return
    words = context.t(
        "economy_headline",
        year=now["year"],
        accounts=millions(context, now["accounts_nok"]),
        budget=millions(context, now["revised_budget_nok"]),
        deviation=context.number(abs(deviation_in_millions(now)), 1),
        word=now["words"],
        pct="–" if now["deviation_pct"] is None else context.number(abs(now["deviation_pct"]), 1),
    )
    st.markdown(f"**{plain(words)}**")
    st.markdown(context.t("economy_words"))


def _years(context: Context, years: list[Row]) -> None:
    st.header(context.t("against_budget"), anchor=False)
    told_of = [row for row in years if row["deviation_nok"] is not None]
    marks = [_bar(context, str(row["year"]), row) for row in told_of]
    told = [{context.t("year"): str(row["year"]), **amounts(context, row)} for row in years]
    _bars_and_table(context, marks, told, Taken("okonomi-ar", context.t("against_budget")))


def _by_group(context: Context, rows: list[Row]) -> None:
    st.header(context.t("by_art_group"), anchor=False)
    years = sorted({row["year"] for row in rows}, reverse=True)
    year = pick_year(context, "ar", years)
    mine = [row for row in rows if row["year"] == year]
    # the largest costs first, the largest income last
    mine.sort(key=lambda row: row["accounts_nok"] or row["revised_budget_nok"] or 0, reverse=True)
    marks = [_bar(context, row["group"], row) for row in mine if row["deviation_nok"] is not None]
    told = [{context.t("art_group"): row["group"], **amounts(context, row)} for row in mine]
    title = f"{context.t('by_art_group')} {year}"
    _bars_and_table(context, marks, told, Taken("okonomi-artsgrupper", title))
    st.caption(context.t("substitutes_with_refunds"))
    headings = (
        context.t("year"), context.t("art_group"), context.t("original_budget"),
        context.t("revised_budget"), context.t("accounts"), context.t("deviation"),
        context.t("in_words"),
    )  # fmt: skip
    cells = [(r["year"], r["group"], *(r[name] for name in _AMOUNTS[:4]), r["words"]) for r in rows]
    subject, title = "okonomi-artsgrupper", context.t("by_art_group")
    table_buttons(context, Taken(subject, title, headings, cells, about=_in_kroner(context)))


def _bar(context: Context, label: str, row: Row) -> tuple[str, float, str]:
    deviation = context.number(deviation_in_millions(row), 1, signed=True)
    return label, row["deviation_nok"], f"{deviation} {row['words']}"


def _bars_and_table(
    context: Context, marks: list[tuple[str, float, str]], told: list[dict[str, str]], taken: Taken
) -> None:
    if marks:
        alt = ". ".join(f"{label}: {text}" for label, _, text in marks)
        spec = deviations(marks, context.language)
        st.caption(context.t("millions"))
        figure(context, spec, alt, told, taken)
    else:
        table(filled(told))


def _staff(context: Context, years: list[Row]) -> None:
    st.header(context.t("overtime_and_substitutes"), anchor=False)
    st.markdown(context.t("substitutes_words"))
    _staff_table(context, years)


def _staff_table(context: Context, years: list[Row]) -> None:
    told = filled([{context.t("year"): str(r["year"]), **staff_cells(context, r)} for r in years])
    if len(told[0]) == 1:
        st.info(context.t("no_staff_amounts"))
        return
    st.caption(context.t("thousands"))
    table(told)


def _monthly(context: Context, level: str, unit_id: str = "", name: str = "") -> None:
    label = context.column("label")
    where = {"group_id": unit_id} if unit_id else {}
    names = {
        row["metric_id"]: row[label]
        for row in context.rows("dim_metrics", ("metric_id", label), metric_id=_MONTHLY)
    }
    rows = context.rows(
        "fct_metric_months",
        ("metric_id", "month", "value", "suppression_reason"),
        order_by=("month",),
        level=level,
        metric_id=_MONTHLY,
        **where,
    )
    drawn = [
        Line(name, [(r["month"], r["value"]) for r in rows if r["metric_id"] == metric_id])
        for metric_id, name in names.items()
        if any(r["metric_id"] == metric_id and r["value"] is not None for r in rows)
    ]
    if not drawn:
        return
    st.markdown(context.t("monthly_words"))
    alt = ". ".join(
        f"{line.name}: {month(day_, context.language)} {context.number(value, 1)}"
        for line in drawn
        for day_, value in [next(p for p in reversed(line.points) if p[1] is not None)]
    )
    by_month: dict[Any, dict[str, str]] = {}
    for row in rows:
        hidden = row["suppression_reason"] is not None and row["value"] is None
        cells = by_month.setdefault(row["month"], dict.fromkeys(names.values(), ""))
        cells[names[row["metric_id"]]] = HIDDEN if hidden else context.number(row["value"], 1)
    told = [
        {context.t("month"): month(when, context.language), **cells}
        for when, cells in sorted(by_month.items(), reverse=True)
    ]
    title = ": ".join(part for part in (name, context.t("overtime_and_substitutes")) if part)
    figures = [(row["month"], names[row["metric_id"]], row["value"]) for row in rows]
    headings = (context.t("month"), context.t("metric"), context.t("value"))
    taken = Taken("overtid-og-vikarer", title, headings, figures, unit_id)
    figure(context, lines(drawn, context.language, decimals=1), alt, told, taken)


def _units(context: Context, rows: list[Row]) -> None:
    st.header(context.t("unit_by_unit_year"), anchor=False)
    if not rows:
        st.info(context.t("no_units"))
        return
    years = sorted({row["year"] for row in rows}, reverse=True)
    year = pick_year(context, "enhetsar", years)
    mine = [row for row in rows if row["year"] == year]
    # the largest overspending first; what has no deviation, or is on no unit, last
    mine.sort(
        key=lambda row: (row["unit_id"] is None, row["deviation_nok"] is None, row["deviation_nok"])
    )
    told = [{context.t("unit"): row["unit_name"], **unit_cells(context, row)} for row in mine]
    if any(row["suppression_reason"] or row["refund_suppression_reason"] for row in mine):
        st.caption(context.t("pay_hidden"))
    st.caption(context.t("thousands"))
    folded(context, filled(told), _SHOWN)
    headings = (
        context.t("unit"), context.t("sector"), context.t("original_budget"),
        context.t("revised_budget"), context.t("accounts"), context.t("deviation"),
        context.t("in_words"), context.t("overtime"), context.t("substitutes"),
        context.t("refunds"), context.t("substitutes_net"),
    )  # fmt: skip
    cells = [
        (r["unit_name"], r["sector"], *(r[name] for name in _AMOUNTS[:4]), r["words"],
         r["overtime_nok"], r["substitute_nok"], r["sick_pay_refund_nok"], r["substitute_net_nok"])
        for r in mine
    ]  # fmt: skip
    title = f"{context.t('economy_title')} {year}"
    table_buttons(
        context,
        Taken("okonomi", title, headings, cells, period=str(year), about=_in_kroner(context)),
    )
    _one_unit(context, rows)


def _in_kroner(context: Context) -> list[tuple[str, str]]:
    return [(context.t("amounts"), context.t("kroner"))]


def _one_unit(context: Context, rows: list[Row]) -> None:
    st.header(context.t("one_unit"), anchor=False)
    names = {row["unit_id"]: row["unit_name"] for row in rows if row["unit_id"]}
    unit_id = choose_among(context, dict(sorted(names.items(), key=lambda pair: pair[1])))
    mine = [row for row in rows if row["unit_id"] == unit_id] if unit_id else []
    if not mine:
        st.markdown(context.t("choose_to_see"))
        return
    _bars_and_table(
        context,
        [_bar(context, str(row["year"]), row) for row in mine if row["deviation_nok"] is not None],
        [{context.t("year"): str(row["year"]), **amounts(context, row)} for row in mine],
        Taken(
            "okonomi-ar",
            f"{mine[0]['unit_name']}: {context.t('against_budget')}",
            unit=mine[0]["unit_id"],
        ),
    )
    _staff_table(context, mine)
    _monthly(context, "unit", mine[0]["unit_id"], mine[0]["unit_name"])
