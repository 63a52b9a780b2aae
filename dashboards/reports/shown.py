"""The one set that pages count over: started units, their newest round, the metrics Status shows.

Rows and figures only; how they look is in ``components``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dashboards.context import Context
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.numbers import quantity

Row = dict[str, Any]
STANDS_OUT = ("better", "not_held", "worse", "changed")
"""Classes that are something to talk about."""
_COLUMNS = (
    "unit_name", "sector", "start_date", "cycle_no", "wave", "is_twin", "n_before", "n_after",
    "talk_order", "estimate", "estimate_lo", "estimate_hi", "effect_unit", "tested_as",
)  # fmt: skip
_METRIC = (
    "metric_id", "unit", "decimals", "is_headline", "is_core", "split_of", "metric_order",
    "minimum_relevant_effect",
)  # fmt: skip
_MOSTLY_HIDDEN = 0.9
_AGREED = "registered"


@dataclass(frozen=True)
class Shown:
    """The set.

    Attributes:
        common: Metrics every unit has, in order: code to row of the catalogue with ``label``.
        own: Metrics of a service, and those some round agreed on beforehand, likewise.
        left_out: Names of metrics that are parts of another, or hidden nearly everywhere; where a
            round agreed on one beforehand, that unit's row is in the set all the same.
        rows: Rows of ``mart_headlines`` with ``verdict``, one per unit and metric of the set.
    """

    common: Mapping[str, Row]
    own: Mapping[str, Row]
    left_out: Sequence[str]
    rows: Sequence[Row]

    @property
    def units(self) -> dict[str, list[Row]]:
        """The rows by unit."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row["unit_id"], []).append(row)
        return found

    @property
    def counts(self) -> Counter[str]:
        """How many of each class."""
        return Counter(row["verdict_class"] for row in self.rows)

    @property
    def held(self) -> list[Row]:
        """The improvements that held, the units with most of them first."""
        better = [row for row in self.rows if row["verdict_class"] == "better"]
        of_unit = Counter(row["unit_id"] for row in better)
        return sorted(
            better,
            key=lambda row: (
                -of_unit[row["unit_id"]],
                row["unit_name"],
                self.metric(row)["metric_order"],
            ),
        )

    def holds(self, unit_id: str | None, metric_id: str) -> bool:
        """Whether a metric is in the set for a unit, judged there or not."""
        if metric_id in self.common:
            return True
        if metric_id not in self.own:
            return False
        # a metric all units have is the unit's own only where its round agreed on it
        return not self.own[metric_id]["is_core"] or any(
            (row["unit_id"], row["metric_id"]) == (unit_id, metric_id) for row in self.rows
        )

    def metric(self, row: Row) -> Row:
        """Return the catalogue's row of a headline's metric."""
        code = row["metric_id"]
        return self.common[code] if code in self.common else self.own[code]


def shown(context: Context) -> Shown:
    """Return the set, within the reader's scope; made once per edition, language and scope."""
    return _shown(replace(context, caution=None))


@lru_cache(maxsize=64)
def _shown(context: Context) -> Shown:
    label = context.column("label")
    metrics = {
        row["metric_id"]: row | {"label": row[label]}
        for row in context.rows("dim_metrics", (*_METRIC, label), order_by=("metric_order",))
    }
    columns = (*_COLUMNS, context.column("next_step"))
    rows = headlines(context, context.present("mart_headlines", columns), ())
    newest: dict[str, int] = {}
    for row in rows:
        newest[row["unit_id"]] = max(newest.get(row["unit_id"], 0), row["cycle_no"])
    rows = [
        row for row in rows if row["cycle_no"] == newest[row["unit_id"]] and not row.get("is_twin")
    ]
    hidden = _hidden_nearly_everywhere(rows)
    common, own, left_out = {}, {}, []
    asked = {row["metric_id"] for row in rows}
    agreed = {row["metric_id"] for row in rows if row.get("tested_as") == _AGREED}
    for code, metric in metrics.items():
        if code not in asked:
            continue
        if not metric["is_core"]:
            if metric["is_headline"]:
                own[code] = metric
        elif metric["split_of"] or code in hidden:
            left_out.append(metric["label"])
            if code in agreed:
                own[code] = metric
        else:
            common[code] = metric
    kept = [
        row
        for row in rows
        if row["metric_id"] in common
        or (
            row["metric_id"] in own
            and (not own[row["metric_id"]]["is_core"] or row.get("tested_as") == _AGREED)
        )
    ]
    return Shown(common, own, left_out, kept)


def _hidden_nearly_everywhere(rows: Sequence[Row]) -> frozenset[str]:
    asked = Counter(row["metric_id"] for row in rows)
    hidden = Counter(row["metric_id"] for row in rows if row["verdict_class"] == HIDDEN_CLASS)
    return frozenset(code for code, n in hidden.items() if n > _MOSTLY_HIDDEN * asked[code])


def from_to(context: Context, row: Row, metric: Row) -> tuple[str, str]:
    """Return before and after as printed, the after with its unit; two empty texts if hidden."""
    if row["verdict_class"] == HIDDEN_CLASS or row["value_before"] is None:
        return "", ""
    if row["value_after"] is None:
        return "", ""
    before = context.number(row["value_before"], metric["decimals"])
    after = quantity(row["value_after"], metric["decimals"], metric["unit"], context.language)
    return before, after
