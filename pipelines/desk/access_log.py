"""Who saw, asked for, took away and did what: an append-only log whose entries are chained by hash.

An entry names a page, a table or a delivery, never a value from it. Whether the chain holds, alone
and against heads noted elsewhere, is judged in ``log_chain``; what is done to the data is told in
``events``. Nothing here decides who may see what.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

from pipelines.desk.database import never, open_database
from pipelines.desk.log_chain import (
    NO_HASH,
    NO_HEAD,
    LogEntry,
    Mark,
    Verification,
    check,
    entry_hash,
)
from pipelines.desk.on_disk import write_whole
from pipelines.desk.personal_identifiers import HIDDEN, identifiers_in, masked

FILE_NAME = "access_log.sqlite"
HEAD_FILE = "access_log.head"
"""The head as it was after the last entry, in a file of its own."""
_LONGEST_DETAIL = 2000
NEVER_DELETED = never("entries", "deleted")
SCHEMA = (
    """
create table if not exists entries (
    seq integer primary key,
    at text not null,
    actor text not null,
    role text not null,
    action text not null,
    subject text not null,
    unit text not null,
    period text not null,
    generation text not null,
    n_rows integer,
    is_export integer not null,
    outcome text not null,
    detail text not null,
    previous_hash text not null,
    entry_hash text not null
);
"""
    + never("entries", "changed")
    + NEVER_DELETED
)

_LAST = "select seq, entry_hash from entries order by seq desc limit 1"
_CLEANED = ("subject", "unit", "period", "detail")
Seen = Literal["view", "login", "sql", "download", "report", "sign_off", "follow_up", "try"]
Done = Literal[
    "run",
    "configuration",
    "hold",
    "accept",
    "withdraw",
    "propose",
    "lapse",
    "release",
    "revoke",
    "publish",
    "rollback",
    "rebuild",
    "mend",
    "loss",
    "delete",
    "rotate",
    "lock",
    "unlock",
    "shorten",
    "break",
    "draw",
    "announce",
    "export",
    "notify",
    "backup",
    "restore",
]
Action = Seen | Done


@dataclass(frozen=True)
class Entry:
    """One thing somebody did.

    Attributes:
        actor: Who, as the login names them.
        role: In what role.
        action: What was done.
        subject: The page or table it concerns.
        unit: The unit it was limited to; empty for all.
        period: The months it was limited to; empty for all.
        generation: The published file.
        n_rows: Rows shown or taken away.
        is_export: Whether a file left the house.
        outcome: ``ok``, or why it was refused or stopped.
        detail: The question asked or the file's kind; personal identifiers are taken out.
    """

    actor: str
    role: str
    action: Action
    subject: str
    unit: str = ""
    period: str = ""
    generation: str = ""
    n_rows: int | None = None
    is_export: bool = False
    outcome: str = "ok"
    detail: str = ""


def append(state: Path, entry: Entry) -> int:
    """Add an entry and return its number; it is on disk when this returns.

    Args:
        state: The municipality's state folder.
        entry: What was done.

    Raises:
        sqlite3.Error: It could not be written; then what was asked for must not be given.
    """
    with open_database(state / FILE_NAME, SCHEMA) as con:
        seq = add(con, entry)
    note_head(state)
    return seq


def entries(state: Path, limit: int = 200) -> list[LogEntry]:
    """Return the newest entries, newest first; empty when nothing is logged yet."""
    return asked(state, "true", limit=limit)


def asked(
    state: Path, which: str, values: Sequence[object] = (), *, limit: int = -1
) -> list[LogEntry]:
    """Return the entries that are as asked, newest first; the one way the log is asked.

    Args:
        state: The municipality's state folder; nothing is made in it.
        which: A condition in SQL on the columns of ``SCHEMA``, with ``?`` for each value.
        values: The values.
        limit: The newest so many; negative for all.

    Raises:
        sqlite3.Error: The log is damaged.
    """
    file = state / FILE_NAME
    if not file.exists():
        return []
    with closing(_reader_of(file)) as con:
        rows = con.execute(
            f"select * from entries where {which} order by seq desc limit ?", [*values, limit]
        )
        return [cast("LogEntry", dict(row)) for row in rows]


def sign_offs(state: Path, subject: str, period: str) -> list[LogEntry]:
    """Return the entries that sign for a subject's period, newest first.

    Args:
        state: The municipality's state folder.
        subject: What was signed.
        period: The month as ``YYYY-MM``; empty for all.
    """
    return asked(state, "action = 'sign_off' and subject = ? and period = ?", [subject, period])


def head(state: Path) -> str:
    """Return ``seq:hash`` of the last entry, to be noted where the log's keeper cannot change it.

    Args:
        state: The municipality's state folder; nothing is made in it.

    Raises:
        sqlite3.Error: The log is damaged.
    """
    last = next(iter(entries(state, 1)), None)
    return f"{last['seq']}:{last['entry_hash']}" if last else NO_HEAD


def last_of(state: Path, action: Action, subject: str) -> LogEntry | None:
    """Return the newest entry of a kind about a subject; ``None`` when there is none."""
    return next(iter(asked(state, "action = ? and subject = ?", [action, subject], limit=1)), None)


def verify(state: Path, expected_head: str = "", marks: Iterable[Mark] = ()) -> Verification:
    """Read the whole chain and say from where it does not hold.

    Args:
        state: The municipality's state folder.
        expected_head: ``seq:hash`` noted earlier; the log must still hold that entry.
        marks: Heads noted in other files as they were made.
    """
    noted = [Mark(expected_head, "", "changed")] if expected_head else []
    file = state / FILE_NAME
    if not file.exists():
        return check((), [*noted, *marks])
    with closing(_reader_of(file)) as con:
        return check(con.execute("select * from entries order by seq"), [*noted, *marks])


def _reader_of(file: Path) -> sqlite3.Connection:
    """Return a connection to the log that changes nothing in it."""
    # not read-only: a reader of a write-ahead log needs its shared-memory file
    con = sqlite3.connect(file, timeout=15.0)
    con.execute("pragma query_only = true")
    con.row_factory = sqlite3.Row
    return con


def add(con: sqlite3.Connection, entry: Entry) -> int:
    """Add an entry in a transaction that holds the write lock, and return its number."""
    content = asdict(entry) | {name: _cleaned(getattr(entry, name)) for name in _CLEANED}
    content["actor"] = _named(entry.actor)
    content["detail"] = content["detail"][:_LONGEST_DETAIL]
    content["is_export"] = int(entry.is_export)
    content["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    last = con.execute(_LAST).fetchone()
    content["seq"] = last["seq"] + 1 if last else 1
    content["previous_hash"] = last["entry_hash"] if last else NO_HASH
    content["entry_hash"] = entry_hash(content)
    names = list(content)
    con.execute(
        f"insert into entries ({', '.join(names)})"
        f" values ({', '.join(':' + name for name in names)})",
        content,
    )
    return int(content["seq"])


def _cleaned(text: str) -> str:
    return masked(text.encode("utf-8", "backslashreplace").decode())


def _named(actor: str) -> str:
    # the one text that is a person on purpose, but never by the number the whole country knows
    found = identifiers_in(actor)
    return HIDDEN if any(hit.kind == "identity_number" for hit in found) else actor


def note_head(state: Path) -> None:
    """Write the head to a file of its own, after the entry is on disk: it never comes before it."""
    with suppress(OSError, sqlite3.Error):
        write_whole(state / HEAD_FILE, head(state).encode(), is_awaited=False)
