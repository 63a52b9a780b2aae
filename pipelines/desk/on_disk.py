"""Files written whole, waited for until they are on the disk, and known again by their hash.

Which files must be there before what happens next is each writer's business.
"""

import hashlib
import os
from pathlib import Path

UNFINISHED = ".tmp"
"""What a file ends with while it is being written."""


def sync(path: Path) -> None:
    """Force a file's content, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(file: Path, content: bytes, *, is_awaited: bool = True) -> None:
    """Write a file of ours so that a reader sees what was there before or all of it, never a part.

    Several may write the same file at once; the last one's content stands.

    Args:
        file: Where it is to lie; its folder is there.
        content: All of it.
        is_awaited: Whether it is on the disk when this returns.

    Raises:
        OSError: It could not be written; what was there stands.
    """
    building = file.with_name(f"{file.name}.{os.urandom(4).hex()}{UNFINISHED}")
    try:
        with os.fdopen(os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(content)
            if is_awaited:
                out.flush()
                os.fsync(out.fileno())
        building.replace(file)
    except BaseException:
        building.unlink(missing_ok=True)
        raise
    if is_awaited:
        sync(file.parent)


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 as hex.

    Raises:
        OSError: It cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def print_of(content: bytes) -> str:
    """Return the SHA-256 of a content as hex."""
    return hashlib.sha256(content).hexdigest()
