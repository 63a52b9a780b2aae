"""A large text in parts of whole lines, and what must be known of all of it before it is parted.

What a part's cells are is read in ``csv_reader``; nothing is judged here.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipelines.errors import DeliveryRejectedError
from pipelines.ingest.codepages import page_of, places_in
from pipelines.ingest.encoding import Decoded, decode, is_unicode
from pipelines.ingest.reading import kind_of, read_stable
from pipelines.municipality.feeds import Feed

LARGE_BYTES = 4 << 20
"""A text of this size or more is read in parts."""
PART_BYTES = 2 << 20
_HEAD_BYTES = 4096
_UTF_8, _MARK = "utf-8", b"\xef\xbb\xbf"


class NotPlainError(Exception):
    """Something in a file can only be told from all of it at once."""


@dataclass(frozen=True)
class LargeFile:
    """A file as it was when it was looked through.

    Attributes:
        path: Where it lies.
        sha256: Hash of the bytes.
        size_bytes: How many there are.
        written_ns: When it was last written to.
        encoding: What its text is written in; None when that is no way of writing one byte at a
            time.
    """

    path: Path
    sha256: str
    size_bytes: int
    written_ns: int
    encoding: str | None

    def is_unchanged(self) -> bool:
        """Return whether nobody has written to the file since."""
        now = _stat(self.path)
        return now is not None and (now.st_size, now.st_mtime_ns) == (
            self.size_bytes,
            self.written_ns,
        )


class Part(NamedTuple):
    """Some whole lines of a text.

    Attributes:
        first_line: The number of the first of them in the file.
    """

    decoded: Decoded
    first_line: int


def large_file(path: Path, feed: Feed) -> LargeFile | None:
    """Return a file that is to be read in parts; None for any other, also one that is written to.

    Args:
        path: The file.
        feed: What the municipality says about such files.
    """
    before = _stat(path)
    if before is None or before.st_size < LARGE_BYTES or feed.format not in {"auto", "csv"}:
        return None
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        if not _is_text(head, feed):
            return None
        sha256, encoding = _looked_through(path, head, feed)
    except OSError:
        return None
    found = LargeFile(path, sha256, before.st_size, before.st_mtime_ns, encoding)
    return found if found.is_unchanged() else None


def whole_of(file: LargeFile) -> bytes:
    """Return all bytes of a file.

    Raises:
        DeliveryRejectedError: ``truncated`` when it is another than was looked through,
            ``unreadable`` when it is gone.
    """

    def as_it_was(path: Path) -> bytes:
        raw = read_stable(path)
        return raw if hashlib.sha256(raw).hexdigest() == file.sha256 else b""

    return read_stable(file.path, as_it_was)


def parts_of(file: LargeFile) -> Iterator[Part]:
    """Yield the text in parts, in order.

    Raises:
        NotPlainError: the text is repaired somewhere, or its lines are not ended in one way.
    """
    if file.encoding is None:
        raise NotPlainError
    first_line, is_ended, written_in = 1, True, ""
    for raw in _blocks(file.path):
        if not is_ended or _has_marks(raw):
            raise NotPlainError
        decoded = decode(raw, file.encoding)
        written_in = written_in or decoded.encoding
        if decoded.notes or decoded.encoding != written_in:
            raise NotPlainError
        yield Part(decoded, first_line)
        first_line += raw.count(b"\n")
        is_ended = raw.endswith(b"\n")


def _has_marks(raw: bytes) -> bool:
    return b"\x1a" in raw or b"\x00" in raw or raw.count(b"\r") != raw.count(b"\r\n")


def _is_text(head: bytes, feed: Feed) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
        return False
    try:
        return kind_of(head, feed) == "csv"
    except DeliveryRejectedError:
        return False  # it is refused by whoever reads it


def _looked_through(path: Path, head: bytes, feed: Feed) -> tuple[str, str | None]:
    """Return a file's hash, and the encoding it is read in."""
    sha256, is_utf_8 = hashlib.sha256(), True
    for raw in _blocks(path):
        sha256.update(raw)
        is_utf_8 = is_utf_8 and is_unicode(raw)
    encoding: str | None = _UTF_8
    if head.startswith(_MARK):  # a byte order mark wins over what is configured
        pass
    elif feed.encoding != "auto":
        encoding = None if feed.encoding == "utf-16" else feed.encoding
    elif not is_utf_8:
        encoding = page_of(set().union(*map(places_in, _blocks(path))))
    return sha256.hexdigest(), encoding


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in blocks that end with a line, as long as its lines have an end."""
    left = b""
    with path.open("rb") as stream:
        while block := stream.read(PART_BYTES):
            ended, line_break, left = (left + block).rpartition(b"\n")
            if line_break:
                yield ended + line_break
            elif len(left) > LARGE_BYTES:
                yield left
                left = b""
    if left:
        yield left


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
