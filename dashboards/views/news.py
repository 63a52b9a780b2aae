"""What is new since the edition before: conclusions first, then signals and corrected figures."""

from functools import partial
from html import escape

import streamlit as st

from dashboards.components import links
from dashboards.components import news as parts
from dashboards.components.choices import Listed, pick_of
from dashboards.components.downloads import Taken, feed_button, table_buttons
from dashboards.components.folds import answered
from dashboards.context import Context
from dashboards.reports.news import MART, News, broken_promises, editions_before, news, news_feed
from pipelines.words.change_sentences import why_words
from pipelines.words.news import group_word

_LEFT = (
    "conclusions", "pooled", "signals", "signals_gone", "pitfalls", "coverage", "reasons", "rules",
)  # fmt: skip
_RIGHT = ("corrected", "baselines", "figures", "deliveries")


def show(context: Context) -> None:
    """Draw the page."""
    # the answer stands above what it is asked with, which decides it
    answer, chosen = st.container(), st.container()
    with chosen:
        since = _choose_edition(context)
    try:
        found = news(context, since=since)
    except LookupError:
        with answer:
            answered(context.t("page_news"), context.t("news_nothing_to_compare"))
        st.warning(context.t("news_edition_gone", number=since))
        return
    with answer:
        nothing = context.t("news_nothing_to_compare")
        title = found.title if found is not None and found.is_comparable else nothing
        answered(context.t("page_news"), title)
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
    told = parts.groups(context, found, _LEFT)
    left, right = st.columns([900, 348], gap="large") if told else (None, st.container())
    if left is not None:
        left.html(f'<div class="pk">{told}</div>')
    with right:
        st.html(
            f'<div class="pk">{parts.groups(context, found, _RIGHT)}'
            f"<section><h2>{escape(context.t('news_signal_is_no_change'))}</h2>"
            f"<p>{escape(context.t('news_signal_is_no_change_words'))}</p></section></div>"
        )
    _take_away(context, found, since)


def _choose_edition(context: Context) -> int | None:
    """Draw the list of editions to compare with, and return the number; none where there is one."""
    before = editions_before(context)
    if not context.has(MART) or len(before) <= 1:
        return None
    names = {
        str(each.number): context.t(
            "news_edition", number=each.number, day=context.day(each.published_at)
        )
        for each in before
    }
    asked = links.chosen("mot") or ""
    if asked.isdecimal() and asked not in names:
        st.warning(context.t("news_edition_gone", number=asked))
    with st.columns([1, 2])[0]:
        listed = Listed(context.t("news_compare_with"), names, next(iter(names)))
        return int(pick_of(context, "mot", listed))


def _take_away(context: Context, found: News, since: int | None) -> None:
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
    period = context.t("news_edition_short", number=since) if since else ""
    table_buttons(context, Taken("nytt", context.t("page_news"), headings, cells, period=period))
    feed_button(context, partial(news_feed, context, found), len(found.most))
