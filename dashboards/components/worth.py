"""What it was worth: gains as reported, beside what is measured."""

from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.told import told
from pipelines.words.numbers import MISSING, any_value

Row = dict[str, Any]


def worth(context: Context, unit_id: str, metrics: dict[str, Row], headlines: list[Row]) -> None:
    """Draw the unit's gains, and the check of the sum reported against the sum measured.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: Label by metric.
        headlines: The unit's rows, from :func:`dashboards.reports.told.headlines`.
    """
    check = context.column("check_status")
    rows = context.rows(
        "mart_gains",
        ("title", "identified_fte", "realised_fte", "status", "metric_id", "has_evidence", check),
        order_by=("identified_date",),
        unit_id=unit_id,
    )
    st.header(context.t("gains"), anchor=False)
    if not rows:
        st.info(context.t("no_gains"))
        return
    statuses = context.labels("gain_status")
    measured = {row["metric_id"]: row["verdict"] for row in headlines}
    st.markdown(context.t("gains_words"))
    lines = [
        (
            row["title"],
            row["identified_fte"],
            row["realised_fte"],
            statuses.get(row["status"], row["status"]),
            any_value(row["has_evidence"], context.language),
            metrics[row["metric_id"]]["label"] if row["metric_id"] in metrics
            else context.t("not_tied"),
            measured.get(row["metric_id"] or "", MISSING),
            row[check] or MISSING,
        )
        for row in rows
    ]  # fmt: skip
    columns = [
        context.t("gain"), context.t("identified_fte"), context.t("realised_fte"),
        context.t("status"), context.t("documented"), context.t("metric"), context.t("measured"),
        context.t("gain_check"),
    ]  # fmt: skip
    table(
        [
            dict(
                zip(
                    columns,
                    (
                        line[0],
                        context.number(line[1], 2) or MISSING,
                        context.number(line[2], 2) or MISSING,
                        *line[3:],
                    ),
                    strict=True,
                )
            )
            for line in lines
        ]
    )
    in_all = context.t("gain_sum")
    for text in _checks(context, unit_id):
        st.markdown(f"**{plain(in_all)}** {plain(text)}")
    table_buttons(
        context, Taken("enhet-gevinster", context.t("gains"), columns, lines, unit=unit_id)
    )


def _checks(context: Context, unit_id: str) -> list[str]:
    rows = told(
        context,
        "mart_gain_checks",
        ("scope_id",),
        ("sentence",),
        order_by=("scope_id",),
        scope_type="cycle",
        unit_id=unit_id,
    )
    return [row["sentence"] for row in rows if row["sentence"]]
