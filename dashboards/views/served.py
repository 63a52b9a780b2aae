"""What does Lean mean for the citizen, for those who work here, for the organisation?"""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.components import links
from dashboards.components.choices import Listed, pick_of
from dashboards.components.document import name_document
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.tables import Drawn, plain, table
from dashboards.context import Context
from dashboards.reports.pooled import pooled
from dashboards.reports.served import (
    Share,
    distribution,
    gains_for,
    has_tags,
    metrics_for,
    named,
    untagged,
)
from dashboards.reports.shown import STANDS_OUT, shown
from pipelines.words.numbers import MISSING, quantity
from pipelines.words.verdict_class import class_word, class_words


def show(context: Context) -> None:
    """Draw the page."""
    answer = st.container()
    if not has_tags(context):
        answer.title(context.t("page_served"), anchor=False)
        st.info(context.t("no_tags"))
        return
    whom = context.labels("serves")
    listed = Listed(context.t("served_whom"), whom, next(iter(whom)))
    draw = partial(st.radio, horizontal=True)
    code = pick_of(context, "hvem", listed, draw)
    name_document(whom[code], context.t("page_served"))
    _metrics(context, code, whom[code], answer)
    _gains(context, code)
    _distribution(context)


def _metrics(context: Context, code: str, name: str, answer: DeltaGenerator) -> None:
    found, principles = shown(context), context.labels("principle")
    lines = metrics_for(context, found, code)
    held = sum(line.counts["better"] for line in lines)
    words = {
        "whom": name,
        "better": context.number(held),
        "all": context.number(sum(line.counts.total() for line in lines)),
    }
    answer.title(plain(context.t("served_answer", **words)), anchor=False)
    answer.markdown(context.t("not_the_cause"))
    st.header(context.t("served_metrics"), anchor=False)
    if not lines:
        st.info(context.t("nothing_started"))
        return
    together = {row["metric_id"]: row for row in pooled(context).rows}
    classes = class_words(context.language)
    cells = []
    for line in lines:
        whole = together.get(line.metric["metric_id"])
        to = links.address(
            "gruppe", context.language, gruppe="alle", maltall=line.metric["metric_id"]
        )
        cells.append(
            {
                context.t("metric"): Drawn(f"[{plain(line.metric['label'])}]({to})"),
                context.t("principle"): named(principles, line.metric["principle"]),
                context.t("together_verdict"): class_word(
                    whole["verdict_class"], context.language
                ) if whole else MISSING,
                **{classes[one]: context.number(line.counts[one]) for one in STANDS_OUT},
                context.t("units_behind"): context.number(line.counts.total()),
            }
        )  # fmt: skip
    table(cells)
    columns = [
        context.t("metric"), context.t("principle"), *(classes[one] for one in STANDS_OUT),
        context.t("units_behind"),
    ]  # fmt: skip
    rows = [
        (
            line.metric["label"], named(principles, line.metric["principle"]),
            *(line.counts[one] for one in STANDS_OUT), line.counts.total(),
        )
        for line in lines
    ]  # fmt: skip
    table_buttons(context, Taken(f"hvem-{code}", name, columns, rows))
    if rest := untagged(context, found):
        st.caption(context.t("untagged", metrics=plain(", ".join(rest))))


def _gains(context: Context, code: str) -> None:
    st.header(context.t("served_gains"), anchor=False)
    lines, principles = gains_for(context, code), context.labels("principle")
    if not lines:
        st.info(context.t("served_no_gains"))
        return
    table(
        [
            {
                context.t("principle"): named(principles, line.principle)
                or context.t("not_tagged"),
                context.t("gains"): context.number(line.n_gains),
                context.t("identified_fte"): context.number(line.identified_fte, 1),
                context.t("realised_fte"): context.number(line.realised_fte, 1),
            }
            for line in lines
        ]
    )
    st.caption(context.t("served_gains_words"))


def _distribution(context: Context) -> None:
    shares, note = distribution(context)
    if not shares:
        return
    st.header(context.t("distribution"), anchor=False)
    table([_share(context, share) for share in shares])
    if note:
        st.caption(context.t("distribution_rule", note=plain(note)))
    else:
        st.caption(context.t("distribution_no_rule"))


def _share(context: Context, share: Share) -> dict[str, str]:
    def pct(value: float | None) -> str:
        return quantity(value, 0, "pct", context.language) or MISSING

    return {
        context.t("by_type"): share.name,
        context.t("identified_fte"): context.number(share.identified_fte, 1),
        context.t("share_of_identified"): pct(share.identified_pct),
        context.t("realised_fte"): context.number(share.realised_fte, 1),
        context.t("share_of_realised"): pct(share.realised_pct),
        context.t("own_rule"): pct(share.rule_pct),
    }
