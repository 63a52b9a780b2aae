"""How far the unit has come and what may be in its way, in short; the pages say the rest."""

import streamlit as st

from dashboards.components import links
from dashboards.components.tables import plain
from dashboards.context import Context
from dashboards.reports.told import told


def standing(context: Context, unit_id: str) -> None:
    """Draw the unit's maturity, its next step and its signals of pitfalls."""
    level, step, missing = (context.column(c) for c in ("level", "next_step", "missing"))
    found = context.rows(
        "mart_maturity",
        ("level_shown", "as_of_date", level, step, missing),
        unit_id=unit_id,
        is_latest=True,
    )
    st.header(context.t("standing"), anchor=False)
    for row in found:
        if row["level_shown"] is None:
            st.markdown(plain(row[missing] or context.t("maturity_unknown")))
            continue
        words = context.t(
            "unit_maturity",
            n=row["level_shown"],
            level=row[level],
            day=context.day(row["as_of_date"]),
        )
        st.markdown(f"**{plain(words)}** {plain(row[step] or '')}")
    _pitfalls(context, unit_id)
    rollout = links.address("utrulling", context.language, enhet=unit_id)
    pitfalls = links.address("status", context.language, enhet=unit_id, fane="fallgruver")
    st.markdown(
        f"[{context.t('see_rollout')}]({rollout}) · [{context.t('see_pitfalls')}]({pitfalls})"
    )


def _pitfalls(context: Context, unit_id: str) -> None:
    name, caveat = (context.column(c) for c in ("pitfall", "caveat"))
    rows = told(
        context,
        "mart_pitfalls",
        ("status", name, caveat),
        ("text",),
        order_by=("pitfall_no", "signal_order"),
        scope_type="unit",
        scope_id=unit_id,
    )
    if not rows:
        return
    signals = [row for row in rows if row["status"] == "signal"]
    unseen = [row for row in rows if row["status"] == "cannot_see"]
    st.markdown(
        context.t("pitfall_counts", signals=len(signals), unseen=len(unseen), all=len(rows))
    )
    st.markdown(
        "\n".join(
            f"- **{plain(row[name])}.** {plain(row['text'])} {plain(row[caveat] or '')}"
            for row in signals
        )
    )
