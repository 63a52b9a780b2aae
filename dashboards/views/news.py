"""What is new since the edition before: conclusions first, then signals and corrected figures."""

from html import escape

import streamlit as st

from dashboards.components import news as parts
from dashboards.components.downloads import Taken, table_buttons
from dashboards.context import Context
from dashboards.reports.news import News, broken_promises, news
from pipelines.words.change_sentences import why_words
from pipelines.words.news import group_word

_LEFT = (
    "conclusions", "pooled", "signals", "signals_gone", "pitfalls", "coverage", "reasons", "rules",
)  # fmt: skip
_RIGHT = ("corrected", "baselines", "figures", "deliveries")


def show(context: Context) -> None:
    """Draw the page."""
    found = news(context)
    title = found.title if found and found.is_comparable else context.t("news_nothing_to_compare")
    st.html(
        f'<div class="pk an"><h1><span class="eyebrow">{escape(context.t("page_news"))}</span>'
        f"<br>{escape(title)}</h1></div>"
    )
    if found is None:
        st.info(context.t("news_older_edition"))
        return
    if not found.is_comparable:
        st.info(found.until)
        return
    scope = "" if context.viewer.scope.is_everything else f" {context.t('own_units_only')}"
    st.html(
        f'<div class="pk an"><p class="quiet">{escape(found.until + scope)}</p>'
        f"{parts.counted(context, found, broken_promises(context))}</div>"
    )
    left, right = st.columns([900, 348], gap="large")
    with left:
        st.html(f'<div class="pk">{parts.groups(context, found, _LEFT)}</div>')
    with right:
        st.html(
            f'<div class="pk">{parts.groups(context, found, _RIGHT)}'
            f"<section><h2>{escape(context.t('news_signal_is_no_change'))}</h2>"
            f"<p>{escape(context.t('news_signal_is_no_change_words'))}</p></section></div>"
        )
    _take_away(context, found)


def _take_away(context: Context, found: News) -> None:
    rows = [(name, row) for name, group in found.groups.items() for row in group]
    if not rows:
        return
    language = context.language
    cells = [
        (
            row["unit_name"],
            group_word(name, language),
            row["sentence"],
            why_words(row["reason_codes"], language),
            row["month"],
        )
        for name, row in rows
    ]
    headings = (
        context.t("unit"), context.t("news_group"), context.t("in_words"), context.t("news_why"),
        context.t("news_month"),
    )  # fmt: skip
    table_buttons(context, Taken("nytt", context.t("page_news"), headings, cells))
