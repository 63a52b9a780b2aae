"""Remarks on a unit and a metric: what was said, by which role and when, and a place for more."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboards.components.reader import reader, state_folder
from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.desk.follow_up import NotYoursError
from pipelines.desk.kept_text import PersonalTextError
from pipelines.desk.remarks import LONGEST_REMARK, Remark, add_remark, remarks


def remarked(context: Context, units: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Draw the remarks on some units as a table; nothing where there are none.

    Args:
        context: The frame's message.
        units: Id to name, the reader's own.
        names: Metric to its name.
    """
    found = remarks(state_folder(context), units)
    if found:
        table([_told(context, remark, units, names) for remark in found])


def has_remarks(context: Context, units: Mapping[str, str]) -> bool:
    """Return whether anything is said about any of the units."""
    return bool(remarks(state_folder(context), units))


def _told(
    context: Context, remark: Remark, units: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    told = {
        context.t("follow_comment"): remark.words,
        context.t("metric"): names.get(remark.metric_id, ""),
        context.t("remark_who"): remark.role,
        context.t("date"): context.day(date.fromisoformat(remark.at[:10])),
    }
    if len(units) == 1:
        return told
    return {context.t("unit"): units[remark.unit_id], **told}


def of_unit(context: Context, unit: tuple[str, str], metric: str, names: Mapping[str, str]) -> None:
    """Draw a unit's remarks, and the form for one more about it and the shown metric.

    Args:
        context: The frame's message.
        unit: Id and name; the reader's own.
        metric: The shown metric, or empty.
        names: Metric to its name.
    """
    unit_id, name = unit
    remarked(context, {unit_id: name}, names)
    about = names.get(metric, name)
    with st.form(f"remark_{unit_id}_{metric}", border=False, clear_on_submit=True):
        words = st.text_area(
            context.t("remark_about", about=plain(about)), max_chars=LONGEST_REMARK
        )
        st.caption(context.t("remark_words"))
        is_sent = st.form_submit_button(context.t("follow_add_comment"))
    if is_sent:
        _kept(context, (unit_id, metric), words)


def _kept(context: Context, about: tuple[str, str], words: str) -> None:
    try:
        add_remark(state_folder(context), reader(context), about[:1], about, words)
    except PersonalTextError:
        st.warning(context.t("follow_personal"))
    except (ValueError, NotYoursError):
        st.warning(context.t("remark_what"))
    else:
        st.rerun()
