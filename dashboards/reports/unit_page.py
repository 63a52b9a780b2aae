"""What a unit's page, board and papers are made of: the round's metric first, then the rest.

Reads rows and chooses; no figure is computed here and nothing is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboards.charts.spark import Spark, Step
from dashboards.context import Context
from dashboards.reports.charted import Charted, Series
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.numbers import months_since
from pipelines.words.told_rows import Metric
from pipelines.words.unit_sentences import UnitSays, unit_heading, waiting_heading

Row = dict[str, Any]
_CYCLE = (
    "cycle_id", "cycle_no", "hypothesis", "metric_id", "target_value", "n_course_days",
    "start_date", "introduction_end_date", "check_date", "decision", "planned_date",
    "step_act_date",
)  # fmt: skip
_METRIC = ("metric_id", "unit", "decimals", "direction", "is_headline", "is_core", "metric_order",
           "target_value")  # fmt: skip
_WINDOWS = ("metric_id", "baseline_first_month", "baseline_last_month", "after_first_month",
            "after_last_month")  # fmt: skip
_LAST_MONTHS = 12


@dataclass(frozen=True)
class UnitPage:
    """One unit as its page tells it.

    Attributes:
        unit: Row of ``dim_units``.
        metrics: The edition's metrics by id, with ``label``, in their order.
        cycle: The newest round that has begun, else the first planned; ``None`` without any.
        said: The unit's headlines of the newest round, by metric.
        series: Metric to the id of its newest chart.
        last_month: The last month of the figures.
        n_needed: Months that must count before anything is said.
        every: The unit's headlines of all rounds.
    """

    unit: Row
    metrics: dict[str, Row]
    cycle: Row | None
    said: dict[str, Row]
    series: dict[str, str]
    last_month: date
    n_needed: int
    every: list[Row] = field(default_factory=list)

    @property
    def has_started(self) -> bool:
        """Whether the unit has a round to be judged."""
        return bool(self.said)

    @property
    def start(self) -> date | None:
        """First month of the newest round's start."""
        begun = self.cycle["start_date"] if self.cycle and self.has_started else None
        return begun.replace(day=1) if begun else None

    @property
    def cycle_id(self) -> str | None:
        """The newest round that is judged."""
        return str(self.cycle["cycle_id"]) if self.cycle and self.has_started else None

    def chart_of(self, metric: str) -> Series:
        """Return which chart the metric has here: held against the newest round's start."""
        unit = self.unit
        return Series(unit["unit_id"], unit["unit_name"], metric, self.cycle_id, self.start)

    def in_order(self) -> list[str]:
        """Return the metrics to choose from: the round's own first, then what most needs talk.

        What is shown per year alone has no chart, and comes after all that have one.
        """
        aim = self.cycle["metric_id"] if self.cycle else None
        shown = [*self.series, *(m for m in self.said if m not in self.series)]
        return sorted(
            (metric for metric in shown if metric in self.metrics),
            key=lambda m: (
                m not in self.series,
                m != aim,
                self.is_hidden(m),
                self._talk(m),
                self._place(m),
            ),
        )

    def cards(self, chosen: str) -> list[str]:
        """Return the metrics of the cards: the unit's own before those all have; none hidden."""
        rest = [m for m in self.series if m in self.metrics and m != chosen]
        return sorted(
            (metric for metric in rest if not self.is_hidden(metric)),
            key=lambda m: (self.metrics[m]["is_core"], self._place(m)),
        )

    def hidden(self) -> list[str]:
        """Return the metrics that are hidden, in their order."""
        return sorted((m for m in self.said if self.is_hidden(m)), key=self._place)

    def is_hidden(self, metric: str) -> bool:
        """Return whether the metric's verdict is hidden."""
        return metric in self.said and self.said[metric]["verdict_class"] == HIDDEN_CLASS

    def _talk(self, metric: str) -> int:
        # for a unit that waits the catalogue's own order counts
        return int(self.said[metric]["talk_order"]) if metric in self.said else 0

    def _place(self, metric: str) -> int:
        return int(self.metrics[metric]["metric_order"])


def unit_page(context: Context, unit: Row) -> UnitPage:
    """Return what the unit's page is made of.

    Args:
        context: Generation, language and reader; only the reader's rows.
        unit: Row of ``dim_units``.
    """
    unit_id, label = unit["unit_id"], context.column("label")
    columns = (*_METRIC, label)
    catalogue = context.rows("dim_metrics", columns, order_by=("metric_order",))
    metrics = {row["metric_id"]: row | {"label": row[label]} for row in catalogue}
    wanted = ("unit_name", "cycle_no", "talk_order", "n_before", "n_after", "reason_code",
              "comparison_reason", context.column("next_step"),
              *context.present("mart_headlines", ("p_better",)))  # fmt: skip
    every = headlines(context, wanted, order_by=("talk_order", "metric_id"), unit_id=unit_id)
    newest = max((row["cycle_no"] for row in every), default=None)
    cycles = context.rows("mart_cycles", _CYCLE, order_by=("cycle_no",), unit_id=unit_id)
    cycle = next(
        (row for row in cycles if row["cycle_no"] == newest), cycles[0] if cycles else None
    )
    (who,) = context.rows("mart_municipality", ("last_month", "preliminary_min_months"))
    return UnitPage(
        unit,
        metrics,
        cycle,
        {row["metric_id"]: row for row in every if row["cycle_no"] == newest},
        _series(context, unit_id),
        who["last_month"],
        int(who["preliminary_min_months"]),
        every,
    )


def _series(context: Context, unit_id: str) -> dict[str, str]:
    rows = context.rows(
        "mart_control_chart_phases", ("metric_id", "series_id"),
        order_by=("cycle_id",), unit_id=unit_id, series="value",
    )  # fmt: skip
    return {row["metric_id"]: row["series_id"] for row in rows}


def heading(context: Context, page: UnitPage, metric_id: str | None, found: Charted | None) -> str:
    """Return the sentence of the page: what happened to the shown metric, or when a unit begins."""
    row = page.said.get(metric_id or "")
    if row is None:
        return _not_started(context, page)
    known = page.metrics[row["metric_id"]]
    metric = Metric(
        {context.language: known["label"]}, known["unit"], known["decimals"], known["direction"]
    )
    says = UnitSays(
        row["verdict_class"], row["headline"], row["reason_code"], row["value_before"],
        row["value_after"], row["n_after"] or 0, page.n_needed, _years_held(page, found),
        _is_back(found), metric,
    )  # fmt: skip
    return unit_heading(says, context.language)


def _not_started(context: Context, page: UnitPage) -> str:
    if page.unit["lean_status"] not in {"waiting", "planned"}:
        return str(page.unit["unit_name"])
    planned = (page.cycle["start_date"] or page.cycle["planned_date"]) if page.cycle else None
    return waiting_heading(planned, page.last_month, context.language)


def _years_held(page: UnitPage, found: Charted | None) -> int:
    if found is None or not found.phases[0].get("is_still_held") or found.data.after is None:
        return 0
    return (months_since(found.data.after.first, page.last_month) or 0) // _LAST_MONTHS


def _is_back(found: Charted | None) -> bool:
    """Whether each of the last twelve months is within the limits from before the start."""
    if found is None:
        return False
    last = [row for row in found.data.points if row["measured_value"] is not None][-_LAST_MONTHS:]
    return bool(last) and all(_is_within(row) for row in last)


def _is_within(row: Mapping[str, Any]) -> bool:
    low, high = (
        row[end] if row.get(f"ghost_{end}") is None else row[f"ghost_{end}"]
        for end in ("measured_lower_3s", "measured_upper_3s")
    )
    return (low is None or low <= row["measured_value"]) and (
        high is None or row["measured_value"] <= high
    )


def sparks(context: Context, page: UnitPage, metrics: list[str]) -> dict[str, tuple[Spark, float]]:
    """Return each card's course and its last figure; a metric without a figure is left out."""
    ids = {page.series[metric]: metric for metric in metrics}
    points: dict[str, list[Row]] = {}
    asked = tuple(sorted(ids))
    for row in context.rows(
        "mart_control_chart_points", ("series_id", "month", "measured_value"),
        order_by=("series_id", "month"), series_id=asked,
    ) if asked else []:  # fmt: skip
        points.setdefault(ids[row["series_id"]], []).append(row)
    windows = {
        row["metric_id"]: row
        for row in context.rows(
            "mart_before_after", _WINDOWS,
            unit_id=page.unit["unit_id"], cycle_id=page.cycle_id,
        )
    } if page.cycle_id else {}  # fmt: skip
    return {
        metric: found
        for metric in metrics
        if (found := _spark(page, metric, points.get(metric, []), windows.get(metric)))
    }


def _spark(
    page: UnitPage, metric: str, rows: list[Row], window: Row | None
) -> tuple[Spark, float] | None:
    known = [row["measured_value"] for row in rows if row["measured_value"] is not None]
    if not known:
        return None
    places = {row["month"]: n for n, row in enumerate(rows)}
    said = page.said.get(metric)
    course = Spark(
        [row["measured_value"] for row in rows],
        places.get(page.start) if page.start else None,
        _step(window, said, places, "before"),
        _step(window, said, places, "after"),
        said["verdict_class"] if said else "cannot_tell",
    )
    return course, float(known[-1])


def _step(window: Row | None, said: Row | None, places: dict[date, int], which: str) -> Step | None:
    # the figure is the one that the card prints, over the months it is from
    if window is None or said is None or said[f"value_{which}"] is None:
        return None
    name = {"before": "baseline", "after": "after"}[which]
    first, last = (places.get(window[f"{name}_{end}_month"]) for end in ("first", "last"))
    if first is None or last is None:
        return None
    return Step(float(said[f"value_{which}"]), first, last)
