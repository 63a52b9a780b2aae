"""Messages on their way: kept until they are delivered, each sent once on each channel.

In ``state/notices.sqlite``. Delivering them is in ``channels``; what they say in ``night_message``
and ``leaders``.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.desk.database import open_database

FILE_NAME = "notices.sqlite"
_SCHEMA = """
create table if not exists messages (
    number integer primary key, key text not null, channel text not null, recipient text not null,
    subject text not null, body text not null, made_at text not null,
    attempts integer not null default 0, next_try_at text not null, sent_at text,
    said text not null default '', unique (key, channel, recipient)
);
create table if not exists told (subject text primary key, value text not null);
"""
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)
_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Message:
    """A message to somebody.

    Attributes:
        key: What it is about; the same key is never sent twice on the same channel.
        channel: ``smtp``, ``webhook`` or ``command``.
        recipient: An address; empty where the channel is the recipient.
        subject: Its first line.
        body: Its text.
    """

    key: str
    channel: str
    recipient: str
    subject: str
    body: str


def put(state: Path, message: Message, now: datetime) -> bool:
    """Put a message in the outbox; returns whether it was new.

    Args:
        state: The municipality's state folder.
        message: The message.
        now: The present.
    """
    with _open(state) as con:
        added = con.execute(
            "insert or ignore into messages"
            " (key, channel, recipient, subject, body, made_at, next_try_at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [*_fields(message), now.isoformat(), now.isoformat()],
        )
        return added.rowcount == 1


def deliver(state: Path, send: Callable[[Message], None], now: datetime) -> tuple[int, int]:
    """Try to deliver what waits and is due; returns how many were sent and how many still wait.

    One that cannot be delivered is tried again later, each time after a longer wait.

    Args:
        state: The municipality's state folder.
        send: Delivers one message, or raises ``OSError`` with why not.
        now: The present.
    """
    sent = 0
    for number, attempts, message in _due(state, now):
        try:
            send(message)
        except OSError as error:
            wait = min(_FIRST_WAIT * 2**attempts, _LONGEST_WAIT)
            said = f"{type(error).__name__}: {error}"[:500]
            _note(state, number, sent_at=None, next_try=now + wait, said=said)
        else:
            _note(state, number, sent_at=now, next_try=now, said="")
            sent += 1
    with _open(state) as con:
        con.execute("delete from messages where sent_at < ?", [(now - _KEPT).isoformat()])
        ((waiting,),) = con.execute(
            "select count(*) from messages where sent_at is null"
        ).fetchall()
    return sent, int(waiting)


def waiting(state: Path) -> list[tuple[str, str]]:
    """Return channel and why not, of every message that waits."""
    if not (state / FILE_NAME).exists():
        return []
    with _open(state) as con:
        rows = con.execute(
            "select channel, said from messages where sent_at is null order by number"
        ).fetchall()
    return [(row["channel"], row["said"]) for row in rows]


def told_last(state: Path, subject: str) -> str | None:
    """Return what was told last of a subject; ``None`` when nothing was."""
    if not (state / FILE_NAME).exists():
        return None
    with _open(state) as con:
        row = con.execute("select value from told where subject = ?", [subject]).fetchone()
    return str(row["value"]) if row else None


def note_told(state: Path, subject: str, value: str) -> None:
    """Note what was told of a subject."""
    with _open(state) as con:
        con.execute("insert or replace into told values (?, ?)", [subject, value])


def _due(state: Path, now: datetime) -> list[tuple[int, int, Message]]:
    with _open(state) as con:
        rows = con.execute(
            "select * from messages where sent_at is null and next_try_at <= ? order by number",
            [now.isoformat()],
        ).fetchall()
    names = ("key", "channel", "recipient", "subject", "body")
    return [(row["number"], row["attempts"], Message(*(row[n] for n in names))) for row in rows]


def _note(
    state: Path, number: int, *, sent_at: datetime | None, next_try: datetime, said: str
) -> None:
    with _open(state) as con:
        con.execute(
            "update messages set attempts = attempts + 1, sent_at = ?, next_try_at = ?, said = ?"
            " where number = ?",
            [sent_at.isoformat() if sent_at else None, next_try.isoformat(), said, number],
        )


def _fields(message: Message) -> tuple[str, ...]:
    return (
        message.key, message.channel, message.recipient, message.subject, message.body,
    )  # fmt: skip


def _open(state: Path) -> "AbstractContextManager[sqlite3.Connection]":
    return open_database(state / FILE_NAME, _SCHEMA)
