"""The leader group's list: what is taken up about which unit, who has it, by when, and how it went.

Figures are the edition's; the list itself is the municipality's own and lies beside the log.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from dashboards.components import links
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.reader import reader, state_folder
from dashboards.components.remarks import has_remarks, remarked
from dashboards.components.tables import plain
from dashboards.components.told_apart import told_apart
from dashboards.context import Context
from dashboards.reports.told import HIDDEN_CLASS, headlines
from pipelines.desk.follow_up import (
    OWNER_ROLES,
    Kind,
    NotYoursError,
    Step,
    Topic,
    open_topic,
    take_step,
    topics,
)
from pipelines.desk.kept_text import PersonalTextError
from pipelines.words.catalogue import find
from pipelines.words.numbers import MISSING


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_follow_up"), anchor=False)
    st.markdown(context.t("follow_words"))
    units = {
        row["unit_id"]: row["unit_name"]
        for row in context.rows("dim_units", ("unit_id", "unit_name"), order_by=("unit_name",))
    }
    label = context.column("label")
    metrics = {
        row["metric_id"]: row[label]
        for row in context.rows("dim_metrics", ("metric_id", label), order_by=("metric_order",))
    }
    found = topics(state_folder(context), units)
    if not found:
        st.info(context.t("follow_none"))
    for topic in found:
        _topic(context, topic, units, metrics)
    if found:
        _take_along(context, found, units, metrics)
    if has_remarks(context, units):
        with st.expander(context.t("remarks")):
            remarked(context, units, metrics)
    _form(context, units, metrics)


def _role(context: Context, code: str) -> str:
    return find(f"owner_role.{code}", context.language) or MISSING


def _state(context: Context, topic: Topic) -> str:
    return find(f"follow_state.{topic.state}", context.language) or ""


def _topic(context: Context, topic: Topic, units: dict[str, str], metrics: dict[str, str]) -> None:
    # who may see the topic holds its unit
    line = " · ".join(
        part
        for part in (
            topic.title, units[topic.unit_id], _role(context, topic.owner_role),
            context.day(topic.due_date), _state(context, topic),
        ) if part
    )  # fmt: skip
    with st.expander(plain(line)):
        to = links.address(
            "enhet", context.language, enhet=topic.unit_id,
            **({"maltall": topic.metric_id} if topic.metric_id else {}),
        )  # fmt: skip
        about = metrics.get(topic.metric_id, units[topic.unit_id])
        st.markdown(f"[{plain(about)}]({to}) {plain(topic.why)}")
        for step in topic.steps:
            st.caption(plain(_step_words(context, step)))
        if topic.state == "done":
            _button(context, topic, units, "reopened", context.t("follow_reopen"))
            return
        if topic.state == "opened":
            _button(context, topic, units, "acknowledged", context.t("follow_acknowledge"))
        _button(context, topic, units, "done", context.t("follow_done"))
        _assign(context, topic, units)
        _comment(context, topic, units)


def _step_words(context: Context, step: Step) -> str:
    kind = find(f"follow_step.{step.kind}", context.language) or ""
    owner = _role(context, step.owner_role) if step.owner_role else ""
    parts = (
        context.day(date.fromisoformat(step.at[:10])), step.role, kind, owner,
        context.day(step.due_date), step.words,
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def _button(
    context: Context,
    topic: Topic,
    units: dict[str, str],
    kind: Kind,
    label: str,
) -> None:
    if st.button(label, key=f"follow_{kind}_{topic.topic_id}"):
        _kept(context, lambda: take_step(
            state_folder(context), reader(context), units, topic.topic_id, kind
        ))  # fmt: skip


def _assign(context: Context, topic: Topic, units: dict[str, str]) -> None:
    with st.form(f"assign_{topic.topic_id}", border=False):
        role, due = _owner_and_date(context, f"{topic.topic_id}", topic.owner_role, topic.due_date)
        if st.form_submit_button(context.t("follow_assign")):
            _kept(context, lambda: take_step(
                state_folder(context), reader(context), units, topic.topic_id, "assigned",
                owner_role=role, due_date=due,
            ))  # fmt: skip


def _comment(context: Context, topic: Topic, units: dict[str, str]) -> None:
    with st.form(f"comment_{topic.topic_id}", border=False, clear_on_submit=True):
        words = st.text_area(context.t("follow_comment"), max_chars=500)
        if st.form_submit_button(context.t("follow_add_comment")):
            _kept(context, lambda: take_step(
                state_folder(context), reader(context), units, topic.topic_id, "commented",
                words=words,
            ))  # fmt: skip


def _owner_and_date(
    context: Context, key: str, owner: str, due: date | None
) -> tuple[str, date | None]:
    left, right = st.columns(2)
    role = left.selectbox(
        context.t("owner_role"), OWNER_ROLES, format_func=lambda code: _role(context, code),
        index=OWNER_ROLES.index(owner) if owner in OWNER_ROLES else 0, key=f"owner_{key}",
    )  # fmt: skip
    day = right.date_input(
        context.t("follow_due"), value=due, format="DD.MM.YYYY", key=f"due_{key}"
    )
    return str(role), day if isinstance(day, date) else None


def _kept(context: Context, step: Callable[[], object]) -> None:
    try:
        step()
    except PersonalTextError:
        st.warning(context.t("follow_personal"))
        return
    except (ValueError, NotYoursError):
        # also a form that is sent before a unit is chosen
        st.warning(context.t("follow_what"))
        return
    st.rerun()


def _form(context: Context, units: dict[str, str], metrics: dict[str, str]) -> None:
    st.header(context.t("follow_new"), anchor=False)
    unit, metric = links.chosen("enhet") or "", links.chosen("maltall") or ""
    title, why = _suggested(context, unit, metric, metrics) if unit in units else ("", "")
    with st.form("follow_new", border=False):
        codes = list(units)
        unit_id = st.selectbox(
            context.t("unit"), codes, index=codes.index(unit) if unit in units else None,
            format_func=told_apart(units).__getitem__, key=f"follow_unit_{unit}",
        )  # fmt: skip
        topic = st.text_input(
            context.t("follow_topic"), value=title, max_chars=160, key=f"follow_t_{unit}_{metric}"
        )
        reason = st.text_area(
            context.t("follow_why"), value=why, max_chars=500, key=f"follow_w_{unit}_{metric}"
        )
        role, due = _owner_and_date(context, "new", "", None)
        if st.form_submit_button(context.t("follow_open"), type="primary"):
            _kept(context, lambda: open_topic(
                state_folder(context), reader(context), units, unit_id=unit_id or "",
                metric_id=metric if unit_id == unit and metric in metrics else "",
                title=topic, why=reason, owner_role=role, due_date=due,
            ))  # fmt: skip


def _suggested(
    context: Context, unit: str, metric: str, metrics: dict[str, str]
) -> tuple[str, str]:
    """The topic and the reason as the page one came from says them; nothing of what is hidden."""
    step = context.column("next_step")
    found = headlines(
        context, ("cycle_no", step), (), order_by=("cycle_no",), unit_id=unit, metric_id=metric
    )
    if not found or found[-1]["verdict_class"] == HIDDEN_CLASS:
        return metrics.get(metric, ""), ""
    row = found[-1]
    return f"{metrics[metric]}: {row['verdict']}", str(row[step] or "")


def _take_along(
    context: Context, found: list[Topic], units: dict[str, str], metrics: dict[str, str]
) -> None:
    columns = (
        context.t("follow_topic"), context.t("unit"), context.t("metric"), context.t("follow_why"),
        context.t("owner_role"), context.t("follow_due"), context.t("status"),
        context.t("follow_comment"),
    )  # fmt: skip
    rows = [
        (
            topic.title, units[topic.unit_id], metrics.get(topic.metric_id, ""), topic.why,
            _role(context, topic.owner_role), topic.due_date, _state(context, topic),
            " / ".join(step.words for step in topic.steps if step.words),
        )
        for topic in found
    ]  # fmt: skip
    table_buttons(context, Taken("oppfolging", context.t("page_follow_up"), columns, rows))
