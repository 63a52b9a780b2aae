"""Files that nobody but their owner can read: made so, found when they are not, and closed.

What is made while ``closed_to_others`` holds is closed from its first byte, whoever makes it. What
stood before, and what a folder with rules of its own made open, is closed by ``close``. Which
folders are ours, and what is said about them, is in ``pipelines.defs.closed``.
"""

import os
import stat
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.words.messages import say

OTHERS = 0o077
"""The rights of group and others: none of them may be left."""
_OWNER = 0o700
_FILE = 0o600
_OTHERS_WRITE = 0o002
# the umask is the whole process's: what was found by whoever closed it first is given back last
_turn = threading.Lock()
_the_users: list[int] = []


@dataclass(frozen=True)
class OpenPath:
    """A file or folder that its mode opens to others.

    Attributes:
        path: Where.
        is_reachable: Whether others also come that far: no folder above it, in ours, is closed.
    """

    path: Path
    is_reachable: bool


def close_process() -> None:
    """Let everything this process and its children make be closed to others, until it ends."""
    with _turn:
        if not _the_users:
            _the_users.append(os.umask(OTHERS))


@contextmanager
def closed_to_others() -> Iterator[None]:
    """Let everything that is made be closed to others, for as long as the block runs."""
    with _turn:
        _the_users.append(os.umask(OTHERS))
    try:
        yield
    finally:
        with _turn:
            last = _the_users.pop()
            # while another thread's block lasts it stays closed, whichever of them began first
            os.umask(OTHERS if _the_users else last)


def users_umask() -> int:
    """Return the umask of whoever started us: it counts for files they ask for elsewhere."""
    if _the_users:
        return _the_users[0]
    now = os.umask(OTHERS)
    os.umask(now)
    return now


def write_for_the_user(file: Path, content: bytes) -> None:
    """Write a file somebody asked for, with the rights their other files get."""
    is_new = not file.exists()
    file.write_bytes(content)
    if is_new:
        file.chmod(0o666 & ~users_umask())


def is_open(path: Path) -> bool:
    """Tell whether group or others have any right to what a path leads to."""
    return bool(path.stat().st_mode & OTHERS)


def others_may_write(path: Path) -> bool:
    """Tell whether any account on the machine may write to what a path leads to."""
    return bool(path.stat().st_mode & _OTHERS_WRITE)


def why_refused(file: Path) -> str | None:
    """Say in bokmål why a file with a secret is not used; ``None`` when only its owner reads it.

    Args:
        file: A key, or settings with a secret in them; it must exist.
    """
    mode = stat.S_IMODE(file.stat().st_mode)
    if not mode & OTHERS:
        return None
    return say("desk.private_files.others_may_read", mode=mode, file=file)


def honours_modes(folder: Path) -> bool:
    """Tell whether rights mean anything in a folder; on some shared disks they do not."""
    with tempfile.NamedTemporaryFile(dir=folder) as probe:
        Path(probe.name).chmod(_FILE)
        return not is_open(Path(probe.name))


def open_paths(root: Path, *, followed: Iterable[Path] = ()) -> Iterator[OpenPath]:
    """Yield what group or others have any right to, folders before what is in them.

    Args:
        root: Our folder; it need not exist.
        followed: Links in it that lead to folders or files of ours; no other link is followed.
    """
    links = frozenset(followed)
    yield from _open(root, links, is_reachable=True)


def close(root: Path, *, followed: Iterable[Path] = (), left: Iterable[Path] = ()) -> int:
    """Take every right from group and others; returns from how many paths it was taken.

    What cannot be closed, because it is another's or the disk has no rights, is left:
    ``open_paths`` tells of it afterwards.

    Args:
        root: Our folder.
        followed: Links in it that lead to folders or files of ours.
        left: Paths that are not to be touched.
    """
    untouched, n = frozenset(left), 0
    for found in open_paths(root, followed=followed):
        if found.path not in untouched:
            with suppress(OSError):
                n += _closed(found.path)
    return n


def _closed(path: Path) -> bool:
    mode = path.stat().st_mode
    path.chmod(mode & (_OWNER if stat.S_ISDIR(mode) else _FILE))
    return not is_open(path)


def _open(path: Path, links: frozenset[Path], *, is_reachable: bool) -> Iterator[OpenPath]:
    try:
        if path.is_symlink() and path not in links:
            return
        mode = path.stat().st_mode
    except OSError:
        return  # gone since it was listed
    yield from _open_at(path, mode, links, is_reachable=is_reachable)


def _open_at(
    path: Path, mode: int, links: frozenset[Path], *, is_reachable: bool
) -> Iterator[OpenPath]:
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        return
    if mode & OTHERS:
        yield OpenPath(path, is_reachable)
    if not stat.S_ISDIR(mode):
        return
    # asked again: the one who asks may have closed it meanwhile
    with suppress(OSError):
        is_reachable = is_reachable and is_open(path)
    try:
        with os.scandir(path) as found:
            inside = sorted(found, key=lambda each: each.name)
    except OSError:
        return
    for each in inside:
        with suppress(OSError):  # gone since it was listed
            own = each.stat(follow_symlinks=False).st_mode
            if stat.S_ISLNK(own):
                yield from _open(path / each.name, links, is_reachable=is_reachable)
            elif stat.S_ISDIR(own) or own & OTHERS:
                inner = path / each.name
                yield from _open_at(inner, own, links, is_reachable=is_reachable)
