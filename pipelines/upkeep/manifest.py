"""What a backup says it holds: each file with size and SHA-256, and what it was taken of.

Written last, so that a folder without one is no backup. What goes into it is in ``to_keep``.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from pipelines.desk.on_disk import print_of, sha256_of, sync, write_whole
from pipelines.errors import DamagedError
from pipelines.words.messages import say

FILE = "manifest.json"
FORMAT = 1
"""Raised when what is written can no longer be read by the program from before."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Held:
    """One file of a backup.

    Attributes:
        size_bytes: Its size.
        sha256: Its hash as it was copied.
    """

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup was taken of.

    Attributes:
        format: How it is written.
        municipality: The municipality's id.
        made_at: When, UTC, ISO 8601.
        generation: The edition readers saw; ``None`` when nothing was published.
        content_sha256: Of that edition's figures; empty without one.
        last_entry: Number of the journal's last entry.
        log_head: The access log's head, of the log that was copied.
        n_keys: How many keys the pseudonyms are made with; 0 when it could not be known.
        key_check: What those keys always give, so that they are known again; empty likewise.
        key_is_file: Whether the keys lay in the home; they are never in the backup.
        files: Path below the backup -> the file.
    """

    format: int
    municipality: str
    made_at: str
    generation: int | None
    content_sha256: str
    last_entry: int
    log_head: str
    n_keys: int
    key_check: str
    key_is_file: bool
    files: dict[str, Held]

    @property
    def size_bytes(self) -> int:
        """What all its files take."""
        return sum(held.size_bytes for held in self.files.values())


def copied(source: Path, target: Path) -> Held:
    """Copy a file, wait until it is on the disk, and return what was written.

    Args:
        source: What is copied.
        target: A file that is not there yet.
    """
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(0o700, parents=True, exist_ok=True)
    with source.open("rb") as reading, target.open("xb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            size += writing.write(chunk)
    target.chmod(0o600)
    sync(target)
    return Held(size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write what a backup holds; returns the SHA-256 of what was written.

    Args:
        folder: The backup.
        manifest: What it holds.
    """
    # names of files may be no text at all: JSON writes them as escapes
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    sha256 = print_of(text.encode())
    write_whole(folder / FILE, f"{sha256}\n{text}\n".encode())
    return sha256


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says it holds.

    Raises:
        DamagedError: It has no manifest, or not the one that was written, or a newer program's.
    """
    try:
        sha256, _, text = (folder / FILE).read_text(encoding="utf-8").partition("\n")
        text = text.rstrip("\n")
        told = json.loads(text) if print_of(text.encode()) == sha256 else None
    except (OSError, ValueError):
        told = None
    if told is None:
        raise DamagedError(
            say("upkeep.backup.no_manifest"),
            where=str(folder / FILE),
            way_out=say("upkeep.backup.take_another"),
        )
    if told.get("format") != FORMAT:
        raise DamagedError(
            say("upkeep.backup.newer_format", format=told.get("format")),
            where=str(folder / FILE),
            way_out=say("upkeep.backup.use_newer_program"),
        )
    return _manifest(told, folder)


def _manifest(told: dict[str, Any], folder: Path) -> Manifest:
    for name in told["files"]:
        place = PurePosixPath(name)
        # a backup may have lain where others write: it leads nowhere but into itself
        if place.is_absolute() or ".." in place.parts:
            raise DamagedError(
                say("upkeep.backup.leads_out"),
                where=str(folder / FILE),
                way_out=say("upkeep.backup.take_another"),
            )
    files = {name: Held(**held) for name, held in told["files"].items()}
    return Manifest(**{f.name: told[f.name] for f in fields(Manifest)} | {"files": files})


def faults_of(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield each file of a backup that is not as it was copied, and why.

    Args:
        folder: The backup, or what was restored from it.
        manifest: What it should hold.
    """
    for name, held in sorted(manifest.files.items()):
        file = folder / name
        if file.is_symlink() or not file.is_file():
            yield name, say("upkeep.backup.file_gone")
        elif file.stat().st_size != held.size_bytes or sha256_of(file) != held.sha256:
            yield name, say("upkeep.backup.file_changed")
