"""What somebody signed for, kept as it was read, by the hash that stands in the log's entry.

The entry cannot be changed without the chain's showing it; the content here cannot be changed
without the entry's showing it. Who signs, and what a report says, is the dashboard's.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from pipelines.desk.access_log import FILE_NAME, reader_of
from pipelines.desk.log_chain import LogEntry
from pipelines.desk.on_disk import sync

_FOLDER = "signed"
_MARK = "content sha256:"
_SIGNED = re.compile(rf"{_MARK}([0-9a-f]{{64}})(?: |$)")


@dataclass(frozen=True)
class SignedReport:
    """What a report says, but for who has signed for it.

    Attributes:
        edition: The published file.
        edition_sha256: Its hash.
        period: The month as ``YYYY-MM``; empty for all.
        sections: The report's parts in order, each a dataclass.
    """

    edition: str
    edition_sha256: str
    period: str
    sections: Sequence[object]


@dataclass(frozen=True)
class SignedFault:
    """Something signed for that is no longer what was signed.

    Attributes:
        seq: The entry that signs it.
        file: Where it should lie.
        reason: ``changed`` or ``missing``.
    """

    seq: int
    file: Path
    reason: Literal["changed", "missing"]


@dataclass(frozen=True)
class Signatures:
    """What a check of everything signed found.

    Attributes:
        n_kept: How many entries sign content that is kept.
        faults: Those whose content is not what was signed, oldest first.
    """

    n_kept: int
    faults: tuple[SignedFault, ...]


def as_signed(report: SignedReport) -> bytes:
    """Return a report's content as it is hashed: the same content is the same bytes."""
    text = json.dumps(asdict(report), ensure_ascii=False, sort_keys=True, indent=1)
    return f"{text}\n".encode()


def print_of(content: bytes) -> str:
    """Return the hash that stands in the log for a content."""
    return hashlib.sha256(content).hexdigest()


def keep_signed(state: Path, content: bytes) -> str:
    """Keep what is about to be signed for, on disk when this returns; returns its hash.

    Args:
        state: The municipality's state folder.
        content: As ``as_signed`` gives it.

    Raises:
        OSError: It could not be written; then it must not be signed.
    """
    sha256 = print_of(content)
    file = _file(state, sha256)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=sha256, dir=file.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(file)
    sync(file.parent)
    return sha256


def detail_of(sha256: str, comment: str) -> str:
    """Return what a sign-off's entry says: the content's hash, then the person's words."""
    return f"{_MARK}{sha256} {comment}".rstrip()


def signed_print(entry: LogEntry) -> str:
    """Return the hash of what an entry signs; empty for one from before content was signed."""
    found = _SIGNED.match(entry["detail"])
    return found.group(1) if found else ""


def comment_of(entry: LogEntry) -> str:
    """Return the words of the one who signed."""
    return _SIGNED.sub("", entry["detail"], count=1)


def check_signed(state: Path) -> Signatures:
    """Hold everything that was signed for against the entries that sign it.

    Args:
        state: The municipality's state folder.
    """
    file = state / FILE_NAME
    if not file.exists():
        return Signatures(0, ())
    with closing(reader_of(file)) as con:
        rows = con.execute(
            "select seq, detail from entries where action = 'sign_off' and detail like ? || '%'"
            " order by seq",
            [_MARK],
        ).fetchall()
    faults, n_kept = [], 0
    for row in rows:
        found = _SIGNED.match(row["detail"])
        if found is None:
            continue
        n_kept += 1
        kept = _file(state, found.group(1))
        if not kept.is_file():
            faults.append(SignedFault(row["seq"], kept, "missing"))
        elif print_of(kept.read_bytes()) != found.group(1):
            faults.append(SignedFault(row["seq"], kept, "changed"))
    return Signatures(n_kept, tuple(faults))


def entry_of_file(state: Path, sha256: str) -> LogEntry | None:
    """Return the newest entry under which a file left the house; ``None`` when none did.

    Args:
        state: The municipality's state folder.
        sha256: The file's hash.
    """
    file = state / FILE_NAME
    if not file.exists():
        return None
    with closing(reader_of(file)) as con:
        row = con.execute(
            "select * from entries where is_export = 1 and detail like '%sha256:' || ?"
            " order by seq desc limit 1",
            [sha256],
        ).fetchone()
    return cast("LogEntry", dict(row)) if row else None


def _file(state: Path, sha256: str) -> Path:
    return state / _FOLDER / f"{sha256}.json"
