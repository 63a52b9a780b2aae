"""What a unit shows per year and not per month, as texts and as figures: for the page and on paper.

Whole calendar years and windows of whole years, as the marts have them; nothing is summed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.context import Context
from pipelines.words.numbers import HIDDEN, MISSING, quantity

Row = dict[str, Any]
_YEARS = "mart_metric_years"


@dataclass(frozen=True)
class Told:
    """A table, as it is shown and as it is taken away.

    Attributes:
        columns: Headings.
        shown: Rows of texts under them.
        taken: The same rows as figures.
    """

    columns: Sequence[str]
    shown: Sequence[Sequence[str]]
    taken: Sequence[Sequence[Any]]


def years_of(context: Context, unit_id: str, metrics: dict[str, Row]) -> Told | None:
    """Return the unit's years; ``None`` where the edition has none.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: Label, unit and decimals by metric, in the order they are shown.
    """
    if not context.has(_YEARS):
        return None
    rows = context.rows(
        _YEARS,
        ("metric_id", "year", "value", "suppression_reason", "missing_reason"),
        order_by=("year",),
        level="unit",
        group_id=unit_id,
    )
    parts = [name for name in metrics if any(row["metric_id"] == name for row in rows)]
    if not parts:
        return None
    reasons = context.labels("absent_figure")
    cells = {(row["year"], row["metric_id"]): row for row in rows}
    shown, taken = [], []
    for year in sorted({row["year"] for row in rows}):
        found = {name: cells.get((year, name)) for name in parts}
        whys = [_reason(row, reasons) for row in found.values()]
        why = "; ".join(dict.fromkeys(why for why in whys if why))
        figures = (_shown(context, row, metrics[name]) for name, row in found.items())
        shown.append((str(year), *figures, why or MISSING))
        taken.append((year, *(row and row["value"] for row in found.values()), why))
    columns = [context.t("year"), *(metrics[name]["label"] for name in parts), context.t("says")]
    return Told(columns, shown, taken)


def windows_of(context: Context, unit_id: str, metrics: dict[str, Row]) -> Told | None:
    """Return before and after of what is shown per year, the latest round of each metric.

    Args:
        context: The frame's message.
        unit_id: The unit.
        metrics: As in :func:`years_of`.

    Returns:
        ``None`` where there are no such windows.
    """
    wanted = ("window_kind", "baseline_first_month", "baseline_last_month", "after_first_month",
              "after_last_month")  # fmt: skip
    if context.present("mart_before_after", wanted) != wanted:
        return None
    reason = context.column("reason")
    rows = context.rows(
        "mart_before_after",
        ("metric_id", "cycle_no", "value_before", "value_after", "verdict", reason, *wanted),
        order_by=("cycle_no",),
        unit_id=unit_id,
        window_kind="years",
    )
    latest = {row["metric_id"]: row for row in rows if row["metric_id"] in metrics}
    if not latest:
        return None
    chosen = [(metrics[name], latest[name]) for name in metrics if name in latest]
    return Told(
        [context.t(key) for key in ("metric", "before", "after", "says")],
        [
            (
                metric["label"],
                _side(context, row, "before", metric),
                _side(context, row, "after", metric),
                row[reason] or MISSING,
            )
            for metric, row in chosen
        ],
        [
            (metric["label"], row["value_before"], row["value_after"], row[reason])
            for metric, row in chosen
        ],
    )


def _side(context: Context, row: Row, side: str, metric: Row) -> str:
    value = row[f"value_{side}"]
    start = "baseline" if side == "before" else "after"
    first, last = row[f"{start}_first_month"], row[f"{start}_last_month"]
    if value is None:
        return HIDDEN if row["verdict"] == "suppressed" else MISSING
    shown = quantity(value, metric["decimals"], metric["unit"], context.language)
    if first is None or last is None:
        return shown
    years = str(first.year) if first.year == last.year else f"{first.year}\u2013{last.year}"
    return f"{shown} ({years})"


def _shown(context: Context, row: Row | None, metric: Row) -> str:
    if row is None or (row["value"] is None and row["suppression_reason"] is None):
        return MISSING
    if row["value"] is None:
        return HIDDEN
    return quantity(row["value"], metric["decimals"], metric["unit"], context.language)


def _reason(row: Row | None, reasons: dict[str, str]) -> str:
    code = row and (row["suppression_reason"] or row["missing_reason"])
    return reasons.get(code, "") if code else ""
