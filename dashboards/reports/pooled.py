"""The answer for units together, in one sentence, and the pooled effects it rests on.

A reader of some units is given a group's row only where nothing can be worked out from it, and
where there is none, nothing is said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.context import Context
from dashboards.reports.shown import Shown
from dashboards.reports.told import estimate_decimals, told
from pipelines.words.printed import unit_in_sentence

Row = dict[str, Any]
_COLUMNS = ("metric_id", "n_units", "effect_unit", "estimate", "lo", "hi", "verdict_class")
_FOUND = ("better", "not_held", "worse", "changed")


@dataclass(frozen=True)
class Pooled:
    """All units together.

    Attributes:
        rows: Of ``mart_effects_pooled`` with ``sentence``, in the metrics' order.
        metrics: The catalogue by code.
    """

    rows: Sequence[Row]
    metrics: Mapping[str, Row]


def pooled(context: Context, group_type: str = "all", group_id: str = "all") -> Pooled:
    """Return the pooled effects of the first two years; none in an edition from before them.

    Args:
        context: The frame's message.
        group_type: What kind of group.
        group_id: Which.
    """
    if not context.present("mart_effects_pooled", ("verdict_class",)):
        # an older edition has no one word for a group
        return Pooled((), {})
    metrics = _metrics(context)
    rows = told(
        context, "mart_effects_pooled", _COLUMNS, ("sentence",),
        kind="window", group_type=group_type, group_id=group_id,
        first_month_after=0, last_month_after=23,
    )  # fmt: skip
    rows = [row for row in rows if row["metric_id"] in metrics]
    rows.sort(key=lambda row: metrics[row["metric_id"]]["metric_order"])
    return Pooled(rows, metrics)


def answer(context: Context, found: Pooled, shown: Shown, by_chance: float | None) -> str:
    """Return the answer in one or two sentences: the municipality together, and single units.

    Args:
        context: The frame's message.
        found: All units together; nothing is said of them where there is none.
        shown: What is counted.
        by_chance: How many improvements chance gives; ``None`` when it is not known.
    """
    said = [_answer(context, found.rows, found.metrics)] if found.rows else []
    held = {row["unit_id"] for row in shown.held}
    if shown.units:
        words = {"better": context.number(len(held)), "all": context.number(len(shown.units))}
        if by_chance is not None and len(shown.held) <= by_chance:
            said.append(context.t("together_units_chance", **words))
        else:
            said.append(context.t("together_units", **words))
    return " ".join(said)


def group_answer(
    context: Context, row: Row | None, metric: Row, group: str | None, *, is_chosen: bool
) -> str:
    """Return what can be said of a group as a whole, in one sentence.

    Args:
        context: The frame's message.
        row: The group's row of ``mart_effects_pooled``; ``None`` where it has none.
        metric: Row of the metric catalogue.
        group: What the group is called; ``None`` where it is all units.
        is_chosen: Whether somebody picked the units: such a group is never added together.
    """
    if is_chosen:
        return context.t("chosen_not_pooled")
    if row is None:
        return context.t("too_few_to_pool")
    if row["verdict_class"] in _FOUND:
        return _change(context, row, metric)
    if group is None:
        return _seen(context, [row])
    if row["verdict_class"] == "no_change":
        return context.t("group_no_change", group=group)
    return context.t("group_cannot_tell", group=group)


def _metrics(context: Context) -> dict[str, Row]:
    label = context.column("label")
    columns = (
        "metric_id", label, "unit", "decimals", "metric_order", "is_core",
        "minimum_relevant_effect",
    )  # fmt: skip
    return {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows("dim_metrics", columns)
    }


def _answer(context: Context, rows: Sequence[Row], metrics: Mapping[str, Row]) -> str:
    found = [row for row in rows if row["verdict_class"] in _FOUND]
    if found:
        return " ".join(_change(context, row, metrics[row["metric_id"]]) for row in found)
    return _seen(context, rows)


def _seen(context: Context, rows: Sequence[Row]) -> str:
    """Return what is said of all units where nothing was found."""
    if any(row["verdict_class"] == "no_change" for row in rows):
        return context.t("together_no_change")
    return context.t("together_cannot_tell")


def _change(context: Context, row: Row, metric: Row) -> str:
    unit = "percent" if row["effect_unit"] == "percent" else metric["unit"]
    size = context.number(abs(row["estimate"]), estimate_decimals(row, metric))
    words = unit_in_sentence(unit, context.language, "change")
    name = metric["label"][:1].lower() + metric["label"][1:]
    if row["estimate"] > 0:
        return context.t("together_up", metric=name, size=size + words)
    return context.t("together_down", metric=name, size=size + words)
