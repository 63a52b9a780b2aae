"""The page's way to the desk: ask a question, and keep the answer until the next is asked.

The process that runs it, its limits and the words of a refusal are the desk's.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboards.components.reader import reader, state_folder
from dashboards.context import Context
from pipelines.desk.ask import Answer
from pipelines.desk.logged import ask_logged

_KEPT = "asked"


@dataclass(frozen=True)
class Asked:
    """A question and what came back.

    Attributes:
        sql: As asked.
        generation: Of which published file.
        answer: The desk's answer, without the rows.
        columns: Headings; empty when there is no answer.
        rows: The rows.
    """

    sql: str
    generation: str
    answer: Answer
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as cells by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def ask(context: Context, sql: str) -> Asked | None:
    """Ask and keep the answer; ``None`` when it could not be logged and so was not given.

    Args:
        context: The frame's message; its generation is asked.
        sql: What the reader wrote.
    """
    try:
        answer = ask_logged(state_folder(context), reader(context), Path(context.generation), sql)
    except sqlite3.Error:
        st.session_state.pop(_KEPT, None)
        return None
    made = Asked(sql, context.generation, answer)
    if answer.words is None:
        frame = pl.read_ipc_stream(answer.arrow)
        made = Asked(sql, context.generation, answer, tuple(frame.columns), tuple(frame.rows()))
    st.session_state[_KEPT] = made
    return made


def last_asked(context: Context) -> Asked | None:
    """Return the latest question and answer of this session, if it is of this generation."""
    kept: Asked | None = st.session_state.get(_KEPT)
    return kept if kept is not None and kept.generation == context.generation else None
