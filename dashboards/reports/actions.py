"""What a unit does between the course days: open actions, what was done, and what people answered.

Roles and counts; what an action says and nobody's name are never published.
"""

from dataclasses import dataclass
from typing import Any

from dashboards.context import Context
from pipelines.words.catalogue import find
from pipelines.words.numbers import MISSING

Row = dict[str, Any]
_OPEN = ("action_id", "registered_date", "age_days", "owner_role", "root_cause", "pukk_step")
_YEARS = ("year", "n_actions", "n_done", "done_pct", "median_lead_days")


@dataclass(frozen=True)
class Actions:
    """A unit's improvement actions.

    Attributes:
        still_open: Not done, the oldest first.
        years: Registered and done, by year of registration, the newest first.
    """

    still_open: list[Row]
    years: list[Row]


def actions_of(context: Context, unit_id: str) -> Actions:
    """Return a unit's actions; nothing where the edition or the municipality has none."""
    still_open = (
        context.rows("mart_open_actions", _OPEN, order_by=("registered_date",), unit_id=unit_id)
        if context.has("mart_open_actions")
        else []
    )
    years = context.rows("mart_actions", _YEARS, order_by=("year",), unit_id=unit_id)
    return Actions(still_open, years[::-1])


def open_table(context: Context, rows: list[Row]) -> list[dict[str, str]]:
    """Return open actions as rows of texts: whose role, how old, and the cause each meets."""
    return [
        {
            context.t("action"): row["action_id"],
            context.t("owner_role"): row["owner_role"] or MISSING,
            context.t("age"): context.t("age_days", n=context.number(row["age_days"])),
            context.t("root_cause"): row["root_cause"] or MISSING,
            context.t("step"): find(f"pukk_step.{row['pukk_step']}", context.language) or "",
        }
        for row in rows
    ]


def years_table(context: Context, rows: list[Row]) -> list[dict[str, str]]:
    """Return the actions by year as rows of texts."""
    return [
        {
            context.t("year"): str(row["year"]),
            context.t("new_actions"): context.number(row["n_actions"]),
            context.t("done_actions"): context.number(row["n_done"]),
            context.t("done_share"): f"{context.number(row['done_pct'])}\u00a0%",
            context.t("lead_days"): context.number(row["median_lead_days"]) or MISSING,
        }
        for row in rows
    ]


def factors_table(context: Context, unit_id: str) -> list[dict[str, str]]:
    """Return 10-FAKTOR: the two newest surveys that may be shown, side by side; empty without."""
    factor = context.column("factor")
    rows = [
        row
        for row in context.rows(
            "mart_factors", ("survey_date", "factor_order", factor, "factor_mean"),
            order_by=("survey_date", "factor_order"), unit_id=unit_id,
        )
        if row["factor_mean"] is not None
    ]  # fmt: skip
    days = sorted({row["survey_date"] for row in rows})[-2:]
    means = {(row[factor], row["survey_date"]): row["factor_mean"] for row in rows}
    return [
        {context.t("factor"): name}
        | {context.day(day): context.number(means.get((name, day)), 1) or MISSING for day in days}
        for name in dict.fromkeys(row[factor] for row in rows if row["survey_date"] in days)
    ]
