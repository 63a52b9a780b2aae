"""A control chart as a reader meets it: finding, drawing, words, figures, and the file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from dashboards.charts.control import control_chart
from dashboards.charts.export import titled
from dashboards.charts.series import ControlData, meaning
from dashboards.components.downloads import picture_buttons, table_buttons
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.told import headlines
from pipelines.words.numbers import HIDDEN, MISSING, month, months

_POINTS = (
    "month", "phase", "value", "measured_value", "centre", "lower_3s", "upper_3s",
    "is_introduction", "rule", "colour", "phase_no", "ghost_centre", "ghost_lower_3s",
    "ghost_upper_3s",
)  # fmt: skip


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
class Drawing:
    """A chart with everything said beside it.

    Attributes:
        spec: The chart; ``None`` when no figure may be shown.
        finding: The title: what the chart says.
        about: Metric, basis and period, in one line.
        alt: The chart in words.
        figures: The same figures as rows of texts.
        notes: What should be known about the limits.
        cells: The figures as figures, for a file.
    """

    spec: dict[str, Any] | None
    finding: str
    about: str
    alt: str
    figures: list[dict[str, str]]
    notes: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...] = ()


@st.cache_data(max_entries=128, show_spinner=False)
def drawing(context: Context, series: Series) -> Drawing | None:
    """Return the chart of a series; ``None`` when there is no such series in the reader's scope."""
    found = context.rows(
        "mart_control_chart_phases",
        (
            "series_id", "cycle_id", context.column("season_note"),
            "n_baseline", "n_after", "limit_label", "phase_no", "phase_first_month",
            "decided_by_role", "decision_reason", "is_new_basis_suggested",
        ),
        unit_id=series.unit_id,
        metric_id=series.metric_id,
        cycle_id=series.cycle_id,
        series=series.kind,
        order_by=("phase_no",),
    )  # fmt: skip
    if not found:
        return None
    # the verdict is the first basis'; a new basis only moves the limits
    phase = found[0]
    points = context.rows(
        "mart_control_chart_points",
        _POINTS,
        order_by=("month",),
        series_id=phase["series_id"],
    )
    points = _from_first_figure(points)
    (metric,) = context.rows(
        "dim_metrics",
        (context.column("label"), "unit", "decimals", "target_value"),
        metric_id=series.metric_id,
    )
    name = metric[context.column("label")]
    if series.is_comparison:
        name = context.t("distance_to_others", metric=name)
    if not points:
        return Drawing(None, name, "", context.t("chart_hidden"), [], ())
    labels = context.labels("point_colour") | context.labels("chart_rule")
    data = ControlData(
        points,
        metric["decimals"],
        metric["unit"],
        labels,
        series.start,
        None if series.is_comparison else metric["target_value"],
        tuple((event["month"], n) for n, event in enumerate(events(context, series), 1)),
    )
    verdict = _verdict(context, phase["cycle_id"], series)
    absent = {} if series.is_comparison else _absent(context, series)
    return Drawing(
        control_chart(data, context.language),
        f"{name}, {series.unit_name}: {verdict}",
        _about(context, points, phase),
        _alt(context, (name, series.unit_name, verdict), phase, data),
        [_figures(context, row, data, absent) for row in reversed(points)],
        _notes(context, found),
        _cells(context, points, data, absent),
    )


def _verdict(context: Context, cycle_id: str | None, series: Series) -> str:
    """The one word of the series, as on every other page; a unit that waits has none."""
    found = cycle_id and headlines(
        context, (), (), cycle_id=cycle_id, unit_id=series.unit_id, metric_id=series.metric_id
    )
    return found[0]["verdict"] if found else context.t("not_started")


def events(context: Context, series: Series) -> list[dict[str, Any]]:
    """Return what else happened to the unit, oldest first; the chart numbers them in this order."""
    columns = ("month", "event_date", "event_type", "metric_id", context.column("label"))
    own = context.rows("mart_events", columns, unit_id=series.unit_id)
    shared = context.rows("mart_events", columns, unit_id=None)
    about_it = [e for e in own + shared if e["metric_id"] in (None, series.metric_id)]
    return sorted(about_it, key=lambda event: event["event_date"])


def show(context: Context, series: Series) -> None:
    """Draw the chart with its words, its figures and ways to take it along."""
    drawn = drawing(context, series)
    if drawn is None or drawn.spec is None:
        st.info(context.t("chart_hidden"))
        return
    st.subheader(plain(drawn.finding), anchor=False)
    st.caption(plain(drawn.about))
    st.vega_lite_chart(drawn.spec, width="stretch", theme=None, alt=drawn.alt)
    for n, event in enumerate(events(context, series), 1):
        words = event[context.column("label")]
        st.caption(f"**{n}** {plain(words)}, {month(event['month'], context.language)}")
    for note in drawn.notes:
        st.caption(plain(note))
    with st.expander(context.t("figures_behind")):
        st.text(drawn.alt)
        table(drawn.figures)
        table_buttons(
            context,
            f"{series.metric_id}-{series.kind}",
            drawn.finding,
            list(drawn.figures[0]),
            drawn.cells,
            unit=series.unit_id,
            about=[(context.t("period"), drawn.about)],
        )
    spec = titled(drawn.spec, drawn.finding, drawn.about)
    picture_buttons(context, spec, f"{series.metric_id}-{series.kind}", series.unit_id)


def _from_first_figure(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # months before the first figure and after the last one say nothing
    shown = [n for n, row in enumerate(points) if row["value"] is not None]
    return points[shown[0] : shown[-1] + 1] if shown else []


def _about(context: Context, points: list[dict[str, Any]], phase: dict[str, Any]) -> str:
    period = months(points[0]["month"], points[-1]["month"], context.language)
    basis = context.t("basis_months", n=phase["n_baseline"] or 0)
    preliminary = context.t("basis_preliminary") if phase["limit_label"] == "preliminary" else ""
    return f"{period}. {basis}{preliminary}"


def _alt(
    context: Context, who: tuple[str, str, str], phase: dict[str, Any], data: ControlData
) -> str:
    name, unit_name, verdict = who
    basis = [row for row in data.points if row["upper_3s"] is not None]
    rules = sorted({data.labels.get(row["rule"], "") for row in data.points if row["rule"]})
    figures = ""
    if basis:
        last = basis[-1]
        figures = context.t(
            "alt_limits",
            centre=context.number(last["centre"], data.decimals),
            low=context.number(last["lower_3s"], data.decimals),
            high=context.number(last["upper_3s"], data.decimals),
        )
    return context.t(
        "alt_chart",
        metric=name,
        unit=unit_name,
        before=phase["n_baseline"] or 0,
        after=phase["n_after"] or 0,
        limits=figures,
        verdict=verdict,
        rules=", ".join(rules) or context.t("no_rules"),
    )


def _notes(context: Context, phases: list[dict[str, Any]]) -> tuple[str, ...]:
    first = phases[0]
    notes = [first[context.column("season_note")] or ""]
    if first["is_new_basis_suggested"]:
        notes.append(context.t("new_basis_suggested"))
    notes += [
        context.t(
            "new_basis",
            month=month(phase["phase_first_month"], context.language),
            role=phase["decided_by_role"] or "",
            reason=phase["decision_reason"] or "",
        )
        for phase in phases[1:]
    ]
    return tuple(note for note in notes if note)


def _absent(context: Context, series: Series) -> dict[date, tuple[str, str]]:
    # why a month has no figure: hidden is one thing, missing another
    labels = context.labels("absent_figure")
    found = context.rows(
        "fct_metric_months",
        ("month", "suppression_reason", "missing_reason"),
        level="unit",
        group_id=series.unit_id,
        metric_id=series.metric_id,
    )
    return {
        row["month"]: (
            HIDDEN if row["suppression_reason"] else MISSING,
            labels.get(row["suppression_reason"] or row["missing_reason"] or "", ""),
        )
        for row in found
    }


def _figures(
    context: Context,
    row: dict[str, Any],
    data: ControlData,
    absent: dict[date, tuple[str, str]],
) -> dict[str, str]:
    digits = data.decimals
    mark, why = absent.get(row["month"], (MISSING, ""))
    is_there = row["value"] is not None
    return {
        context.t("month"): month(row["month"], context.language),
        context.t("value"): context.number(row["value"], digits) if is_there else mark,
        context.t("centre"): context.number(row["centre"], digits) or MISSING,
        context.t("lower_limit"): context.number(row["lower_3s"], digits) or MISSING,
        context.t("upper_limit"): context.number(row["upper_3s"], digits) or MISSING,
        context.t("says"): meaning(row, data.labels) if is_there else why,
    }


def _cells(
    context: Context,
    points: list[dict[str, Any]],
    data: ControlData,
    absent: dict[date, tuple[str, str]],
) -> tuple[tuple[Any, ...], ...]:
    numbers = ("value", "centre", "lower_3s", "upper_3s")
    return tuple(
        (
            row["month"],
            *(row[name] for name in numbers),
            _figures(context, row, data, absent)[context.t("says")],
        )
        for row in points
    )
