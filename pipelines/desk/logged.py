"""Asking and taking away with the log: what the command line and the page both call.

The entry is on disk before anything is handed over. If it cannot be written, nothing is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.desk.access_log import Entry, append
from pipelines.desk.ask import MAX_ROWS, MEMORY_MB, TIMEOUT_S, Answer, ask


@dataclass(frozen=True)
class Reader:
    """Who is asking, and in what role, as the log names them."""

    actor: str
    role: str


def ask_logged(  # noqa: PLR0913 - who, where, what and three limits
    state: Path,
    reader: Reader,
    generation_file: Path,
    sql: str,
    *,
    is_export: bool = False,
    max_rows: int = MAX_ROWS,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
) -> Answer:
    """Ask one question and log it, whatever comes of it.

    Args:
        state: The municipality's state folder.
        reader: Who asks.
        generation_file: A published generation.
        sql: One statement that reads.
        is_export: Whether the answer leaves as a file at once.
        max_rows: Rows to return at most.
        timeout_s: Seconds of wall clock.
        memory_mb: DuckDB's memory limit.

    Raises:
        sqlite3.Error: The log could not be written; there is no answer.
    """
    answer = ask(generation_file, sql, max_rows=max_rows, timeout_s=timeout_s, memory_mb=memory_mb)
    append(
        state,
        Entry(
            actor=reader.actor,
            role=reader.role,
            action="sql",
            subject="sql",
            generation=generation_file.name,
            n_rows=answer.n_rows if answer.words is None else None,
            is_export=is_export and answer.words is None,
            outcome=answer.code,
            detail=sql,
        ),
    )
    return answer


def log_taken(  # noqa: PLR0913 - what an auditor asks about a file
    state: Path,
    reader: Reader,
    generation_file: Path,
    subject: str,
    *,
    kind: Literal["csv", "xlsx", "pdf", "png", "svg"],
    n_rows: int | None = None,
    unit: str = "",
    period: str = "",
) -> int:
    """Log that a file is about to be handed over; returns the entry's number.

    Args:
        state: The municipality's state folder.
        reader: Who takes it.
        generation_file: The published generation it is made from.
        subject: The page or table.
        kind: What file.
        n_rows: Rows in it; ``None`` for a report.
        unit: The unit it is limited to; empty for all.
        period: The months it is limited to; empty for all.

    Raises:
        sqlite3.Error: The log could not be written; the file must not be handed over.
    """
    return append(
        state,
        Entry(
            actor=reader.actor,
            role=reader.role,
            action="report" if kind == "pdf" else "download",
            subject=subject,
            unit=unit,
            period=period,
            generation=generation_file.name,
            n_rows=n_rows,
            is_export=True,
            detail=kind,
        ),
    )


def log_login(state: Path, reader: Reader) -> int:
    """Log that someone signed in and was let in; returns the entry's number.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    return append(state, Entry(reader.actor, reader.role, action="login", subject="login"))


def log_refused(state: Path, reader: Reader, subject: str, unit: str = "") -> int:
    """Log that someone was refused a page or a unit, or was let in to nothing.

    Args:
        state: The municipality's state folder.
        reader: Who asked; without a line in the access table the role is empty.
        subject: The page or ``login``.
        unit: The unit asked for.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    return append(
        state,
        Entry(
            actor=reader.actor,
            role=reader.role,
            action="login" if subject == "login" else "view",
            subject=subject,
            unit=unit,
            outcome="refused",
        ),
    )


def log_seen(state: Path, reader: Reader, generation_file: Path, page: str, unit: str = "") -> int:
    """Log that a page was opened, for one unit or for all; returns the entry's number.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    return append(
        state,
        Entry(
            actor=reader.actor,
            role=reader.role,
            action="view",
            subject=page,
            unit=unit,
            generation=generation_file.name,
        ),
    )


def log_signed(  # noqa: PLR0913 - who, what, of which edition and with which words
    state: Path, reader: Reader, generation_file: Path, subject: str, period: str, comment: str
) -> int:
    """Log that someone signs for a period; returns the entry's number.

    Args:
        state: The municipality's state folder.
        reader: Who signs.
        generation_file: The published generation that was read.
        subject: What is signed.
        period: The month as ``YYYY-MM``; empty for all.
        comment: The signer's own words.

    Raises:
        sqlite3.Error: The log could not be written; nothing is signed.
    """
    return append(
        state,
        Entry(
            actor=reader.actor,
            role=reader.role,
            action="sign_off",
            subject=subject,
            period=period,
            generation=generation_file.name,
            detail=comment,
        ),
    )
