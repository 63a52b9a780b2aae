"""Which published generation a reader is given: what the pointer says, or the newest whole one.

The one place that says so, for the command line, the pages and the reports. A file counts as whole
when it has the size and the SHA-256 it was published with; the hash is computed when the file is
first opened, and again when the file is another. Nothing is written here, and no file's content is
read but to check it: publishing is in ``pipelines.publishing``.
"""

import hashlib
import json
import os
import re
import threading
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipelines.desk.on_disk import sha256_of

POINTER = "current.json"
_NAME = re.compile(r"^generation-(\d{6,})\.duckdb$")
_DESCRIPTION = re.compile(r"^generation-\d{6,}\.json$")
# what a description from before does not say
_BEFORE = {"log_head": "", "log_length": 0}
_Identity = tuple[int, int, int, int, int]
_MOST_KEPT = 64
Reason = Literal["", "pointer_missing", "pointer_damaged", "file_missing", "file_damaged"]
_kept: dict[Path, tuple[_Identity, str]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Generation:
    """One published file and where it came from.

    Attributes:
        number: 1, 2, 3 …; never used twice.
        file_name: Name in the folder of published generations.
        sha256: Of the file.
        size_bytes: Of the file.
        content_sha256: Of the rows of all tables, without the run's own id and time.
        published_at: UTC, ISO 8601.
        run_id: The run that built it.
        input_fingerprint: Of the deliveries, configuration and code it was built from.
        log_head: ``seq:hash`` of the access log as it was published; empty in older descriptions.
        log_length: How many entries the log had then.
    """

    number: int
    file_name: str
    sha256: str
    size_bytes: int
    content_sha256: str
    published_at: str
    run_id: str
    input_fingerprint: str
    log_head: str = ""
    log_length: int = 0


@dataclass(frozen=True)
class Standing:
    """What readers are shown, and whether it is what they should have been shown.

    Attributes:
        generation: The whole generation they are given.
        wanted: The number the pointer names; ``None`` when it cannot be read.
        reason: Why it is another generation than the pointer's, or found without a pointer; empty
            when all is well.
    """

    generation: Generation
    wanted: int | None
    reason: Reason = ""


def standing(folder: Path, *, afresh: bool = False) -> Standing | None:
    """Return what readers of a folder are given; ``None`` when nothing whole is there.

    The pointer counts. If it cannot be followed, the newest whole generation before it does, and
    only if there is none, the newest whole one of all.

    Args:
        folder: The folder of published generations; it need not exist.
        afresh: Compute the hash of the pointer's file again, also if it was computed before.
    """
    pointed = read_description(folder / POINTER)
    if pointed is None:
        reason: Reason = "pointer_damaged" if (folder / POINTER).exists() else "pointer_missing"
        found = _newest_whole(folder, list_generations(folder))
        return Standing(found, None, reason) if found else None
    if is_whole(folder, pointed, afresh=afresh):
        return Standing(pointed, pointed.number)
    others = list_generations(folder)
    older = [g for g in others if g.number < pointed.number]
    newer = [g for g in others if g.number > pointed.number]
    found = _newest_whole(folder, older) or _newest_whole(folder, newer)
    is_there = (folder / pointed.file_name).is_file()
    reason = "file_damaged" if is_there else "file_missing"
    return Standing(found, pointed.number, reason) if found else None


def is_whole(folder: Path, generation: Generation, *, afresh: bool = False) -> bool:
    """Tell whether a generation's file has the size and the SHA-256 it was published with.

    Args:
        folder: The folder of published generations.
        generation: Which one.
        afresh: Compute the hash also if it was computed before.
    """
    file = folder / generation.file_name
    try:
        if file.stat().st_size != generation.size_bytes:
            return False
        return (sha256_of(file) if afresh else _sha256_once(file)) == generation.sha256
    except OSError:
        return False


def list_generations(folder: Path) -> list[Generation]:
    """Return the described generations whose files exist, oldest first."""
    try:
        files = sorted(file for file in folder.iterdir() if _DESCRIPTION.match(file.name))
    except OSError:
        return []
    described = (read_description(file) for file in files)
    found = [g for g in described if g is not None and (folder / g.file_name).is_file()]
    return sorted(found, key=lambda g: g.number)


def name_of(number: int) -> str:
    """Return the file name of a generation."""
    return f"generation-{number:06d}.duckdb"


def has_remains(folder: Path) -> bool:
    """Tell whether anything was ever published here, whole or not."""
    try:
        return any(f.name == POINTER or f.name.startswith("generation-") for f in folder.iterdir())
    except OSError:
        return False


def read_description(file: Path) -> Generation | None:
    """Return what a pointer or a description says; ``None`` when it is not whole or not ours.

    A name is a bare name of a generation, so nothing outside the folder can be pointed to.
    """
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        said = {**_BEFORE, **told, "number": told["generation"], "file_name": told["file"]}
        values = {field.name: said[field.name] for field in fields(Generation)}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Generation(**values) if _is_described(values) else None


def _is_described(values: dict[str, Any]) -> bool:
    if any(type(values[field.name]) is not field.type for field in fields(Generation)):
        return False
    try:
        datetime.fromisoformat(values["published_at"])
    except ValueError:
        return False
    named = _NAME.match(values["file_name"])
    return named is not None and int(named.group(1)) == values["number"]


def _newest_whole(folder: Path, generations: list[Generation]) -> Generation | None:
    return next((g for g in reversed(generations) if is_whole(folder, g)), None)


def _sha256_once(file: Path) -> str:
    with file.open("rb") as stream:
        before = _identity(stream.fileno())
        with _lock:
            kept = _kept.get(file)
        if kept is not None and kept[0] == before:
            return kept[1]
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if _identity(stream.fileno()) == before:
            with _lock:
                _kept[file] = (before, digest)
                while len(_kept) > _MOST_KEPT:
                    del _kept[next(iter(_kept))]
    return digest


def _identity(handle: int) -> _Identity:
    # the change time cannot be set back: a file that was written to is another file
    stat = os.fstat(handle)
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
