"""Whom Lean is for: metrics and gains by whom they serve and which principle they show.

The tags are the configuration's, as the edition carries them; here they are only sorted by.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.context import Context
from dashboards.reports.shown import Shown

Row = dict[str, Any]
SERVED = "serves"
_TAGS = ("serves", "principle")
GAIN_TYPES = ("quality", "quantity", "saving")
_RULE = tuple(f"distribution_{kind}_pct" for kind in GAIN_TYPES)


@dataclass(frozen=True)
class MetricLine:
    """One metric of those it serves.

    Attributes:
        metric: The catalogue's row, with ``principle``.
        counts: How many of the shown measurements got each verdict class.
    """

    metric: Row
    counts: Counter[str]


@dataclass(frozen=True)
class GainLine:
    """The gains of one principle: how many, and their FTE identified and realised."""

    principle: str | None
    n_gains: int
    identified_fte: float
    realised_fte: float


def has_tags(context: Context) -> bool:
    """Return whether the edition's metrics and gains are tagged: an older one's are not."""
    return all(context.present(mart, _TAGS) == _TAGS for mart in ("dim_metrics", "mart_gains"))


def metrics_for(context: Context, found: Shown, whom: str) -> list[MetricLine]:
    """Return the metrics that serve somebody, by principle; only those that are shown anywhere.

    Args:
        context: The frame's message.
        found: What is counted.
        whom: Code of whom they serve.
    """
    known = {**found.common, **found.own}
    rows = context.rows(
        "dim_metrics", ("metric_id", "principle"), order_by=("metric_order",), serves=whom
    )
    principles = list(context.labels("principle"))
    lines = [
        MetricLine(
            known[row["metric_id"]] | {"principle": row["principle"]},
            Counter(
                one["verdict_class"] for one in found.rows if one["metric_id"] == row["metric_id"]
            ),
        )
        for row in rows
        if row["metric_id"] in known
    ]
    return sorted(lines, key=lambda line: _place(principles, line.metric["principle"]))


def untagged(context: Context, found: Shown) -> list[str]:
    """Return the names of shown metrics that nobody has said whom they serve."""
    known = {**found.common, **found.own}
    rows = context.rows("dim_metrics", ("metric_id",), order_by=("metric_order",), serves=None)
    return [known[row["metric_id"]]["label"] for row in rows if row["metric_id"] in known]


def gains_for(context: Context, whom: str) -> list[GainLine]:
    """Return the reader's gains that serve somebody, by principle; dropped gains count nowhere."""
    rows = context.rows(
        "mart_gains", ("principle", "identified_fte", "realised_fte"), serves=whom,
        is_dropped=False,
    )  # fmt: skip
    by_principle: dict[str | None, list[Row]] = {}
    for row in rows:
        by_principle.setdefault(row["principle"], []).append(row)
    principles = list(context.labels("principle"))
    lines = [
        GainLine(
            principle,
            len(gains),
            sum(row["identified_fte"] or 0.0 for row in gains),
            sum(row["realised_fte"] or 0.0 for row in gains),
        )
        for principle, gains in by_principle.items()
    ]
    return sorted(lines, key=lambda line: _place(principles, line.principle))


@dataclass(frozen=True)
class Share:
    """One type of gain beside the municipality's own rule.

    Attributes:
        name: What the type is called.
        identified_fte: Of the type.
        realised_fte: Of the type.
        identified_pct: Its share of all identified.
        realised_pct: Its share of all realised; ``None`` where nothing is.
        rule_pct: What the municipality has said; ``None`` where it has said nothing.
    """

    name: str
    identified_fte: float
    realised_fte: float
    identified_pct: float | None
    realised_pct: float | None
    rule_pct: float | None


def distribution(context: Context) -> tuple[list[Share], str]:
    """Return quality, quantity and saving beside the rule, and where the rule stands."""
    name = context.column("breakdown_value")
    rows = context.rows(
        "mart_gain_totals",
        ("as_of_date", "breakdown_value", "identified_fte", "realised_fte", name),
        order_by=("as_of_date",),
        breakdown="type",
    )
    if not rows:
        return [], ""
    newest = {r["breakdown_value"]: r for r in rows if r["as_of_date"] == rows[-1]["as_of_date"]}
    columns = context.present("mart_municipality", (*_RULE, "distribution_note"))
    (rule,) = context.rows("mart_municipality", columns) if columns else ({},)
    all_of_them = {
        part: sum(row[part] or 0.0 for row in newest.values())
        for part in ("identified_fte", "realised_fte")
    }
    shares = [
        Share(
            newest[kind][name],
            newest[kind]["identified_fte"],
            newest[kind]["realised_fte"],
            _share(newest[kind]["identified_fte"], all_of_them["identified_fte"]),
            _share(newest[kind]["realised_fte"], all_of_them["realised_fte"]),
            rule.get(f"distribution_{kind}_pct"),
        )
        for kind in GAIN_TYPES
        if kind in newest
    ]
    return shares, rule.get("distribution_note") or ""


def named(names: Mapping[str, str], code: str | None) -> str:
    """Return what a tag is called; empty where there is none."""
    return names.get(code or "", "")


def _share(part: float | None, whole: float) -> float | None:
    return None if not whole or part is None else 100 * part / whole


def _place(order: Sequence[str], code: str | None) -> int:
    return order.index(code) if code in order else len(order)
