"""What somebody signed for, kept as it was read, by the hash that stands in the log's entry.

The entry cannot be changed without the chain's showing it; the content here cannot be changed
without the entry's showing it. Who signs, and what a report says, is the dashboard's.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pipelines.desk.access_log import asked
from pipelines.desk.log_chain import LogEntry
from pipelines.desk.on_disk import print_of, write_whole

SIGNED = "signed"
"""The folder in ``state`` with what was signed for."""
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
    write_whole(file, content)
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
    faults, n_kept = [], 0
    for entry in reversed(asked(state, "action = 'sign_off'")):
        sha256 = signed_print(entry)
        if not sha256:
            continue
        n_kept += 1
        kept = _file(state, sha256)
        if not kept.is_file():
            faults.append(SignedFault(entry["seq"], kept, "missing"))
        elif print_of(kept.read_bytes()) != sha256:
            faults.append(SignedFault(entry["seq"], kept, "changed"))
    return Signatures(n_kept, tuple(faults))


def entry_of_file(state: Path, sha256: str) -> LogEntry | None:
    """Return the newest entry under which a file left the house; ``None`` when none did.

    Only what we wrote ourselves vouches: never a hash somebody wrote in a question.

    Args:
        state: The municipality's state folder.
        sha256: The file's hash.
    """
    which = (
        "is_export = 1 and outcome = 'ok' and action in ('download', 'report')"
        " and substr(detail, instr(detail, ' ') + 1) = 'sha256:' || ?"
    )
    return next(iter(asked(state, which, [sha256], limit=1)), None)


def _file(state: Path, sha256: str) -> Path:
    return state / SIGNED / f"{sha256}.json"
