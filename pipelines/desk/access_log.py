"""Who saw, asked for and took away what: an append-only log whose entries are chained by hash.

An entry names a page or a table, never a value from it. The chain shows from where someone has
changed, removed or added entries; entries cut off at the end show only against a head that was
noted earlier (``Verification.head``). Nothing here decides who may see what.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.desk.database import open_database
from pipelines.desk.personal_identifiers import masked

FILE_NAME = "access_log.sqlite"
_NO_HASH = "0" * 64
_LONGEST_DETAIL = 2000
_SCHEMA = """
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
create trigger if not exists entries_are_never_changed before update on entries
begin select raise(abort, 'the log is append-only'); end;
create trigger if not exists entries_are_never_deleted before delete on entries
begin select raise(abort, 'the log is append-only'); end;
"""

Action = Literal["view", "login", "sql", "download", "report", "sign_off", "delete"]


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


@dataclass(frozen=True)
class Verification:
    """What a check of the chain found.

    Attributes:
        n_entries: Entries read.
        head: ``seq:hash`` of the last entry; note it, and later tails cannot be cut unseen.
        broken_at: The first entry that does not fit; ``None`` when all do.
        reason: ``changed``, ``missing``, ``cut`` or empty.
    """

    n_entries: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def append(state: Path, entry: Entry) -> int:
    """Add an entry and return its number; it is on disk when this returns.

    Args:
        state: The municipality's state folder.
        entry: What was done.

    Raises:
        sqlite3.Error: It could not be written; then what was asked for must not be given.
    """
    content = asdict(entry)
    detail = entry.detail.encode("utf-8", "backslashreplace").decode()
    content["detail"] = masked(detail)[:_LONGEST_DETAIL]
    content["is_export"] = int(entry.is_export)
    content["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    with open_database(state / FILE_NAME, _SCHEMA) as con:
        last = con.execute(
            "select seq, entry_hash from entries order by seq desc limit 1"
        ).fetchone()
        content["seq"] = last["seq"] + 1 if last else 1
        content["previous_hash"] = last["entry_hash"] if last else _NO_HASH
        content["entry_hash"] = _hash(content)
        names = list(content)
        con.execute(
            f"insert into entries ({', '.join(names)})"
            f" values ({', '.join(':' + name for name in names)})",
            content,
        )
    return int(content["seq"])


def entries(state: Path, limit: int = 200) -> list[dict[str, Any]]:
    """Return the newest entries, newest first; empty when nothing is logged yet."""
    file = state / FILE_NAME
    if not file.exists():
        return []
    with _reader(file) as con:
        rows = con.execute("select * from entries order by seq desc limit ?", [limit]).fetchall()
    return [dict(row) for row in rows]


def sign_offs(state: Path, subject: str, period: str) -> list[dict[str, Any]]:
    """Return the entries that sign for a subject's period, newest first.

    Args:
        state: The municipality's state folder.
        subject: What was signed.
        period: The month as ``YYYY-MM``; empty for all.
    """
    file = state / FILE_NAME
    if not file.exists():
        return []
    with _reader(file) as con:
        rows = con.execute(
            "select * from entries where action = 'sign_off' and subject = ? and period = ?"
            " order by seq desc",
            [subject, period],
        ).fetchall()
    return [dict(row) for row in rows]


def verify(state: Path, expected_head: str = "") -> Verification:
    """Read the whole chain and say from where it does not hold.

    Args:
        state: The municipality's state folder.
        expected_head: ``seq:hash`` noted earlier; the log must still hold that entry.
    """
    noted_seq, _, noted_hash = expected_head.partition(":")
    is_noted_found = not expected_head
    seq, previous = 0, _NO_HASH
    for row in _chain(state / FILE_NAME):
        reason = ""
        if row["seq"] != seq + 1 or row["previous_hash"] != previous:
            reason = "missing"
        elif row["entry_hash"] != _hash(row):
            reason = "changed"
        if reason:
            return Verification(seq, f"{seq}:{previous}", seq + 1, reason)
        seq, previous = row["seq"], row["entry_hash"]
        if str(seq) == noted_seq:
            if previous != noted_hash:
                return Verification(seq, f"{seq}:{previous}", seq, "changed")
            is_noted_found = True
    head = f"{seq}:{previous}"
    if not is_noted_found:
        return Verification(seq, head, seq + 1, "cut")
    return Verification(seq, head)


def _chain(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    with _reader(file) as con:
        for row in con.execute("select * from entries order by seq"):
            yield dict(row)


def _reader(file: Path) -> sqlite3.Connection:
    # not read-only: a reader of a write-ahead log needs its shared-memory file
    con = sqlite3.connect(file, timeout=15.0)
    con.execute("pragma query_only = true")
    con.row_factory = sqlite3.Row
    return con


_HASHED = ("seq", "at", *(field.name for field in fields(Entry)), "previous_hash")


def _hash(row: dict[str, Any]) -> str:
    text = json.dumps([row[name] for name in _HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
