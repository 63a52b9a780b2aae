"""Does Lean work here? The answer, what it rests on, what held, and three things to discuss."""

from collections import Counter
from html import escape

import streamlit as st

from dashboards.components import elsewhere, links, overview, talk
from dashboards.components.choices import pick_or_all
from dashboards.components.counts import by_chance
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import table
from dashboards.components.together import behind
from dashboards.context import Context
from dashboards.reports.news import news
from dashboards.reports.pooled import Pooled, answer, pooled
from dashboards.reports.shown import Shown, shown
from pipelines.words.verdict_class import class_words

_ROWS = 20


def show(context: Context) -> None:
    """Draw the page."""
    found, together, chance = shown(context), pooled(context), by_chance(context)
    title = answer(context, together, found, chance) or context.t("nothing_started")
    st.html(
        f'<div class="pk an"><h1><span class="eyebrow">{escape(context.t("overview_title"))}</span>'
        f"<br>{escape(title)}</h1><p class='quiet'>{escape(_under(context, together))}</p></div>"
    )
    left, right = st.columns([740, 508], gap="large")
    with left:
        st.html(
            f'<div class="pk">{overview.pooled_effects(context, together)}'
            f"{overview.counted(context, found) if found.rows else ''}{_how_far(context)}</div>"
        )
    if found.rows:
        right.html(f'<div class="pk">{overview.held(context, found, chance)}</div>')
        st.html(f'<div class="pk">{overview.topics(context, found)}</div>')
    if told := elsewhere.in_others(context):
        st.html(f'<div class="pk">{told}</div>')
    if (fresh := news(context)) is not None:
        st.html(f'<div class="pk">{overview.newest(context, fresh)}</div>')
    to = links.address("hvem", context.language)
    st.markdown(f"[{context.t('to_served')}]({to})")
    with st.expander(context.t("figures_behind")):
        _figures_behind(context, found, together)
    with st.expander(context.t("needs_talk")):
        _what_needs_talk(context)


def _under(context: Context, found: Pooled) -> str:
    said = [] if context.viewer.scope.is_everything else [context.t("own_units_only")]
    classes = Counter(
        row["verdict_class"] for row in found.rows if found.metrics[row["metric_id"]]["is_core"]
    )
    if classes:
        said.append(
            context.t(
                "together_counts",
                all=classes.total(),
                same=classes["no_change"],
                unsure=classes["cannot_tell"],
            )
        )
    return " ".join([*said, context.t("not_the_cause")])


def _how_far(context: Context) -> str:
    columns = ("as_of_date", "units_trained", "units_in_progress", "units_not_started")
    rows = context.rows("mart_adoption", columns, order_by=("as_of_date",), is_month_end=True)
    return overview.how_far(context, rows[-1]) if rows else ""


def _figures_behind(context: Context, found: Shown, together: Pooled) -> None:
    if together.rows:
        behind(context, together)
    if not found.rows:
        st.info(context.t("nothing_started"))
        return
    words, counts = class_words(context.language), found.counts
    headings = (context.t("conclusion"), context.t("count"))
    table([dict(zip(headings, (words[c], context.number(counts[c])), strict=True)) for c in words])
    cells = [(words[code], counts[code]) for code in words]
    table_buttons(
        context, Taken("konklusjoner-antall", context.t("what_may_be_said"), headings, cells)
    )


def _what_needs_talk(context: Context) -> None:
    lines = talk.lines(context)
    if not lines:
        st.info(context.t("nothing_started"))
        return
    sectors = sorted({line.sector for line in lines if line.sector})
    sector = pick_or_all(
        context, "sektor", context.t("sector"), {name: name for name in sectors},
        context.t("all_sectors"),
    )  # fmt: skip
    lines = [line for line in lines if sector in (None, line.sector)]
    st.markdown(
        context.t(
            "needs_talk_words",
            shown=min(_ROWS, len(lines)),
            all=context.number(len(lines)),
        )
    )
    # a picture per line takes its time: the rest is drawn only when asked for
    is_all = len(lines) > _ROWS and st.toggle(context.t("all_rows", n=context.number(len(lines))))
    table(talk.cells(context, lines if is_all else lines[:_ROWS]))
    table_buttons(
        context,
        Taken(
            "oversikt",
            context.t("needs_talk"),
            talk.headings(context),
            [talk.figures(line) for line in lines],
        ),
    )
