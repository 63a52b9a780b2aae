"""What effect estimation takes in: four frames and the rules; one reader of each.

Where the frames come from (dbt models, a test's files) is the caller's business.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

import polars as pl

VALUES = {
    "unit_id": pl.String,
    "month": pl.Date,
    "metric_id": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
}
UNITS = {
    "unit_id": pl.String,
    "sector": pl.String,
    "wave": pl.Int64,
    "is_pilot": pl.Boolean,
    "lean_start": pl.Date,
    "employees": pl.Float64,
}
METRICS = {
    "metric_id": pl.String,
    "label_nb": pl.String,
    "label_en": pl.String,
    "unit": pl.String,
    "decimals": pl.Int64,
    "direction": pl.String,
    "target_value": pl.Float64,
    "scale": pl.Float64,
    "is_cost_linked": pl.Boolean,
    "minimum_relevant_effect": pl.Float64,
    "log_if_skewed": pl.Boolean,
    "min_persons": pl.Int64,
}
EVENTS = {
    "unit_id": pl.String,
    "month": pl.Date,
    "event_type": pl.String,
    "metric_id": pl.String,
}
REGISTERED = {
    "unit_id": pl.String,
    "metric_id": pl.String,
    "look_months": pl.Int64,
}


@dataclass(frozen=True)
class Rules:
    """Limits of the gates and verdicts.

    Attributes:
        min_share: Share of a window's months that must have a value.
        min_untreated: Units not started until the window ends, in families of 20 units or more.
        look_months: Months after start at which a series is judged, where no lock says twelve.
        event_months: Events this many months from start count, that month included.
        max_q: Largest q of a finding.
        max_p: Largest p of a finding.
        max_did_p: From here the difference in differences may disagree.
    """

    min_share: float = 0.75
    min_untreated: int = 8
    look_months: int = 24
    event_months: int = 12
    max_q: float = 0.10
    max_p: float = 0.05
    max_did_p: float = 0.10


@dataclass(frozen=True)
class EffectInputs:
    """Everything the effects of one municipality are estimated from.

    Attributes:
        values: One row per unit, month and metric, columns ``VALUES``; numerator and denominator
            may be null. A month is its first day.
        units: One row per unit, columns ``UNITS``. ``lean_start`` is the first full month after
            the launch training; ``employees`` as of ``panel.mean_employees``.
            ``introduction_months`` (optional, default 0): months just before ``lean_start`` that
            are training, neither before nor after; they should have no values.
            ``service_type`` (optional): the kind of service, a group of its own.
        metrics: One row per metric, columns ``METRICS``; ``min_persons`` is the privacy limit.
            ``always_log`` (optional, default false): effects in per cent whatever the skewness.
            ``counted_as`` (optional): ``count`` or ``share`` where its numerators are counts.
            ``is_yearly`` (optional, default false): units show it per year, so that only what is
            said of the window may leave.
        events: Columns ``EVENTS``; ``metric_id`` only for definition changes, null = all metrics;
            ``unit_id`` null = the whole municipality.
        as_of_month: Later months and later starts are not known yet.
        rules: Limits.
        unmodelled: Metrics that are described only: what is known of them is a selection.
        registered: Targets that were locked before their cycle began and still count, columns
            ``REGISTERED``; at most one per unit. All other series are screened.
    """

    values: pl.DataFrame
    units: pl.DataFrame
    metrics: pl.DataFrame
    events: pl.DataFrame
    as_of_month: date
    rules: Rules = field(default_factory=Rules)
    unmodelled: frozenset[str] = frozenset()
    registered: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REGISTERED))

    def __post_init__(self) -> None:
        for name, frame, columns in (
            ("values", self.values, VALUES),
            ("units", self.units, UNITS),
            ("metrics", self.metrics, METRICS),
            ("events", self.events, EVENTS),
            ("registered", self.registered, REGISTERED),
        ):
            absent = sorted(columns.keys() - set(frame.columns))
            if absent:
                raise ValueError(f"{name} lacks {', '.join(absent)}")

    def looks(self, metric_id: str) -> dict[str, int]:
        """Months after start at which each registered unit of a metric is judged."""
        about = self.registered.filter(pl.col("metric_id") == metric_id)
        return dict(about.select("unit_id", "look_months").iter_rows())

    def rows_of(self, metric_id: str) -> pl.DataFrame:
        """Values of one metric that are known as of the month, cast to ``VALUES``."""
        return (
            self.values.filter(
                (pl.col("metric_id") == metric_id)
                & (pl.col("month") <= self.as_of_month)
                & pl.col("value").is_not_null()
            )
            .select(pl.col(name).cast(dtype) for name, dtype in VALUES.items())
            .sort("unit_id", "month")
        )

    def about(self, metric_id: str) -> Self:
        """What one metric's rows may depend on, in one order, and nothing else.

        Later months and later starts are taken out, so the month itself no longer counts: a metric
        without new figures says the same next month.
        """
        unit_id, about = pl.col("unit_id"), pl.col("metric_id")
        values = self.values.filter((about == metric_id) & (pl.col("month") <= self.as_of_month))
        units = self.units.join(values.select("unit_id"), on="unit_id", how="semi")
        start = pl.col("lean_start")
        events = self.events.select(*EVENTS).filter(
            (unit_id.is_null() | unit_id.is_in(units["unit_id"].to_list()))
            & (about.is_null() | (about == metric_id))
        )
        return replace(
            self,
            values=values.select(*VALUES).sort(*VALUES),
            units=units.with_columns(pl.when(start <= self.as_of_month).then(start)).sort(
                "unit_id"
            ),
            metrics=self.metrics.filter(about == metric_id),
            events=events.sort(*EVENTS),
            as_of_month=date.max,
            unmodelled=self.unmodelled & {metric_id},
            registered=self.registered.filter(about == metric_id)
            .select(*REGISTERED)
            .sort("unit_id"),
        )
