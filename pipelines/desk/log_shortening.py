"""Deleting from the access log what is older than it may be, so that the rest still proves itself.

Entries go from the front, in the same transaction as an entry that says who deleted, until when,
and the hash the rest begins with. What marks tell of the deleted part can then no longer be held
against it; that it was old enough still is, in ``log_chain``.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.desk.access_log import FILE_NAME, NEVER_DELETED, SCHEMA, Entry, add, note_head
from pipelines.desk.database import open_database
from pipelines.desk.log_chain import SHORTEN, SHORTEST_KEPT_DAYS, shortening
from pipelines.desk.logged import Reader

_DROP = "drop trigger if exists entries_are_never_deleted"


def old_entries(state: Path, before: datetime) -> int:
    """Return how many entries are older than a moment; nothing is changed.

    Args:
        state: The municipality's state folder.
        before: A moment with a time zone.
    """
    if not (state / FILE_NAME).exists():
        return 0
    with open_database(state / FILE_NAME, SCHEMA) as con:
        return int(con.execute(_COUNT, [_text(before)]).fetchone()["n"])


def shorten(state: Path, before: datetime, who: Reader) -> int:
    """Delete the entries older than a moment, log it, and return how many they were.

    Args:
        state: The municipality's state folder.
        before: A moment with a time zone, at least a year ago.
        who: Who does it.

    Raises:
        ValueError: The moment is less than a year ago.
        sqlite3.Error: The log could not be written; nothing is deleted.
    """
    if before > datetime.now(UTC) - timedelta(days=SHORTEST_KEPT_DAYS):
        raise ValueError(f"an entry is kept for {SHORTEST_KEPT_DAYS} days at least")
    if not old_entries(state, before):
        return 0
    with open_database(state / FILE_NAME, SCHEMA) as con:
        found = con.execute(_COUNT, [_text(before)]).fetchone()
        last = con.execute(
            "select seq, entry_hash from entries where seq = ?", [found["last"]]
        ).fetchone()
        said = shortening(before, f"{last['seq']}:{last['entry_hash']}")
        add(con, Entry(who.actor, who.role, SHORTEN, "access_log", n_rows=found["n"], detail=said))
        con.execute(_DROP)
        con.execute("delete from entries where seq <= ?", [last["seq"]])
        con.execute(NEVER_DELETED)
    note_head(state)
    return int(found["n"])


# a clock that was set back leaves a younger entry before an older one: only the front goes
_COUNT = (
    "select count(*) as n, max(seq) as last from entries"
    " where seq < coalesce((select min(seq) from entries where at >= ?), 9223372036854775807)"
)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
