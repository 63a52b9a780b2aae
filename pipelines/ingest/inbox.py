"""What a file in the inbox is: one definition for fingerprint, status, gates and ingest.

An unfinished copy, a lock file or a hidden file is no delivery yet, and nothing looks at it. Which
feed a file belongs to, and what it holds, is found elsewhere.
"""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipelines.desk.on_disk import sha256_of
from pipelines.desk.personal_identifiers import masked
from pipelines.settings import Paths

_TEMPORARY_ENDINGS = (
    *(".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".aria2"),
    *(".tmp", ".temp", ".swp", ".lock", ".lck", ".uploading", ".incomplete", ".done"),
    "~",  # the copy an editor keeps of what was there before
    ":zone.identifier",  # what Windows notes of a file that was downloaded
)
_TEMPORARY_STARTS = (".", "~")
# what file managers leave behind in any folder they show
_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information"})


@dataclass(frozen=True)
class InboxFile:
    """A file in the inbox.

    Attributes:
        path: Where it lies.
        name: Its path below the inbox, with slashes and composed letters; bytes that are no text
            are written as hex and personal identifiers are hidden, so that a name can be shown and
            stored.
    """

    path: Path
    name: str

    def sha256(self) -> str | None:
        """Return the content's SHA-256 as hex; ``None`` when it cannot be read just now."""
        try:
            return sha256_of(self.path)
        except OSError:
            return None


def inbox_files(paths: Paths) -> list[InboxFile]:
    """Return the deliveries in the inbox and its folders by name; empty when there is no inbox."""
    return [file for file in _all_files(paths) if not is_temporary(file.name)]


def unfinished_files(paths: Paths) -> list[InboxFile]:
    """Return the visible files that wait because their names say they are unfinished."""
    return [
        file
        for file in _all_files(paths)
        if is_temporary(file.name) and not _is_of_the_system(file.name)
    ]


def present_sha256(paths: Paths) -> list[str]:
    """Return the SHA-256 of every delivery in the inbox that can be read."""
    return [sha256 for file in inbox_files(paths) if (sha256 := file.sha256()) is not None]


def is_temporary(name: str) -> bool:
    """Return whether a path below the inbox is an unfinished copy, a lock file or a hidden file."""
    parts = PurePosixPath(name.casefold()).parts
    is_hidden = any(part.startswith(_TEMPORARY_STARTS) or part in _SYSTEM_FOLDERS for part in parts)
    return is_hidden or parts[-1].endswith(_TEMPORARY_ENDINGS) or parts[-1] in _SYSTEM_FILES


def _is_of_the_system(name: str) -> bool:
    parts = PurePosixPath(name.casefold()).parts
    return parts[-1] in _SYSTEM_FILES or any(
        part.startswith(".") or part in _SYSTEM_FOLDERS for part in parts
    )


def _all_files(paths: Paths) -> list[InboxFile]:
    return sorted(_walk(paths.inbox), key=lambda file: (file.name, file.path))


def _walk(inbox: Path) -> Iterator[InboxFile]:
    if inbox.is_dir():
        for path in inbox.rglob("*"):
            if path.is_file():
                yield InboxFile(path, _name(path.relative_to(inbox)))


def _name(path: Path) -> str:
    text = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return masked(unicodedata.normalize("NFC", text))
