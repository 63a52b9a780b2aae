"""A control chart as a reader meets it: finding, drawing, words, figures, and the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from dashboards.charts.control import control_chart
from dashboards.charts.export import titled
from dashboards.charts.notes import shown_events
from dashboards.charts.series import ControlData, meaning
from dashboards.components.downloads import Taken, picture_buttons, table_buttons
from dashboards.components.tables import plain, table
from dashboards.context import Context
from dashboards.reports.chart_words import chart_alt
from dashboards.reports.charted import Charted, Series, charted, events
from pipelines.words.numbers import HIDDEN, MISSING, month, months

_SEASON_IN = "index"


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
        windows: The months before and after, for a picture that is taken away.
    """

    spec: dict[str, Any] | None
    finding: str
    about: str
    alt: str
    figures: list[dict[str, str]]
    notes: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...] = ()
    windows: str = ""


@st.cache_data(max_entries=128, show_spinner=False)
def drawing(context: Context, series: Series) -> Drawing | None:
    """Return the chart of a series; ``None`` when there is no such series in the reader's scope."""
    found = charted(context, series)
    if found is None:
        return None
    data = found.data
    if not data.points:
        return Drawing(None, found.name, "", context.t("chart_hidden"), [], ())
    verdict = found.headline["verdict"] if found.headline else context.t("not_started")
    absent = {} if series.is_comparison else _absent(context, series)
    return Drawing(
        control_chart(data, context.language),
        f"{found.name}, {series.unit_name}: {verdict}",
        _about(context, found),
        chart_alt(context, found, series.unit_name),
        [_figures(context, row, data, absent) for row in reversed(data.points)],
        _notes(context, found),
        _cells(context, data, absent),
        _windows(context, data),
    )


def show(context: Context, series: Series, *, is_named: bool = False) -> None:
    """Draw the chart with its words, its figures and ways to take it along.

    Args:
        context: The frame's message.
        series: Which chart.
        is_named: Whether the page has said what it is of, so that the finding is no heading, and
            folds the figures behind with all else.
    """
    drawn = drawing(context, series)
    if drawn is None or drawn.spec is None:
        st.info(context.t("chart_hidden"))
        return
    if not is_named:
        st.subheader(plain(drawn.finding), anchor=False)
    st.vega_lite_chart(drawn.spec, width="stretch", theme=None, alt=drawn.alt)
    st.caption(plain(" ".join((drawn.about, *drawn.notes))))
    if not is_named:
        behind(context, series)


def behind(context: Context, series: Series) -> None:
    """Draw the figures behind a chart, folded, with the ways to take chart and figures along."""
    drawn = drawing(context, series)
    if drawn is None or drawn.spec is None:
        return
    with st.expander(context.t("figures_behind")):
        st.text(drawn.alt)
        table(drawn.figures)
        _other_events(context, series)
        table_buttons(
            context,
            Taken(
                f"{series.metric_id}-{series.kind}",
                drawn.finding,
                list(drawn.figures[0]),
                drawn.cells,
                unit=series.unit_id,
                about=[(context.t("period"), drawn.about)],
            ),
        )
        subtitle = [drawn.about, *([drawn.windows] if drawn.windows else [])]
        spec = titled(drawn.spec, drawn.finding, subtitle)
        picture_buttons(context, spec, f"{series.metric_id}-{series.kind}", series.unit_id)


def _other_events(context: Context, series: Series) -> None:
    # the chart names three; here they all are, with what the register says of them
    found = events(context, series)
    if found:
        told = (
            f"{plain(event['name'])}{': ' if event.get('event_text') else ''}"
            f"{plain(event.get('event_text') or '')}"
            for event in found
        )
        st.markdown("\n".join(f"- {line}" for line in told))


def _windows(context: Context, data: ControlData) -> str:
    if data.before is None or data.after is None:
        return ""
    return context.t(
        "picture_windows",
        before=months(data.before.first, data.before.last, context.language),
        after=months(data.after.first, data.after.last, context.language),
    )


def _about(context: Context, found: Charted) -> str:
    points, phase = found.data.points, found.phases[0]
    period = months(points[0]["month"], points[-1]["month"], context.language)
    n = phase["n_baseline"] or 0
    is_waiting = found.data.start is None
    basis = context.t("basis_months_waiting", n=n) if is_waiting else context.t("basis_months", n=n)
    preliminary = context.t("basis_preliminary") if phase["limit_label"] == "preliminary" else ""
    return f"{period}. {basis}{preliminary}"


def _notes(context: Context, found: Charted) -> tuple[str, ...]:
    first = found.phases[0]
    band = context.t("band_words_waiting") if found.data.start is None else context.t("band_words")
    notes = [band, _season(context, first)]
    if first["is_new_basis_suggested"]:
        notes.append(context.t("new_basis_suggested"))
    notes += [
        context.t(
            "new_basis",
            month=month(phase["phase_first_month"], context.language),
            role=phase["decided_by_role"] or "",
            reason=phase["decision_reason"] or "",
        )
        for phase in found.phases[1:]
    ]
    named = {name for _, name in shown_events(found.data)}
    if any(name not in named for _, name in found.data.events):
        notes.append(context.t("more_events"))
    return tuple(note for note in notes if note)


def _season(context: Context, phase: dict[str, Any]) -> str:
    if phase["season_method"] == _SEASON_IN:
        return context.t("season_in_limits")
    why = str(phase[context.column("season_note")] or "")
    return context.t("season_not_in_limits", why=why[:1].lower() + why[1:]) if why else ""


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
    row: Mapping[str, Any],
    data: ControlData,
    absent: dict[date, tuple[str, str]],
) -> dict[str, str]:
    digits = data.decimals
    mark, why = absent.get(row["month"], (MISSING, ""))
    is_there = row["measured_value"] is not None
    made_of = {context.t("made_of"): (data.parts or {}).get(row["month"], "") or MISSING}
    return {
        context.t("month"): month(row["month"], context.language),
        context.t("value"): context.number(row["measured_value"], digits) if is_there else mark,
        **(made_of if data.parts else {}),
        context.t("lower_limit"): context.number(row["measured_lower_3s"], digits) or MISSING,
        context.t("upper_limit"): context.number(row["measured_upper_3s"], digits) or MISSING,
        context.t("says"): meaning(row, data) if is_there else why,
    }


def _cells(
    context: Context, data: ControlData, absent: dict[date, tuple[str, str]]
) -> tuple[tuple[Any, ...], ...]:
    said = context.t("says")
    return tuple(
        (
            row["month"],
            row["measured_value"],
            *(((data.parts or {}).get(row["month"], ""),) if data.parts else ()),
            row["measured_lower_3s"],
            row["measured_upper_3s"],
            _figures(context, row, data, absent)[said],
        )
        for row in data.points
    )
