"""Whether the chain of the access log holds: in itself, and against heads noted elsewhere.

Each entry holds the hash of the one before. That shows an edit, but not a chain that was computed
anew, nor a tail that was cut. Those show against marks: heads that other files noted as they were
made. A mark is always older than the log it is held against: an entry is on the disk before anyone
can note it, so a process killed at any moment leaves no mark without its entry.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, TypedDict, cast

NO_HASH = "0" * 64
NO_HEAD = f"0:{NO_HASH}"
SHORTEST_KEPT_DAYS = 365
"""No entry younger than this is ever deleted from the log."""

Reason = Literal["", "changed", "missing", "cut", "recomputed", "gone", "shortened_early"]
_HASHED = (
    *("seq", "at", "actor", "role", "action", "subject", "unit", "period", "generation", "n_rows"),
    *("is_export", "outcome", "detail", "previous_hash"),
)
_SLACK = timedelta(days=1)
SHORTEN: Literal["shorten"] = "shorten"


@dataclass(frozen=True)
class Mark:
    """A head of the log that another file noted.

    Attributes:
        head: ``seq:hash``.
        where: The file, or what it is called in a message.
        reason: What it shows when the log's entry with that number is another.
        at: When it was noted, if the file tells.
    """

    head: str
    where: str
    reason: Reason = "recomputed"
    at: datetime | None = None


class LogEntry(TypedDict):
    """One entry as it stands in the log; the columns are those of ``access_log.SCHEMA``."""

    seq: int
    at: str
    actor: str
    role: str
    action: str
    subject: str
    unit: str
    period: str
    generation: str
    n_rows: int | None
    is_export: int
    outcome: str
    detail: str
    previous_hash: str
    entry_hash: str


@dataclass(frozen=True)
class Verification:
    """What a check of the chain found.

    Attributes:
        n_entries: Entries read.
        head: ``seq:hash`` of the last entry; note it, and later tails cannot be cut unseen.
        broken_at: The first entry that may not be what was written; ``None`` when all are.
        reason: ``changed`` or ``missing`` (the chain itself), ``recomputed`` (another chain than a
            mark saw), ``cut`` (the end is missing), ``gone`` (the whole log is missing),
            ``shortened_early`` (deleted before its time), or empty.
        where: The mark that shows it.
        shortened: The entry that says what was deleted because of its age; ``None`` when nothing
            was.
    """

    n_entries: int
    head: str
    broken_at: int | None = None
    reason: Reason = ""
    where: str = ""
    shortened: LogEntry | None = None


def shortening(before: datetime, last: str) -> str:
    """Return what the entry of a shortening says: ``check`` reads it again.

    Args:
        before: Everything older was deleted.
        last: ``seq:hash`` of the last entry that was deleted.
    """
    return f"before {before.isoformat(timespec='seconds')} head {last}"


def entry_hash(row: Mapping[str, object]) -> str:
    """Return the hash of an entry: of all it says and of the hash before."""
    text = json.dumps([row[name] for name in _HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(rows: Iterable[Mapping[str, Any]], marks: Sequence[Mark]) -> Verification:
    """Read a chain and hold it against marks; the first that does not hold is told.

    Args:
        rows: The entries in order.
        marks: Heads noted elsewhere.
    """
    wanted = {_number(mark.head) for mark in marks}
    read, start, shortenings = _Read(), _Read(), {}
    for row in rows:
        if not read.n:
            # what is deleted because of its age is deleted from the front
            start = _Read(row["seq"] - 1, row["previous_hash"] if row["seq"] > 1 else NO_HASH)
            read = start
        reason = _fault(row, read)
        if reason:
            return Verification(read.n, read.head, read.seq + 1, reason)
        seen = {**read.seen, row["seq"]: row["entry_hash"]} if row["seq"] in wanted else read.seen
        read = _Read(row["seq"], row["entry_hash"], read.n + 1, seen)
        if row["action"] == SHORTEN:
            shortenings[row["detail"]] = cast("LogEntry", dict(row))
    told = next((entry for text, entry in shortenings.items() if text.endswith(start.head)), None)
    if start.seq and told is None:
        return Verification(read.n, read.head, 1, "missing")
    return _against(marks, read, start, told if start.seq else None)


def unmet(rows: Iterable[Mapping[str, Any]], marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks whose entry the log has no longer, or has as another.

    Args:
        rows: Number and hash of the entries.
        marks: Heads noted elsewhere.
    """
    hashes = {row["seq"]: row["entry_hash"] for row in rows}
    first = min(hashes, default=1)
    numbered = [(_number(mark.head), mark) for mark in marks]
    return [
        mark
        for seq, mark in numbered
        if seq >= first and hashes.get(seq) != mark.head.partition(":")[2]
    ]


class _Read(NamedTuple):
    """How far the chain is read: the last entry, how many, and the hashes that marks ask for."""

    seq: int = 0
    sha256: str = NO_HASH
    n: int = 0
    seen: Mapping[int, str] = {}

    @property
    def head(self) -> str:
        return f"{self.seq}:{self.sha256}"


def _fault(row: Mapping[str, Any], read: _Read) -> Reason:
    if row["seq"] != read.seq + 1 or row["previous_hash"] != read.sha256:
        return "missing"
    return "" if row["entry_hash"] == entry_hash(row) else "changed"


def _against(
    marks: Sequence[Mark], read: _Read, start: _Read, told: LogEntry | None
) -> Verification:
    hashes = {**read.seen, start.seq: start.sha256}
    vouched = start.seq
    for mark in sorted(marks, key=lambda mark: _number(mark.head)):
        seq, sha256 = _number(mark.head), mark.head.partition(":")[2]
        if seq > read.seq:
            reason: Reason = "cut" if read.n else "gone"
            return Verification(read.n, read.head, read.seq + 1, reason, mark.where, told)
        if seq < start.seq:
            if told and _is_early(told, mark.at):
                return Verification(read.n, read.head, 1, "shortened_early", mark.where, told)
            continue
        if hashes.get(seq) != sha256:
            first = seq if mark.reason == "changed" else vouched + 1
            return Verification(read.n, read.head, first, mark.reason, mark.where, told)
        vouched = seq
    if told and _is_early(told, None):
        return Verification(read.n, read.head, 1, "shortened_early", "", told)
    return Verification(read.n, read.head, shortened=told)


def _is_early(told: LogEntry, noted_at: datetime | None) -> bool:
    # whatever came after a mark is younger than the mark
    before = datetime.fromisoformat(told["detail"].split()[1])
    done = datetime.fromisoformat(told["at"])
    is_young = before > done - timedelta(days=SHORTEST_KEPT_DAYS) + _SLACK
    return is_young or (noted_at is not None and noted_at > before + _SLACK)


def length_of(head: str) -> int:
    """Return how many entries a log with this head has, from its very first."""
    return _number(head)


def _number(head: str) -> int:
    number = head.partition(":")[0]
    # what is no head at all was never in any log
    return int(number) if number.isdecimal() else sys.maxsize
