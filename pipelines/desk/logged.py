"""Asking and taking away with the log: what the command line and the page both call.

The entry is on disk before anything is handed over. If it cannot be written, nothing is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipelines.desk.access_log import Action, Entry, append
from pipelines.desk.ask import MAX_ROWS, MEMORY_MB, TIMEOUT_S, Answer, ask
from pipelines.desk.kept_text import refuse_personal
from pipelines.desk.on_disk import print_of
from pipelines.desk.refusals import words_for
from pipelines.desk.signed import detail_of, keep_signed

Kind = Literal["csv", "xlsx", "pdf", "pptx", "png", "svg", "zip", "parquet", "json", "xml", "atom"]


@dataclass(frozen=True)
class Reader:
    """Who is asking, as the log names them.

    Attributes:
        actor: The name in the access table, or the account on the machine.
        role: In what role.
        is_limited: Reads some units only. A question is asked of all rows, so they get no answer.
    """

    actor: str
    role: str
    is_limited: bool = False


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
    if reader.is_limited:
        answer = Answer("limited_reader", words_for("limited_reader", {}))
    else:
        answer = ask(
            generation_file, sql, max_rows=max_rows, timeout_s=timeout_s, memory_mb=memory_mb
        )
    is_answered = answer.words is None
    _log(
        state,
        reader,
        "sql",
        "sql",
        generation=generation_file.name,
        n_rows=answer.n_rows if is_answered else None,
        is_export=is_export and is_answered,
        outcome=answer.code,
        detail=sql,
    )
    return answer


def take(  # noqa: PLR0913 - what an auditor asks about a file
    state: Path,
    reader: Reader,
    generation_file: Path,
    subject: str,
    make: Callable[[], bytes],
    *,
    kind: Kind,
    n_rows: int | None = None,
    unit: str = "",
    period: str = "",
) -> bytes:
    """Make a file, log it with its fingerprint, and return it; what fails is logged too.

    Args:
        state: The municipality's state folder.
        reader: Who takes it.
        generation_file: The published generation it is made from.
        subject: The page or table.
        make: Makes the file.
        kind: What file.
        n_rows: Rows in it; ``None`` for a report or a picture.
        unit: The unit it is limited to; empty for all.
        period: The months it is limited to; empty for all.

    Raises:
        sqlite3.Error: The log could not be written; there is no file.
        Exception: What ``make`` raised: logged as ``refused`` if it is a ``PermissionError``,
            else as ``failed``.
    """

    def log(*, n: int | None, outcome: str, detail: str) -> None:
        _log(
            state,
            reader,
            "report" if kind == "pdf" else "download",
            subject,
            unit=unit,
            period=period,
            generation=generation_file.name,
            n_rows=n,
            is_export=outcome == "ok",
            outcome=outcome,
            detail=detail,
        )

    try:
        content = make()
    except Exception as error:
        outcome = "refused" if isinstance(error, PermissionError) else "failed"
        log(n=None, outcome=outcome, detail=kind)
        raise
    log(n=n_rows, outcome="ok", detail=f"{kind} sha256:{print_of(content)}")
    return content


def log_login(state: Path, reader: Reader) -> int:
    """Log that someone signed in and was let in; returns the entry's number.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    return _log(state, reader, "login", "login")


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
    action: Action = "login" if subject == "login" else "view"
    return _log(state, reader, action, subject, unit=unit, outcome="refused")


def log_seen(state: Path, reader: Reader, generation_file: Path, page: str, unit: str = "") -> int:
    """Log that a page was opened, for one unit or for all; returns the entry's number.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    return _log(state, reader, "view", page, unit=unit, generation=generation_file.name)


def log_signed(  # noqa: PLR0913 - who, what, of which edition and with which words
    state: Path,
    reader: Reader,
    generation_file: Path,
    subject: str,
    period: str,
    comment: str,
    content: bytes | None = None,
) -> int:
    """Log that someone signs for a period; returns the entry's number.

    Args:
        state: The municipality's state folder.
        reader: Who signs.
        generation_file: The published generation that was read.
        subject: What is signed.
        period: The month as ``YYYY-MM``; empty for all.
        comment: The signer's own words.
        content: What was read, as ``signed.as_signed`` gives it: kept, and its hash logged.

    Raises:
        PersonalTextError: The words name a person; nothing is signed.
        sqlite3.Error: The log could not be written; nothing is signed.
        OSError: The content could not be kept; nothing is signed.
    """
    refuse_personal(comment, "comment")
    return _log(
        state,
        reader,
        "sign_off",
        subject,
        period=period,
        generation=generation_file.name,
        detail=comment if content is None else detail_of(keep_signed(state, content), comment),
    )


def _log(state: Path, reader: Reader, action: Action, subject: str, **rest: Any) -> int:  # noqa: ANN401 - fields of Entry
    return append(state, Entry(reader.actor, reader.role, action, subject, **rest))
