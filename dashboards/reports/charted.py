"""A unit's metric as the data of its control chart: for the page, for paper and for the board.

Reads rows and puts the words on them; how it is drawn is in ``dashboards.charts.control``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboards.charts.series import ControlData, Mean
from dashboards.context import Context
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.words.catalogue import find
from pipelines.words.numbers import month, number, unit_words

Row = dict[str, Any]
_POINTS = (
    "month", "phase", "value", "measured_value", "numerator", "denominator", "centre",
    "measured_lower_3s", "measured_upper_3s", "is_introduction", "rule", "colour", "phase_no",
    "ghost_measured_lower_3s", "ghost_measured_upper_3s",
)  # fmt: skip
_OLDER = {
    "measured_lower_3s": "lower_3s", "measured_upper_3s": "upper_3s",
    "ghost_measured_lower_3s": "ghost_lower_3s", "ghost_measured_upper_3s": "ghost_upper_3s",
}  # fmt: skip
_WINDOWS = ("value_before", "value_after", "baseline_first_month", "baseline_last_month",
            "after_first_month", "after_last_month")  # fmt: skip
_PHASES = (
    "series_id", "cycle_id", "n_baseline", "n_after", "limit_label", "phase_no",
    "phase_first_month", "decided_by_role", "decision_reason", "is_new_basis_suggested",
    "season_method", "mean_after", "centre",
    "is_still_held", "baseline_first_month", "baseline_last_month",
    "after_first_month", "after_last_month",
)  # fmt: skip
_METRIC = ("metric_id", "unit", "decimals", "target_value", "numerator_plus", "numerator_minus",
           "denominator")  # fmt: skip
# a sum of fewer than this may have a decimal that says something
_WHOLE_FROM = 100


@dataclass(frozen=True)
class Series:
    """Which chart: one metric of one unit, held against the start of one cycle.

    ``kind`` is ``value``, the unit's own figures, or ``comparison``, their distance to the units
    that have not started.
    """

    unit_id: str
    unit_name: str
    metric_id: str
    cycle_id: str | None
    start: date | None
    kind: str = "value"

    @property
    def is_comparison(self) -> bool:
        """Whether it is the distance to the units that have not started."""
        return self.kind == "comparison"


@dataclass(frozen=True)
class Charted:
    """A series as it is drawn, with what its words are made of.

    Attributes:
        data: What the chart is drawn from; without points when no figure may be shown.
        phases: Rows of ``mart_control_chart_phases``: the first basis and those that came later.
        name: What the metric is called.
        headline: The series' row of ``mart_headlines``; ``None`` for a unit that waits.
    """

    data: ControlData
    phases: tuple[Row, ...]
    name: str
    headline: Row | None


def charted(context: Context, series: Series) -> Charted | None:
    """Return a series with its words; ``None`` when the reader's scope holds no such series."""
    phases = context.rows(
        "mart_control_chart_phases",
        (*_PHASES, context.column("season_note")),
        unit_id=series.unit_id,
        metric_id=series.metric_id,
        cycle_id=series.cycle_id,
        series=series.kind,
        order_by=("phase_no",),
    )
    if not phases:
        return None
    label = context.column("label")
    (metric,) = context.rows("dim_metrics", (*_METRIC, label), metric_id=series.metric_id)
    name = str(metric[label])
    if series.is_comparison:
        name = context.t("distance_to_others", metric=name)
    headline = _headline(context, series)
    is_hidden = headline is not None and headline["verdict_class"] == HIDDEN_CLASS
    points = [] if is_hidden else _points(context, phases[0]["series_id"])
    before, after = _means(context, series, phases[0], headline) if points else (None, None)
    data = ControlData(
        points,
        metric["decimals"],
        metric["unit"],
        context.labels("point_colour") | context.labels("chart_rule"),
        series.start,
        None if series.is_comparison else _target(context, series, metric),
        tuple((event["month"], event["name"]) for event in events(context, series)),
        _axis(context, series, metric),
        before,
        after,
        headline["verdict_class"] if headline else "cannot_tell",
        {} if series.is_comparison else _parts(context, points, metric),
    )
    return Charted(data, tuple(phases), name, headline)


def events(context: Context, series: Series) -> list[Row]:
    """Return what else happened to the unit, oldest first, each with its ``name`` and month."""
    label, told = context.column("label"), context.present("mart_events", ("event_text",))
    columns = ("month", "event_date", "event_type", "metric_id", label, *told)
    own = context.rows("mart_events", columns, unit_id=series.unit_id)
    shared = context.rows("mart_events", columns, unit_id=None)
    about_it = [e for e in own + shared if e["metric_id"] in (None, series.metric_id)]
    return [
        event | {"name": f"{event[label]} {month(event['month'], context.language)}"}
        for event in sorted(about_it, key=lambda event: event["event_date"])
    ]


def measure_words(ids: str | None, language: str) -> str:
    """Return what sums are called in words, ``+`` between them; empty where one has no name."""
    names = [find(f"measure.{each.strip()}", language) for each in (ids or "").split(",") if each]
    return " + ".join(name for name in names if name) if names and all(names) else ""


def _headline(context: Context, series: Series) -> Row | None:
    if series.cycle_id is None:
        return None
    found = headlines(
        context, ("n_before", "n_after"), ("sentence",),
        cycle_id=series.cycle_id, unit_id=series.unit_id, metric_id=series.metric_id,
    )  # fmt: skip
    return found[0] if found else None


def _points(context: Context, series_id: str) -> list[Row]:
    wanted = context.present("mart_control_chart_points", _POINTS)
    older = {new: old for new, old in _OLDER.items() if new not in wanted}
    rows = context.rows(
        "mart_control_chart_points", (*wanted, *older.values()),
        order_by=("month",), series_id=series_id,
    )  # fmt: skip
    if older:
        # an edition from before the limits were published in measured terms draws what was judged
        rows = [
            dict.fromkeys(_POINTS) | row | {new: row[old] for new, old in older.items()}
            | {"measured_value": row["value"]}
            for row in rows
        ]  # fmt: skip
    # months before the first figure and after the last one say nothing
    shown = [n for n, row in enumerate(rows) if row["measured_value"] is not None]
    return rows[shown[0] : shown[-1] + 1] if shown else []


def _means(
    context: Context, series: Series, phase: Row, headline: Row | None
) -> tuple[Mean | None, Mean | None]:
    if series.cycle_id is None:
        return None, None
    if series.is_comparison:
        row = phase | {"value_before": phase["centre"], "value_after": phase["mean_after"]}
    else:
        found = context.rows(
            "mart_before_after", _WINDOWS,
            cycle_id=series.cycle_id, unit_id=series.unit_id, metric_id=series.metric_id,
        )  # fmt: skip
        if not found:
            return None, None
        (row,) = found
        if headline is not None:
            # the figures that cards and tables print
            row |= {name: headline[name] for name in ("value_before", "value_after")}
    return (
        _mean(row["value_before"], row["baseline_first_month"], row["baseline_last_month"]),
        _mean(row["value_after"], row["after_first_month"], row["after_last_month"]),
    )


def _mean(value: float | None, first: date | None, last: date | None) -> Mean | None:
    if value is None or first is None or last is None:
        return None
    return Mean(float(value), first, last)


def _target(context: Context, series: Series, metric: Row) -> float | None:
    own = context.rows(
        "mart_cycles", ("target_value",),
        unit_id=series.unit_id, cycle_id=series.cycle_id, metric_id=series.metric_id,
    )  # fmt: skip
    aim = own[0]["target_value"] if own else None
    found: float | None = metric["target_value"] if aim is None else aim
    return found


def _axis(context: Context, series: Series, metric: Row) -> str:
    language = context.language
    if series.is_comparison:
        unit = unit_words(metric["unit"], language, "change").strip()
        return context.t("axis_comparison", unit=unit)
    return axis_of(context, metric)


def axis_of(context: Context, metric: Row) -> str:
    """Return what a measured metric's axis counts, in words: what of what, where it is a share.

    Args:
        context: The frame's message.
        metric: The catalogue's row: ``unit``, ``numerator_plus``, ``denominator``.
    """
    language = context.language
    unit = find(f"axis.{metric['unit']}", language) or ""
    above = measure_words(metric["numerator_plus"], language)
    below = measure_words(metric["denominator"], language)
    if metric["unit"] in {"pct", "percent"} and below:
        return context.t("axis_of", unit=unit, of=below)
    if metric["unit"].startswith("per_") and above and below:
        return f"{context.t('axis_per', of=above, unit=unit)} {below}"
    if metric["unit"] == "ratio":
        return f"{context.t('axis_per', of=above, unit=unit)} {below}" if above and below else ""
    return unit


def _parts(context: Context, points: list[Row], metric: Row) -> dict[date, str]:
    above = measure_words(metric["numerator_plus"], context.language)
    if metric["numerator_minus"]:
        taken = measure_words(metric["numerator_minus"], context.language)
        above = f"{above} \u2212 {taken}" if above and taken else ""
    below = measure_words(metric["denominator"], context.language)
    return {
        row["month"]: _part(row, metric, (above, below), context.language)
        for row in points
        if row["numerator"] is not None and row["denominator"] is not None and metric["denominator"]
    }


def _part(row: Row, metric: Row, names: tuple[str, str], language: str) -> str:
    sides = zip(
        (row["numerator"], row["denominator"]),
        (metric["numerator_plus"], metric["denominator"]),
        names,
        strict=True,
    )
    return " / ".join(side_words(value, ids or "", name, language) for value, ids, name in sides)


def side_words(value: float, ids: str, name: str, language: str) -> str:
    """Return one of the two sums of a figure, with what it is counted in and called."""
    decimals = 0 if abs(value) >= _WHOLE_FROM or value == int(value) else 1
    money = unit_words("nok", language, "short_level") if ids.endswith("_nok") else ""
    return f"{number(value, decimals, language)}{money} {name}".strip()
