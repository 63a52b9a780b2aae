"""What is done to the data itself, told to the access log: runs, deliveries, set-up, editions.

Who does it is said once, where the program starts (``acting_as``), and followed from there. What
people see and take away is logged in ``logged``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from pipelines.desk.access_log import Action, Entry, append, last_of
from pipelines.desk.accounts import account
from pipelines.desk.logged import Reader
from pipelines.settings import environment

_acting: ContextVar[Reader | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(who: Reader) -> Iterator[None]:
    """Let what is logged be somebody's doing, for as long as the block runs."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def acting() -> Reader:
    """Return whose doing it is."""
    return _acting.get() or Reader(account(), "program")


def log_event(  # noqa: PLR0913 - what an auditor asks about an event
    state: Path,
    action: Action,
    subject: str,
    *,
    who: Reader | None = None,
    generation: str = "",
    n_rows: int | None = None,
    outcome: str = "ok",
    detail: str = "",
) -> int:
    """Log something done to the data, before it is done; returns the entry's number.

    Args:
        state: The municipality's state folder.
        action: What.
        subject: What it is done to: a delivery's number, a file, a folder.
        who: Who does it; whoever is acting if not given.
        generation: The published file it concerns.
        n_rows: How many it concerns.
        outcome: ``ok``, or how it went.
        detail: Codes and hashes, never a person's words or a value from a file.

    Raises:
        sqlite3.Error: The log could not be written; then it must not be done.
    """
    by = who or acting()
    entry = Entry(
        by.actor,
        by.role,
        action,
        subject,
        generation=generation,
        n_rows=n_rows,
        outcome=outcome,
        detail=detail,
    )
    return append(state, entry)


def log_run(state: Path, how: str, job: str = "nightly") -> int:
    """Log that somebody starts a run: the account, its number, and from where.

    Args:
        state: The municipality's state folder.
        how: The run's number and what started it.
        job: What is run: the whole way from delivery to publication, or another of Dagster's jobs.

    Raises:
        sqlite3.Error: The log could not be written; then it must not be started.
    """
    asked_by = environment().get("SUDO_UID", "")
    sudo = f" sudo_uid={asked_by}" if asked_by.isdecimal() else ""
    return log_event(state, "run", job, outcome="started", detail=f"uid={os.getuid()}{sudo} {how}")


def log_configuration(state: Path, subject: str, sha256: str) -> bool:
    """Log the set-up when it is another than last time; returns whether it was.

    Args:
        state: The municipality's state folder.
        subject: What is set up.
        sha256: Of all of it.

    Raises:
        sqlite3.Error: The log could not be written.
    """
    before = last_of(state, "configuration", subject)
    now = f"sha256:{sha256}"
    was = before["detail"].split()[0] if before else ""
    if was == now:
        return False
    log_event(
        state, "configuration", subject, detail=f"{now} before {was}" if was else f"{now} first"
    )
    return True
