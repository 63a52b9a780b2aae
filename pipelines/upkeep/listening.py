"""Who listens on this machine for a home's pages and for Dagster, as the system tells it.

Only programs of ours that serve the home are told of; a proxy in front is the municipality's own.
Linux alone tells it this way; elsewhere nothing is known, and that is said.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.desk.programs import DAGSTER, PAGES

_PROC = Path("/proc")
_LISTENS = "0A"
_SOCKET = "socket:["
_WORD = 8


@dataclass(frozen=True)
class Listener:
    """A program of ours that listens.

    Attributes:
        pid: Its process.
        address: The address.
        port: The port.
        is_pages: Whether it serves the result pages; else it is Dagster's.
        has_login: Whether it was started with a login and an access table.
    """

    pid: int
    address: str
    port: int
    is_pages: bool
    has_login: bool

    @property
    def is_for_all(self) -> bool:
        """Whether other machines reach it."""
        return not ipaddress.ip_address(self.address).is_loopback


def listeners(root: Path, proc: Path = _PROC) -> list[Listener] | None:
    """Return our programs that listen for a home; ``None`` where the system does not tell.

    Args:
        root: The municipality's folder.
        proc: Where the system tells it.
    """
    tables = [proc / "net" / name for name in ("tcp", "tcp6")]
    if not tables[0].is_file():
        return None
    sockets = {}
    for table in tables:
        sockets.update(_sockets(table))
    found = []
    for folder in proc.glob("[0-9]*"):
        own = _ours(folder, root)
        if own is None:
            continue
        is_pages, has_login = own
        for inode in _inodes(folder):
            if inode in sockets:
                found.append(Listener(int(folder.name), *sockets[inode], is_pages, has_login))
    return sorted(found, key=lambda each: (each.port, each.pid))


def _sockets(table: Path) -> dict[str, tuple[str, int]]:
    if not table.is_file():
        return {}
    rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    return {row[9]: _place(row[1]) for row in rows if row[3] == _LISTENS}


def _place(text: str) -> tuple[str, int]:
    address, _, port = text.partition(":")
    # four bytes at a time, the last first
    words = [address[n : n + _WORD] for n in range(0, len(address), _WORD)]
    raw = b"".join(bytes.fromhex(word)[::-1] for word in words)
    found = ipaddress.ip_address(raw)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found), int(port, 16)


def _ours(folder: Path, root: Path) -> tuple[bool, bool] | None:
    """Return whether a process is our pages, and has a login; ``None`` when it is not ours."""
    try:
        command = (folder / "cmdline").read_bytes().decode("utf-8", "replace")
        told = (folder / "environ").read_bytes().decode("utf-8", "replace")
    except OSError:
        return None  # another account's, or gone since
    is_pages = PAGES.file in command
    if not is_pages and DAGSTER.module not in command and "dagster" not in command:
        return None
    own = dict(part.split("=", 1) for part in told.split("\0") if "=" in part)
    if is_pages:
        serves = Path(own.get("PUKK_PUBLISHED", "")) == root / "published"
    else:
        serves = Path(own.get("PUKK_HOME", "")) == root.parent
    return (is_pages, bool(own.get("PUKK_AUTH") and own.get("PUKK_ACCESS"))) if serves else None


def _inodes(folder: Path) -> Iterator[str]:
    try:
        for handle in (folder / "fd").iterdir():
            target = str(handle.readlink())
            if target.startswith(_SOCKET):
                yield target.removeprefix(_SOCKET).rstrip("]")
    except OSError:
        return
