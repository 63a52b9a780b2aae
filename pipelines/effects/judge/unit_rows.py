"""One draft row per started unit and metric: everything but what needs all rows at once.

q, the verdict that follows from it and the words are added in table.
"""

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, cast

import polars as pl

from pipelines.effects.judge import persistence
from pipelines.effects.judge.events import EventLog, Flags, Period
from pipelines.effects.judge.unit_estimate import Found, Lengths, caveats, estimate_unit
from pipelines.effects.judge.verdicts import Evidence, gate
from pipelines.effects.model import as_measured, family
from pipelines.effects.model.counterfactual import UnitEffect
from pipelines.effects.model.did import Comparisons
from pipelines.effects.model.inputs import EffectInputs, Rules
from pipelines.effects.model.models import MetricModel
from pipelines.effects.model.panel import Floats, Panel, counts_beside
from pipelines.effects.model.rows import DraftRow, ModelledMetric


@dataclass(frozen=True)
class Draft:
    """A row before the rows are compared with each other.

    Attributes:
        row: Column values so far; NaN never stands in it, null is None.
        unit: Row of the panel, None if the unit is not in it.
        stopped: Verdict and reason of the gate that stopped it, None if it passed.
        effect: Counterfactual effect on the model's scale, None if there is none.
        course: First and second year and their contrast, None if they cannot be told.
        is_pooled: It takes part in its groups' means: it passed every gate, or would have after a
            year but is not yet judged by itself.
    """

    row: DraftRow
    unit: int | None
    stopped: tuple[str, str] | None
    effect: UnitEffect | None
    course: persistence.Course | None
    is_pooled: bool = False


def draft_rows(
    inputs: EffectInputs, metric: ModelledMetric, panel: Panel | None, model: MetricModel | None
) -> list[Draft]:
    """Draft the rows of one metric.

    Args:
        inputs: All frames.
        metric: One row of ``inputs.metrics``.
        panel: The metric as measured, None if no unit has both values and employees.
        model: Its model, None if none could be fitted.

    Returns:
        One draft per unit that has started and has any value, by unit id.
    """
    values = inputs.rows_of(metric["metric_id"])
    measured_units = set(values["unit_id"])
    started = inputs.units.filter(pl.col("lean_start") <= inputs.as_of_month).sort("unit_id")
    around = None if panel is None else _Around.of(inputs, metric, panel, values, model)
    drafts = []
    for unit in started.iter_rows(named=True):
        if unit["unit_id"] not in measured_units:
            continue
        base = {
            "unit_id": unit["unit_id"],
            "metric_id": metric["metric_id"],
        }
        too_few = unit["employees"] is None or unit["employees"] < metric["min_persons"]
        if too_few or around is None:
            stopped = ("suppressed", "few_persons") if too_few else ("too_little_data", "no_model")
            drafts.append(Draft(_clean(base), None, stopped, None, None))
            continue
        drafts.append(_draft(around, base, unit))
    return drafts


@dataclass(frozen=True)
class _Around:
    """What the units of one metric have in common, laid out once."""

    rules: Rules
    metric: ModelledMetric
    panel: Panel
    model: MetricModel | None
    row_of: dict[str, int]
    numerator: Floats
    denominator: Floats
    events: EventLog
    comparisons: Comparisons
    looks: dict[str, int]
    is_small_family: bool

    @classmethod
    def of(
        cls,
        inputs: EffectInputs,
        metric: ModelledMetric,
        panel: Panel,
        values: pl.DataFrame,
        model: MetricModel | None,
    ) -> Self:
        numerator, denominator = counts_beside(values, panel)
        return cls(
            rules=inputs.rules,
            metric=metric,
            panel=panel,
            model=model,
            row_of={unit_id: row for row, unit_id in enumerate(panel.unit_ids)},
            numerator=numerator,
            denominator=denominator,
            events=EventLog(inputs.events, panel, metric["metric_id"]),
            comparisons=Comparisons(panel if model is None else model.panel),
            looks=inputs.looks(metric["metric_id"]),
            is_small_family=model is not None and model.checks.n_units < family.SMALL,
        )


def _draft(around: _Around, base: dict[str, Any], about: dict[str, Any]) -> Draft:
    panel, metric, model = around.panel, around.metric, around.model
    unit = around.row_of[about["unit_id"]]
    start = int(panel.start[unit])
    months_after = panel.n_months - start
    gap = min(about.get("introduction_months") or 0, start)
    look = around.looks.get(about["unit_id"], around.rules.look_months)
    window = as_measured.choose_window(start - gap, min(months_after, look))
    # a metric may end before another does, and a unit may start between the two
    row: dict[str, Any] = base | ({"months_after": months_after} if months_after else {})
    flags = Flags()
    measured = None
    if window is not None:
        # the estimated effect reaches two years even where only one is compared as measured
        after = look if months_after >= look else window.after
        period = Period(start, window.before + gap, after, around.rules.event_months)
        flags = around.events.flags_of(about["unit_id"], period)
        measured = as_measured.measure(_series(around, unit, gap), window)
        row |= asdict(measured) | {
            "window_months": window.after,
            "is_preliminary": window.is_preliminary or months_after < look,
            "naive_delta": measured.naive_delta,
        }
    row |= flags.told
    found: Found | None = None
    if window is not None and not window.is_preliminary and measured and model is not None:
        lengths = Lengths(window.after, look if months_after >= look else window.after)
        found = estimate_unit(model, unit, lengths, measured, around.comparisons)
    evidence = Evidence(
        employees=about["employees"],
        min_persons=metric["min_persons"],
        window=None if window is None else window.after,
        is_preliminary=bool(row.get("is_preliminary")),
        n_before=measured.n_before if measured else 0,
        n_after=measured.n_after if measured else 0,
        n_untreated=found.row["n_untreated"] if found else 0,
        is_small_family=around.is_small_family,
        is_answerable=found is not None and found.effect.is_answerable,
        model="none" if model is None else "broken" if model.checks.failures else "ok",
        has_effect=found is not None and not math.isnan(found.effect.estimate),
        is_cost_linked=bool(metric["is_cost_linked"]),
        flags=flags,
    )
    stopped = gate(evidence, around.rules)
    # a group's mean may be told before each of its units is
    is_pooled = found is not None and (
        stopped is None or gate(replace(evidence, is_preliminary=False), around.rules) is None
    )
    row["is_pooled"] = is_pooled
    if found is None or (stopped and stopped[0] == "too_little_data"):
        return Draft(_clean(row), unit, stopped, None, None, is_pooled)
    row |= found.row
    row |= caveats(found, metric["direction"], around.rules.max_did_p)
    return Draft(_clean(row), unit, stopped, found.effect, found.course, is_pooled)


def _series(around: _Around, unit: int, gap: int) -> as_measured.Series:
    panel = around.panel
    return as_measured.Series(
        values=panel.values[unit],
        numerator=around.numerator[unit],
        denominator=around.denominator[unit],
        factor=float(around.metric["scale"]),
        start=int(panel.start[unit]),
        first_calendar_month=panel.first_month.month,
        gap=gap,
    )


def _clean(row: dict[str, Any]) -> DraftRow:
    known = {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in row.items()
    }
    return cast("DraftRow", known)
