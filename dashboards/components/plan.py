"""Before the start: what the waiting list can show, which order is proposed, and how to lock.

The figures are ``mart_plan``; an order is drawn and a target locked on the command line, where both
are kept with the clock's time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import streamlit as st

from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.folds import part
from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.words.numbers import MISSING, quantity

Row = dict[str, Any]
MART = "mart_plan"
DRAW, LOCK = "pukk plan draw", "pukk plan lock"
_COLUMNS = (
    "metric_id", "order_no", "window_months", "n_waiting", "n_waves", "wave_size",
    "months_between", "months_to_last_start", "n_judged", "mde80", "effect_unit",
    "months_to_verdict", "is_proposed",
)  # fmt: skip
_LOCKED, _NONE = "registered", "none"
_FEW = 2
"""Metrics that fewer units can be judged on stand in the first table alone."""


def plan(context: Context) -> None:
    """Draw what the waiting list can show; nothing where nobody waits, or in an older edition."""
    rows = _rows(context)
    if not rows:
        return
    proposed = next((row for row in rows if row["is_proposed"]), None)
    said = context.t("plan_proposal", order=_order(context, proposed)) if proposed else ""
    part(context.t("plan"), said, partial(_plan, context, rows, proposed))


def _plan(context: Context, rows: Sequence[Row], proposed: Row | None) -> None:
    metrics = _metrics(context)
    by_metric = {
        metric_id: list(found) for metric_id, found in groupby(rows, key=lambda r: r["metric_id"])
    }
    order = sorted(by_metric, key=lambda metric_id: metrics[metric_id]["metric_order"])
    known = {m: by_metric[m] for m in order if any(r["n_judged"] for r in by_metric[m])}
    if proposed is not None:
        st.markdown(context.t("plan_why_lot", command=DRAW))
        _found(context, known, metrics)
    nothing = [metrics[m]["label"] for m in order if m not in known]
    if nothing:
        st.markdown(plain(context.t("plan_nothing", metrics=", ".join(nothing))))
    if known:
        _orders(context, known, metrics)
    _locks(context)


def _rows(context: Context) -> list[Row]:
    if not context.has(MART):
        return []
    return context.rows(MART, _COLUMNS, order_by=("metric_id", "order_no", "window_months"))


def _metrics(context: Context) -> dict[str, Row]:
    label = context.column("label")
    columns = (
        "metric_id", label, "unit", "decimals", "metric_order", "minimum_relevant_effect",
    )  # fmt: skip
    return {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows("dim_metrics", columns)
    }


def _found(
    context: Context, known: Mapping[str, Sequence[Row]], metrics: Mapping[str, Row]
) -> None:
    """What the proposed order finds, one row per metric."""
    windows = sorted({row["window_months"] for rows in known.values() for row in rows})
    lines = []
    for metric_id, rows in known.items():
        mine = {row["window_months"]: row for row in rows if row["is_proposed"]}
        sizes = [_size(context, mine[window], metrics[metric_id]) for window in windows]
        first = [row["months_to_verdict"] for row in mine.values() if row["months_to_verdict"]]
        lines.append(
            {context.t("metric"): metrics[metric_id]["label"]}
            | {
                context.t("plan_smallest", n=window): size
                for window, size in zip(windows, sizes, strict=True)
            }
            | {
                context.t("plan_units"): ", ".join(
                    context.number(mine[window]["n_judged"]) for window in windows
                ),
                context.t("plan_first_verdict"): context.t("plan_months", n=min(first))
                if first
                else MISSING,
                context.t("plan_matters"): _matters(context, metrics[metric_id]),
            }
        )
    table(lines)
    st.caption(context.t("plan_words"))


def _orders(
    context: Context, known: Mapping[str, Sequence[Row]], metrics: Mapping[str, Row]
) -> None:
    """The start orders beside each other, and every figure to take along."""
    shown = {
        metric_id: rows
        for metric_id, rows in known.items()
        if max(row["n_judged"] for row in rows) >= _FEW
    }
    numbers = sorted({row["order_no"] for rows in known.values() for row in rows})
    with st.expander(context.t("plan_orders")):
        st.markdown(context.t("plan_orders_words"))
        table([_order_line(context, number, shown or known, metrics) for number in numbers])
        headings = [
            context.t("metric"), context.t("plan_order"), context.t("plan_window"),
            context.t("plan_units"), context.t("plan_size_column"),
            context.t("plan_first_verdict"), context.t("plan_last_start"),
        ]  # fmt: skip
        cells = [
            (
                metrics[metric_id]["label"], _order(context, row), row["window_months"],
                row["n_judged"], row["mde80"], row["months_to_verdict"],
                row["months_to_last_start"],
            )
            for metric_id, rows in known.items()
            for row in rows
        ]  # fmt: skip
        table_buttons(context, Taken("plan", context.t("plan"), headings, cells))


def _order_line(
    context: Context, number: int, known: Mapping[str, Sequence[Row]], metrics: Mapping[str, Row]
) -> dict[str, str]:
    line: dict[str, str] = {}
    for metric_id, rows in known.items():
        mine = [row for row in rows if row["order_no"] == number]
        if not line:
            name = _order(context, mine[0])
            mark = context.t("plan_proposed", order=name) if mine[0]["is_proposed"] else name
            line[context.t("plan_order")] = mark
            line[context.t("plan_last_start")] = context.t(
                "plan_months", n=mine[0]["months_to_last_start"]
            )
        longest = next((row for row in reversed(mine) if row["mde80"] is not None), None)
        line[metrics[metric_id]["label"]] = (
            MISSING
            if longest is None
            else context.t(
                "plan_cell",
                size=_size(context, longest, metrics[metric_id]),
                units=longest["n_judged"],
                n=longest["window_months"],
            )
        )
    return line


def _locks(context: Context) -> None:
    """How a target is locked, and what those that stand count as."""
    st.markdown(context.t("plan_lock", command=LOCK))
    if not context.present("mart_cycles", ("target_state",)):
        return
    states = Counter(row["target_state"] for row in context.rows("mart_cycles", ("target_state",)))
    locked = states.pop(_LOCKED, 0)
    states.pop(_NONE, None)
    if locked or states:
        st.markdown(context.t("plan_locked", locked=locked, stated=sum(states.values())))


def _order(context: Context, row: Row) -> str:
    if row["n_waves"] == 1:
        return context.t("plan_all_at_once")
    return context.t(
        "plan_waves", waves=row["n_waves"], size=row["wave_size"], months=row["months_between"]
    )


def _size(context: Context, row: Row, metric: Row) -> str:
    if row["mde80"] is None:
        return MISSING
    unit = "percent" if row["effect_unit"] == "percent" else metric["unit"]
    # one digit more than the metric: what is small beside what matters is not rounded to it
    digits = metric["decimals"] + 1
    told = quantity(row["mde80"], digits, unit, context.language, is_change=True)
    return "±" + told.lstrip("+")


def _matters(context: Context, metric: Row) -> str:
    relevant = metric["minimum_relevant_effect"]
    if relevant is None:
        return MISSING
    told = quantity(relevant, metric["decimals"], metric["unit"], context.language, is_change=True)
    return "±" + told.lstrip("+")
