"""What does each figure mean, what can it not say, and can everyone use the pages?

Methods, the truth table, the metrics, and the accessibility statement.
"""

from collections import Counter
from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.statement import statement
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.text.methods import methods

Row = dict[str, Any]
# so many charts with the same headline are named together
_MANY = 7


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("method_title"), anchor=False)
    st.markdown(context.t("method_about"))
    st.info(context.t("limits"))
    st.header(context.t("method_figures"), anchor=False)
    for method in methods(context.language):
        with st.expander(method.title):
            for name, text in (
                (context.t("method_formula"), method.formula),
                (context.t("method_assumes"), method.assumes),
                (context.t("method_not_for"), method.not_for),
                (context.t("method_example"), method.example),
                (context.t("method_more"), method.file),
            ):
                st.markdown(f"**{name}:** {plain(text)}")
    _truth_table(context)
    _metrics(context)
    st.header(context.t("access_title"), anchor=False)
    statement(context.language, context.generation)


def _truth_table(context: Context) -> None:
    if not context.has("dim_headline_rules"):
        return
    effect, chart = context.column("effect_class"), context.column("chart_verdict")
    headline = context.column("headline")
    groups, basis = context.labels("headline_group"), context.labels("headline_basis")
    order = list(context.labels("effect_class"))
    rows = context.rows(
        "dim_headline_rules",
        ("effect_class", effect, chart, "headline", headline, "headline_group", "basis"),
    )

    def key(row: Row) -> tuple[int, str, str]:
        return order.index(row["effect_class"]), row["headline"], row["basis"]

    sizes = Counter(key(row) for row in rows)

    def place(row: Row) -> tuple[int, bool, str, str]:
        # within one answer of the comparison, all the other charts come last
        effect_class, headline_id, rests_on = key(row)
        return effect_class, sizes[key(row)] >= _MANY, headline_id, rests_on

    st.header(context.t("method_truth"), anchor=False)
    st.markdown(context.t("method_truth_words"))
    lines = []
    for _, found in groupby(sorted(rows, key=place), key=place):
        same = list(found)
        first = same[0]
        listed = "; ".join(row[chart] for row in same)
        lines.append(
            {
                context.t("method_comparison"): first[effect],
                context.t("method_chart"): (
                    context.t("method_any_other") if len(same) >= _MANY else listed
                ),
                context.t("method_headline"): first[headline],
                context.t("method_group"): groups.get(first["headline_group"], ""),
                context.t("method_basis"): basis.get(first["basis"], ""),
            }
        )
    with st.expander(context.t("method_truth_rows", n=len(lines))):
        table(lines)


def _metrics(context: Context) -> None:
    label, about = context.column("label"), context.column("description")
    columns = (
        "metric_id", label, about, "numerator_plus", "numerator_minus", "denominator", "scale",
        "unit", "direction", "target_value", "source",
    )  # fmt: skip
    rows = context.rows("dim_metrics", columns, order_by=("metric_order",))
    directions = context.labels("direction")
    st.header(context.t("method_metrics"), anchor=False)
    if not rows:
        st.info(context.t("method_no_metrics"))
        return
    st.markdown(context.t("method_metrics_words", n=len(rows)))
    with st.expander(context.t("method_metrics_rows", n=len(rows))):
        table(
            [
                {
                    context.t("metric"): row[label],
                    context.t("method_definition"): row[about] or "",
                    context.t("method_formula"): _formula(row),
                    context.t("method_direction"): directions.get(row["direction"], ""),
                    context.t("method_source"): row["source"] or "",
                }
                for row in rows
            ]
        )
    table_buttons(
        context,
        Taken(
            "maltall",
            context.t("method_metrics"),
            columns,
            [tuple(row.values()) for row in rows],
        ),
    )


def _formula(row: Row) -> str:
    plus, minus = (row[name] or "" for name in ("numerator_plus", "numerator_minus"))
    numerator = f"{plus} − {minus}" if minus else plus
    if not row["denominator"]:
        return numerator
    return f"({numerator}) / {row['denominator']}" if minus else f"{plus} / {row['denominator']}"
