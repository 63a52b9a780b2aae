"""Can the figures be trusted? The answer and the calendar; then a month, and signing for it."""

import sqlite3
from datetime import date
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from dashboards.access import DELIVERING, Role
from dashboards.components import calendar, links
from dashboards.components.choices import ALL, Listed, pick_of
from dashboards.components.downloads import Taken, quality_button, table_buttons
from dashboards.components.folds import open_all, part
from dashboards.components.reader import reader, state_folder
from dashboards.components.sections import draw_folded
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.reports.calendar import Came, came
from dashboards.reports.make import QUALITY, period_code
from dashboards.reports.pdf import Section
from dashboards.reports.quality import quality_sections, signed_content
from dashboards.reports.quality_checks import checks
from dashboards.reports.quality_files import deliveries, months, reasons_held_back
from dashboards.reports.signing import signed_section
from pipelines.desk.access_log import sign_offs
from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.logged import log_signed
from pipelines.desk.on_disk import print_of
from pipelines.words.numbers import month

_SIGNERS = frozenset({Role.AUDITOR, Role.LOCAL})
_FOLDED = 30
_LONGEST_COMMENT = 1000


def show(context: Context) -> None:
    """Draw the page."""
    found = came(context)
    _head(context, found)
    st.header(context.t("data_one_month"), anchor=False)
    st.markdown(context.t("quality_about"))
    if context.viewer.role in DELIVERING:
        st.markdown(f"[{context.t('page_try')}]({links.address('prov', context.language)})")
    chosen, taken = st.columns([1, 2], vertical_alignment="bottom")
    with chosen:
        wanted = _choose_month(context)
    with taken:
        quality_button(context, wanted)
    short, *rest = _sections(context, wanted)
    st.markdown(" ".join(plain(words) for words in short.paragraphs))
    open_all(context, "data")
    for section in rest:
        draw_folded(section, folded=_FOLDED)
    _signing(context, wanted)
    part(context.t("quality_take"), "", partial(_files, context, wanted))


def _head(context: Context, found: Came) -> None:
    reserved = calendar.why_reserved(context, found)
    st.html(
        f'<div class="pk an"><h1><span class="eyebrow">{escape(context.t("quality_title"))}</span>'
        f"<br>{escape(calendar.heading(context, found))}</h1>"
        f'<p class="quiet">{escape(calendar.sums(context, found))} {escape(reserved)}</p></div>'
    )
    st.html(
        f'<div class="pk"><section><h2>{escape(context.t("data_calendar"))}</h2>'
        f"{calendar.legend(context)}{calendar.calendar(context, found)}</section></div>"
    )
    reasons = reasons_held_back(context)
    for place, drawn in zip(
        st.columns(3, gap="large"),
        (
            calendar.without_months(context, found),
            calendar.held_back(context, reasons),
            calendar.promises(context, found),
        ),
        strict=True,
    ):
        place.html(f'<div class="pk">{drawn}</div>')


@st.cache_data(max_entries=32, show_spinner=False)
def _sections(context: Context, wanted: date | None) -> list[Section]:
    return quality_sections(context, wanted)


@st.cache_data(max_entries=32, show_spinner=False)
def _content(context: Context, wanted: date | None) -> bytes:
    return signed_content(context, wanted, _sections(context, wanted))


def _choose_month(context: Context) -> date | None:
    codes = {period_code(each): each for each in months(context)}
    names = {code: month(each, context.language) for code, each in codes.items()}
    names[ALL] = context.t("quality_all_months")
    listed = Listed(context.t("quality_month"), names, next(iter(names)))
    return codes.get(pick_of(context, "maned", listed))


def _signing(context: Context, wanted: date | None) -> None:
    period = period_code(wanted)
    try:
        signed = sign_offs(state_folder(context), QUALITY, period)
    except sqlite3.Error:
        # the log is being made, or is held by someone: no reason to lose the rest of the page
        st.warning(context.t("quality_log_unread"))
        return
    content = _content(context, wanted)
    form = partial(_sign, context, wanted, content) if context.viewer.role in _SIGNERS else None
    told = signed_section(context, signed, print_of(content))
    draw_folded(told, folded=_FOLDED, and_then=form)


def _sign(context: Context, wanted: date | None, content: bytes) -> None:
    period = period_code(wanted)
    with st.form("sign", clear_on_submit=True):
        comment = st.text_area(context.t("quality_your_comment"), max_chars=_LONGEST_COMMENT)
        st.caption(context.t("quality_sign_words"))
        is_signed = st.form_submit_button(
            context.t(
                "quality_sign",
                month=month(wanted, context.language) or context.t("quality_all_months"),
            )
        )
    if not is_signed:
        return
    try:
        log_signed(
            state_folder(context),
            reader(context),
            Path(context.generation),
            QUALITY,
            period,
            comment.strip(),
            content,
        )
    except PersonalTextError:
        st.warning(context.t("follow_personal"))
        return
    except (sqlite3.Error, OSError):
        st.error(context.t("quality_not_written"))
        return
    st.rerun()


def _files(context: Context, wanted: date | None) -> None:
    files, found = deliveries(context, wanted), checks(context)
    for subject, title, rows in (
        ("leveranser", context.t("quality_files"), files),
        ("kontroller", context.t("quality_checks"), found),
    ):
        if rows:
            st.markdown(f"**{title}**")
            table_buttons(
                context,
                Taken(
                    subject,
                    title,
                    tuple(rows[0]),
                    [tuple(row.values()) for row in rows],
                    period=period_code(wanted) if subject == "leveranser" else "",
                ),
            )
