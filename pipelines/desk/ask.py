"""Ask one question of a published generation, in a process of its own that can be stopped.

The command line and the page both ask here. Which statements are allowed, and the limits the
process sets on itself, live in the program that is started; this starts it, stops it when the time
is up, and never runs a statement.
"""

import json
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.children import answer_of
from pipelines.desk.programs import QUERY
from pipelines.desk.refusals import words_for
from pipelines.words.said import Words

MAX_ROWS = 10_000
"""Rows in an answer at most; more are cut, and said to be."""
TIMEOUT_S = 8.0
MEMORY_MB = 512
_GRACE_S = 1.0
# each may hold two gigabytes of addresses and a core
_AT_ONCE = 4
_SLOTS = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        code: ``ok``, or why there is no answer: a code of ``pipelines.desk.refusals``.
        words: The reason in words; ``None`` when ok.
        arrow: The rows as an Arrow IPC stream; empty when not ok.
        n_rows: How many rows.
        is_cut: Whether there were more rows.
        seconds: Time in DuckDB, without starting the process.
    """

    code: str
    words: Words | None = None
    arrow: bytes = b""
    n_rows: int = 0
    is_cut: bool = False
    seconds: float = 0.0


def ask(
    generation_file: Path,
    sql: str,
    *,
    max_rows: int = MAX_ROWS,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
) -> Answer:
    """Ask one question; whatever it is, this returns within the time and a little more.

    Args:
        generation_file: A published generation.
        sql: One statement that reads.
        max_rows: Rows to return at most.
        timeout_s: Seconds of wall clock, start of the process included.
        memory_mb: DuckDB's memory limit; the process as a whole may use 2 GB of addresses.
    """
    request = {
        "path": str(generation_file.resolve()),
        "sql": sql,
        "max_rows": max_rows,
        "timeout_s": timeout_s,
        "memory_mb": memory_mb,
    }
    try:
        sql.encode()
    except UnicodeEncodeError:
        return _no("encoding")
    body = json.dumps(request).encode()
    if not _SLOTS.acquire(timeout=timeout_s):
        return _no("busy")
    try:
        out, exit_code = answer_of(QUERY, body, timeout_s + _GRACE_S)
    finally:
        _SLOTS.release()
    head, separator, arrow = out.partition(b"\n")
    if not separator:
        was_stopped = exit_code in (-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL)
        if exit_code > 0:
            return _no("unexpected")
        return _no("timeout" if was_stopped else "memory")
    header = json.loads(head)
    if not header["ok"]:
        return _no(header["code"], header["values"])
    return Answer(
        "ok",
        None,
        arrow,
        n_rows=header["n_rows"],
        is_cut=header["truncated"],
        seconds=header["seconds"],
    )


def _no(code: str, values: dict[str, str] | None = None) -> Answer:
    return Answer(code, words_for(code, values or {}))
