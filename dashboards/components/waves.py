"""The waves on a timeline, as a table whose last column is drawn: HTML of our own."""

from collections.abc import Sequence
from datetime import date
from html import escape

from dashboards.context import Context
from dashboards.reports.waves import Span, Wave, waves, years
from pipelines.words.numbers import short_month

_LEAST_PCT = 0.8


def timeline(context: Context) -> str:
    """Return the waves with their units and dates, each as a bar; empty without any round."""
    found = waves(context)
    if not found:
        return ""
    spanned = years(found)
    (who,) = context.rows("mart_municipality", ("last_month",))
    heads = (context.t("wave"), context.t("wave_units"), context.t("wave_period"))
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    axis = "".join(f"<span>{year}</span>" for year in spanned)
    lines = "".join(_line(context, wave, spanned, who["last_month"]) for wave in found)
    return (
        f"<section><h2>{escape(context.t('waves_title'))}</h2>"
        f'<p class="note">{escape(context.t("waves_words"))}</p>'
        f'<table class="tl"><thead><tr>{head}<th scope="col" class="tx">'
        f'<span class="vh">{escape(context.t("wave_line"))}</span>'
        f'<span class="ty" aria-hidden="true">{axis}</span></th></tr></thead>'
        f"<tbody>{lines}</tbody></table></section>"
    )


def _line(context: Context, wave: Wave, spanned: range, until: date | None) -> str:
    name = context.t("wave_none")
    if wave.number is not None:
        name = context.t("wave_name", n=context.number(wave.number))
    units = context.number(wave.n_units)
    if wave.n_begun < wave.n_units:
        begun = context.number(wave.n_begun)
        units = context.t("wave_of", begun=begun, all=units) if wave.n_begun else units
    bars = "".join(
        _bar(span, spanned, kind)
        for span, kind in ((wave.held, "held"), (wave.planned, "ahead"))
        if span
    )
    now = ""
    if until is not None and until.year in spanned:
        now = f'<span class="tn" style="left:{_place(until, spanned):.1f}%"></span>'
    return (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(units)}</td>'
        f"<td>{escape(_period(context, wave))}</td>"
        f'<td class="tx" aria-hidden="true">{now}{bars}</td></tr>'
    )


def _period(context: Context, wave: Wave) -> str:
    said = []
    if wave.held:
        said.append(_months(wave.held, context.language))
    if wave.planned:
        said.append(context.t("wave_planned", period=_months(wave.planned, context.language)))
    return ", ".join(said) or context.t("wave_no_date")


def _months(span: Span, language: str) -> str:
    ends: Sequence[str] = tuple(
        dict.fromkeys(short_month(each, language) for each in (span.first, span.last))
    )
    return "–".join(ends)


def _place(day: date, spanned: range) -> float:
    whole = len(spanned)
    passed = day.year - spanned.start + (day.timetuple().tm_yday - 1) / 366
    return 100 * passed / whole


def _bar(span: Span, spanned: range, kind: str) -> str:
    left = _place(span.first, spanned)
    width = max(_place(span.last, spanned) - left, _LEAST_PCT)
    return f'<span class="tb {kind}" style="left:{left:.1f}%;width:{width:.1f}%"></span>'
