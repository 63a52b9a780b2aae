"""What Lean has cost, beside what is realised; the two are never netted."""

from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.words.printed import printed_sum

Row = dict[str, Any]


def cost_beside(context: Context) -> None:
    """Draw what Lean has cost so far beside what is realised; the two are never netted."""
    rows = _cost_years(context)
    if not rows:
        return
    now = rows[-1]
    st.header(context.t("cost_of_lean"), anchor=False)
    words = context.t(
        "cost_words",
        year=now["year"],
        cost=context.number(now["cost_so_far_nok"] / 1e6, 1),
        realised=context.number(now["realised_so_far_fte"], 1),
        each=context.number(now["cost_per_realised_fte_so_far_nok"]) or "–",
    )
    st.markdown(plain(words))
    st.caption(plain(now[context.column("not_included")]))


def _cost_years(context: Context) -> list[Row]:
    """Return the years with a cost of Lean, oldest first; none for a reader limited to some units.

    The rows hold the accounts of the development unit, which is a unit like the others.
    """
    if not (context.viewer.scope.is_everything and context.has("mart_lean_costs")):
        return []
    columns = (
        "year", "n_course_days", "course_nok", "development_unit_nok", "set_aside_nok", "cost_nok",
        "realised_fte", "cost_so_far_nok", "realised_so_far_fte",
        "cost_per_realised_fte_so_far_nok", context.column("not_included"),
    )  # fmt: skip
    rows = context.rows("mart_lean_costs", columns, order_by=("year",))
    return [row for row in rows if row["cost_so_far_nok"] is not None]


def _in_all(context: Context, row: Row) -> str:
    # what is set aside is no cost yet: it is one when it is used
    parts = [row[name] for name in ("course_nok", "development_unit_nok")]
    found = printed_sum([None if part is None else part / 1e3 for part in parts], 0)
    return context.number(found)


def cost_table(context: Context) -> None:
    """Draw what Lean has cost year by year, with a file to take away."""
    rows = _cost_years(context)
    if not rows:
        return
    st.header(context.t("cost_of_lean"), anchor=False)
    st.markdown(context.t("cost_table_words"))
    st.caption(context.t("thousands"))
    table(
        [
            {
                context.t("year"): str(row["year"]),
                context.t("course_days"): context.number(row["n_course_days"]),
                context.t("course_hours_nok"): context.thousands(row["course_nok"]),
                context.t("development_unit_nok"): context.thousands(row["development_unit_nok"]),
                context.t("set_aside_nok"): context.thousands(row["set_aside_nok"]),
                context.t("cost_nok"): _in_all(context, row),
                context.t("realised_fte"): context.number(row["realised_fte"], 1),
            }
            for row in rows
        ]
    )
    st.caption(plain(rows[-1][context.column("not_included")]))
    headings = (
        context.t("year"), context.t("course_days"), context.t("course_hours_nok"),
        context.t("development_unit_nok"), context.t("set_aside_nok"), context.t("cost_nok"),
        context.t("realised_fte"),
    )  # fmt: skip
    order = ("year", "n_course_days", "course_nok", "development_unit_nok", "set_aside_nok",
             "cost_nok", "realised_fte")  # fmt: skip
    cells = [tuple(row[name] for name in order) for row in rows]
    about = [(context.t("amounts"), context.t("kroner"))]
    table_buttons(
        context, Taken("kostnad-lean", context.t("cost_of_lean"), headings, cells, about=about)
    )
