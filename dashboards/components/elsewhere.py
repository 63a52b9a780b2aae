"""How it went in several municipalities, beside the own figures: sentences, and a line for each."""

from datetime import datetime
from html import escape

from dashboards.charts.forest import axis, axis_picture, row_picture
from dashboards.components.reader import state_folder
from dashboards.context import Context
from dashboards.reports.group import ALL, Group
from dashboards.reports.pooling import DECIMALS, interval_of, place_name
from pipelines.desk.elsewhere import Elsewhere, Place, Told, elsewhere

_EVERY_KIND = "all"
_OF_A_KIND = "tjeneste."


def in_others(context: Context) -> str:
    """Return what was pooled of all units, metric by metric; empty where nothing is kept."""
    found = elsewhere(state_folder(context))
    told = [each for each in found.answers if each.service_type == _EVERY_KIND] if found else []
    if found is None or not told:
        return ""
    parts = "".join(
        f"<h3>{escape(each.label[context.language])}</h3><p>{escape(_said(context, each))}</p>"
        for each in told
    )
    return _section(context, context.t("elsewhere"), found, parts)


def beside_group(context: Context, group: Group, metric_id: str) -> str:
    """Return what was pooled of a metric, with a line for each municipality; empty without one.

    Args:
        context: The frame's message.
        group: All units, or those of one kind of service; others are never pooled.
        metric_id: The shown metric.
    """
    kind = {ALL: _EVERY_KIND}.get(group.code, group.code.removeprefix(_OF_A_KIND))
    found = elsewhere(state_folder(context))
    told = next(
        (
            each
            for each in (found.answers if found else ())
            if (each.metric_id, each.service_type) == (metric_id, kind)
        ),
        None,
    )
    if found is None or told is None:
        return ""
    title = context.t("elsewhere_k", k=context.number(told.k))
    drawn = _forest(context, told, title) if context.viewer.scope.is_everything else ""
    return _section(context, title, found, f"<p>{escape(_said(context, told))}</p>{drawn}")


def _said(context: Context, told: Told) -> str:
    # the own estimate is of all the municipality's units
    own = told.own.get(context.language, ()) if context.viewer.scope.is_everything else ()
    return " ".join([*told.together[context.language], *own])


def _section(context: Context, title: str, found: Elsewhere, inside: str) -> str:
    made = context.day(datetime.fromisoformat(found.made_at))
    words = context.t("elsewhere_words", day=made)
    return f'<section><h2>{escape(title)}</h2><p class="note">{escape(words)}</p>{inside}</section>'


def _forest(context: Context, told: Told, caption: str) -> str:
    if not told.places:
        return ""
    scale = axis([interval_of(place) for place in told.places])
    labels = [context.number(tick, scale.decimals, signed=tick != 0) for tick in scale.ticks]

    def row(place: Place) -> str:
        group = ' class="fo-group"' if place.kind == "mean" else ""
        return (
            f'<tr{group}><th scope="row">{escape(place_name(place, context.language))}</th>'
            f'<td class="fo-pic"><img src="{row_picture(interval_of(place), scale)}" alt=""></td>'
            f'<td class="num"><b>{context.number(place.estimate, DECIMALS, signed=True)}</b></td>'
            f'<td class="num">{context.interval(place.low, place.high, DECIMALS)}</td></tr>'
        )

    picture = f'<span class="vh">{escape(context.t("picture"))}</span>'
    head = (
        f'<th scope="col">{escape(context.t("pooling_municipality"))}</th>'
        f'<th scope="col" class="fo-pic">{picture}</th>'
        f'<th scope="col" class="num">{escape(context.t("estimate_alone"))}</th>'
        f'<th scope="col" class="num">{escape(context.t("interval_95"))}</th>'
    )
    foot = (
        f'<tr aria-hidden="true" class="fo-axis"><td></td><td class="fo-pic">'
        f'<img src="{axis_picture(scale, labels)}" alt=""></td><td colspan="2"></td></tr>'
    )
    return (
        f'<table class="fo"><caption class="vh">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(row(place) for place in told.places)}{foot}</tbody></table>"
    )
