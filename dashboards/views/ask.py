"""Ask yourself: SQL over every published table, with the tables explained and examples."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboards.charts.plain import is_number, plain_chart
from dashboards.components import kept_queries
from dashboards.components.asking import Asked, ask, last_asked
from dashboards.components.choices import Listed, pick
from dashboards.components.downloads import Taken, table_buttons
from dashboards.components.plain_question import plain_question
from dashboards.components.tables import plain, table
from dashboards.context import Context
from pipelines.desk.ask import MAX_ROWS, MEMORY_MB, TIMEOUT_S
from pipelines.desk.questions import Question, questions
from pipelines.desk.saved_queries import SavedQuery
from pipelines.words.numbers import any_value

_SQL = "ask_sql"
_CATALOGUE = (
    "table_name", "table_label_nb", "table_rules_nb", "column_name", "column_type",
    "column_label_nb", "is_key", "is_required", "column_description_en",
)  # fmt: skip
_TOLD = (
    "table_label", "table_description", "table_rules", "column_label", "column_description",
    "suppression",
)  # fmt: skip


@dataclass(frozen=True)
class _Start:
    """Something to start from: a worked question or a kept one."""

    label: str
    sql: str
    question: Question | None = None


def show(context: Context) -> None:
    """Draw the page."""
    st.title(context.t("page_ask"), anchor=False)
    st.markdown(context.t("ask_about"))
    starts = _starts(context)
    st.session_state.setdefault(_SQL, next(iter(questions().values())).sql)
    if (written := plain_question(context)) is not None:
        st.session_state[_SQL] = written
    st.selectbox(
        context.t("ask_start"),
        list(starts),
        index=None,
        format_func=lambda key: starts[key].label,
        placeholder=context.t("ask_choose"),
        key="ask_from",
        on_change=lambda: _use(starts),
    )
    chosen = starts.get(st.session_state.get("ask_from", ""))
    if chosen and chosen.question:
        st.caption(plain(chosen.question.about(context.language)))
    sql = st.text_area(context.t("ask_sql"), key=_SQL, height=220)
    limits = {
        "rows": context.number(MAX_ROWS),
        "seconds": context.number(TIMEOUT_S),
        "memory": context.number(MEMORY_MB),
    }
    st.caption(context.t("ask_limits", **limits))
    # what the form has just written is asked at once
    if st.button(context.t("ask_run"), type="primary") or written is not None:
        with st.spinner(context.t("ask_running")):
            asked = ask(context, sql)
        if asked is None:
            st.error(context.t("ask_not_logged"))
    else:
        asked = last_asked(context)
    if asked is not None:
        _answer(context, asked)
    with st.expander(context.t("ask_keep_header")):
        kept_queries.keep_form(context, sql)
        kept_queries.manage(context)
    _tables(context)


def _starts(context: Context) -> dict[str, _Start]:
    found = {
        f"example:{q.question_id}": _Start(q.title(context.language), q.sql, q)
        for q in questions().values()
    }
    for query in kept_queries.kept(context):
        found[f"kept:{query.query_id}"] = _Start(_label(context, query), query.sql)
    return found


def _label(context: Context, query: SavedQuery) -> str:
    if query.is_shared:
        return context.t("ask_label_shared", title=query.title, owner=query.owner)
    return context.t("ask_label_kept", title=query.title)


def _use(starts: dict[str, _Start]) -> None:
    chosen = starts.get(st.session_state.get("ask_from") or "")
    if chosen is not None:
        st.session_state[_SQL] = chosen.sql


def _answer(context: Context, asked: Asked) -> None:
    st.header(context.t("ask_answer"), anchor=False)
    answer = asked.answer
    if answer.words is not None:
        # DuckDB's own words may quote the question: shown as text, never as markup
        st.error(context.t("ask_refused"))
        st.text(answer.words.text(context.language))
        if way_out := answer.words.way_out(context.language):
            st.text(way_out)
        return
    rows, seconds = (
        context.number(len(asked.rows)),
        context.number(answer.seconds, 2),
    )
    st.caption(context.t("ask_got", rows=rows, seconds=seconds))
    if answer.is_cut:
        st.warning(context.t("ask_cut", rows=rows))
    if not asked.rows:
        st.info(context.t("ask_no_rows"))
        return
    numbers = _drawable(asked)
    st.dataframe(
        [
            {
                name: any_value(cell, context.language)
                for name, cell in zip(asked.columns, row, strict=True)
            }
            for row in asked.rows
        ],
        hide_index=True,
        width="stretch",
        column_config={name: st.column_config.TextColumn(alignment="right") for name in numbers},
    )
    table_buttons(
        context,
        Taken(
            "sql",
            context.t("page_ask"),
            asked.columns,
            asked.rows,
            about=[(context.t("ask_sql"), asked.sql)],
        ),
    )
    _chart(context, asked)


def _chart(context: Context, asked: Asked) -> None:
    records, drawable = asked.records(), _drawable(asked)
    if not drawable or len(asked.columns) == 1:
        return
    st.header(context.t("ask_chart"), anchor=False)
    x, y = _suggested(asked, drawable)
    left, right = st.columns(2)
    x = left.selectbox(context.t("ask_x"), asked.columns, index=asked.columns.index(x))
    y = right.selectbox(context.t("ask_y"), drawable, index=drawable.index(y))
    alt = context.t("ask_chart_alt", x=x, y=y, rows=context.number(len(records)))
    st.vega_lite_chart(plain_chart(records, x, y, alt, context.language), width="stretch")
    st.caption(plain(alt))


def _drawable(asked: Asked) -> list[str]:
    found = []
    for name, cells in zip(asked.columns, zip(*asked.rows, strict=True), strict=True):
        present = [cell for cell in cells if cell is not None]
        if present and all(is_number(cell) for cell in present):
            found.append(name)
    return found


def _suggested(asked: Asked, drawable: list[str]) -> tuple[str, str]:
    for question in questions().values():
        if question.sql == asked.sql.strip() and question.chart_y in drawable:
            return question.chart_x, question.chart_y
    others = [name for name in asked.columns if name not in drawable]
    y = drawable[-1]
    return next(iter(others or [name for name in asked.columns if name != y])), y


def _tables(context: Context) -> None:
    st.header(context.t("ask_tables"), anchor=False)
    # an edition from before the columns were described in bokmål has English only
    told = tuple(context.column(stem) for stem in _TOLD)
    wanted = context.present("mart_catalogue", tuple(dict.fromkeys((*_CATALOGUE, *told))))
    rows = context.rows("mart_catalogue", wanted, order_by=("table_order", "column_order"))
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row["table_name"], []).append(row)
    label, rules = context.column("table_label"), context.column("table_rules")
    names = {
        table: f"{table} – {rows[0].get(label, rows[0]['table_label_nb'])}"
        for table, rows in by_table.items()
    }
    listed = Listed(context.t("ask_table"), names, next(iter(names), None))
    name = pick(context, "tabell", listed)
    if name is None:
        return
    columns = by_table[name]
    st.markdown(plain(columns[0][context.column("table_description")]))
    table([_column(context, row) for row in columns])
    if promised := columns[0].get(rules, columns[0]["table_rules_nb"]):
        st.caption(context.t("ask_promises", rules=plain(promised)))


def _column(context: Context, row: dict[str, Any]) -> dict[str, str]:
    marks = [context.t("ask_key")] if row["is_key"] else []
    if row["is_required"]:
        marks.append(context.t("ask_required"))
    meaning = context.column("column_description")
    return {
        context.t("ask_column"): row["column_name"],
        context.t("ask_type"): row["column_type"],
        context.t("ask_name"): row.get(context.column("column_label"), row["column_label_nb"]),
        context.t("ask_meaning"): row.get(meaning, row["column_description_en"]),
        context.t("ask_marks"): ", ".join(marks),
        context.t("ask_protection"): row.get(context.column("suppression")) or "",
    }
