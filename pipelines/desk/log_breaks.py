"""A break in the access log that somebody has explained: what was lost, by whom it was accepted.

After a lost disk or an older copy of ``state`` the log lacks entries that other files have seen,
and nothing can bring them back. The heads it can no longer meet are listed in a file whose hash
stands in an entry; from then on only other heads count, and every check tells of it.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pipelines.desk.access_log import FILE_NAME, Entry, append, reader_of
from pipelines.desk.log_chain import LogEntry, Mark, unmet
from pipelines.desk.logged import Reader

BREAKS_FILE = "access_log.breaks"


@dataclass(frozen=True)
class Accepted:
    """Heads that are known not to be met.

    Attributes:
        heads: ``seq:hash`` of each.
        entry: The entry in which somebody accepted it; ``None`` when nothing was accepted.
    """

    heads: frozenset[str]
    entry: LogEntry | None = None


def accepted_breaks(state: Path) -> Accepted:
    """Return what has been accepted; a list that no entry vouches for counts for nothing.

    Args:
        state: The municipality's state folder.
    """
    file, nothing = state / BREAKS_FILE, Accepted(frozenset())
    if not file.exists() or not (state / FILE_NAME).exists():
        return nothing
    content = file.read_bytes()
    said = f"sha256:{hashlib.sha256(content).hexdigest()}"
    with closing(reader_of(state / FILE_NAME)) as con:
        entries = con.execute("select * from entries where action = 'break' order by seq desc")
        for entry in (cast("LogEntry", dict(row)) for row in entries.fetchall()):
            if entry["detail"].partition(" ")[0] == said:
                return Accepted(frozenset(content.decode().split()), entry)
    return nothing


def accept_break(state: Path, marks: Sequence[Mark], who: Reader, reason: str) -> int:
    """Accept that the log no longer meets some heads; returns how many they are now.

    Args:
        state: The municipality's state folder.
        marks: Every head that other files noted.
        who: Who accepts it.
        reason: Why the entries are gone, in the person's own words.

    Raises:
        sqlite3.Error: The log could not be read or written; nothing is accepted.
    """
    heads = sorted({mark.head for mark in _unmet(state, marks)} | accepted_breaks(state).heads)
    content = "".join(f"{head}\n" for head in heads).encode()
    handle, name = tempfile.mkstemp(prefix=BREAKS_FILE, dir=state)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(state / BREAKS_FILE)
    detail = f"sha256:{hashlib.sha256(content).hexdigest()} {reason}"
    append(
        state, Entry(who.actor, who.role, "break", "access_log", n_rows=len(heads), detail=detail)
    )
    return len(heads)


def _unmet(state: Path, marks: Sequence[Mark]) -> list[Mark]:
    if not (state / FILE_NAME).exists():
        return unmet((), marks)
    with closing(reader_of(state / FILE_NAME)) as con:
        return unmet(con.execute("select seq, entry_hash from entries order by seq"), marks)
