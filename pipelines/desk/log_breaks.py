"""A break in the access log that somebody has explained: what was lost, by whom it was accepted.

After a lost disk or an older copy of ``state`` the log lacks entries that other files have seen,
and nothing can bring them back. The heads it can no longer meet are listed in a file whose hash
stands in an entry; from then on only other heads count, and every check tells of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.access_log import Entry, append, asked
from pipelines.desk.log_chain import LogEntry, Mark, unmet
from pipelines.desk.logged import Reader
from pipelines.desk.on_disk import print_of, write_whole

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
    if not file.exists():
        return nothing
    content = file.read_bytes()
    said = f"sha256:{print_of(content)}"
    for entry in asked(state, "action = 'break'"):
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
    missed = unmet(asked(state, "true"), marks)
    heads = sorted({mark.head for mark in missed} | accepted_breaks(state).heads)
    content = "".join(f"{head}\n" for head in heads).encode()
    detail = f"sha256:{print_of(content)} {reason}"
    append(
        state, Entry(who.actor, who.role, "break", "access_log", n_rows=len(heads), detail=detail)
    )
    # the list never comes before the entry that vouches for it
    write_whole(state / BREAKS_FILE, content)
    return len(heads)
