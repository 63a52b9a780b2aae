"""The unit's PUKK rounds: what was tried, which step is claimed and supported, and baselines."""

from typing import Any

import streamlit as st

from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.words.numbers import MISSING, months, quantity

Row = dict[str, Any]


def rounds(context: Context, unit_id: str, metrics: dict[str, Row]) -> None:
    """Draw the rounds of a unit, and say where the figures do not support a step.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: Label, unit of measure and decimals by metric.
    """
    columns = (
        "cycle_no", "hypothesis", "metric_id", "target_value", "target_state", "start_date",
        "introduction_end_date", "check_date", "decision", "is_step_supported",
        context.column("step_claimed"), context.column("step_supported"),
        context.column("step_problem"),
    )  # fmt: skip
    rows = context.rows("mart_cycles", columns, order_by=("cycle_no",), unit_id=unit_id)
    st.header(context.t("cycles"), anchor=False)
    if not rows:
        st.info(context.t("no_cycles"))
        return
    decisions, agreed = context.labels("cycle_decision"), context.labels("target_state")
    table(
        [
            {
                context.t("cycle"): str(row["cycle_no"]),
                context.t("hypothesis"): row["hypothesis"] or MISSING,
                context.t("metric_and_target"): _aim(context, row, metrics),
                context.t("agreed_beforehand"): agreed.get(row["target_state"], MISSING),
                context.t("start"): context.day(row["start_date"]),
                context.t("introduced"): context.day(row["introduction_end_date"]),
                context.t("checked"): context.day(row["check_date"]),
                context.t("step_claimed"): row[context.column("step_claimed")] or MISSING,
                context.t("step_supported"): row[context.column("step_supported")] or MISSING,
                context.t("decision"): decisions.get(row["decision"] or "", MISSING),
            }
            for row in rows
        ]
    )
    for row in rows:
        if problem := row[context.column("step_problem")]:
            st.warning(plain(problem))


def baseline(context: Context, unit_id: str, metric: Row) -> None:
    """Say what the frozen baseline is, and what it would be with the figures corrected since.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metric: Id, cycle, unit of measure and decimals.
    """
    state = context.column("state")
    found = context.rows(
        "mart_baselines",
        ("first_month", "last_month", "n_months", "value", "frozen_as_of", "is_frozen_late",
         "is_restated",
         "restated_value", "restated_by", "is_verdict_changed", state),
        unit_id=unit_id,
        metric_id=metric["metric_id"],
        cycle_id=metric["cycle_id"],
    )  # fmt: skip
    for row in found:
        digits, unit = metric["decimals"], metric["unit"]
        words = context.t(
            "baseline_words",
            period=months(row["first_month"], row["last_month"], context.language),
            n=row["n_months"],
            value=quantity(row["value"], digits, unit, context.language) or MISSING,
            day=context.day(row["frozen_as_of"]),
        )
        if row["is_frozen_late"]:
            words += " " + context.t("baseline_late")
        if row["is_restated"]:
            words += " " + context.t(
                "baseline_restated",
                value=quantity(row["restated_value"], digits, unit, context.language) or MISSING,
                delivery=row["restated_by"] or MISSING,
            )
        name = context.t("baseline")
        st.markdown(f"**{name}:** {plain(words)} {plain(row[state] or '')}")


def _aim(context: Context, row: Row, metrics: dict[str, Row]) -> str:
    metric = metrics.get(row["metric_id"] or "")
    if metric is None:
        return MISSING
    target = quantity(row["target_value"], metric["decimals"], metric["unit"], context.language)
    return f"{metric['label']}, {target}" if target else str(metric["label"])
