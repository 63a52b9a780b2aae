"""The versions the program is made with, as the lock files have them; nothing is asked of a net.

A lock file is what ``make lock`` writes: a package with its version, perhaps the machines it is
for, and a checksum for each file it comes as.
"""

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pipelines.settings import REPO_ROOT

RUNTIME = REPO_ROOT / "requirements" / "runtime.txt"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ \\;]+)(?: *; *([^\\]+?))? *\\?$", re.M)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True)
class Pin:
    """One locked package.

    Attributes:
        name: Its name, lower case with hyphens.
        version: Its version.
        sha256s: The checksums of the files it may come as.
        marker: The machines it is for; empty for all.
    """

    name: str
    version: str
    sha256s: tuple[str, ...]
    marker: str = ""

    @property
    def installed(self) -> str | None:
        """The version that is installed; ``None`` when none is."""
        try:
            return version(self.name)
        except PackageNotFoundError:
            return None


def pins_of(lock: Path = RUNTIME) -> list[Pin]:
    """Return the packages of a lock file in its order.

    Args:
        lock: The file.

    Raises:
        OSError: It cannot be read.
        ValueError: It locks nothing, or a package without a checksum.
    """
    text = lock.read_text(encoding="utf-8")
    starts = list(_PIN.finditer(text))
    ends = [*(found.start() for found in starts[1:]), len(text)][: len(starts)]
    pins = [
        Pin(
            name=_SEPARATORS.sub("-", found[1]).lower(),
            version=found[2],
            sha256s=tuple(_HASH.findall(text[found.end() : end])),
            marker=(found[3] or "").strip(),
        )
        for found, end in zip(starts, ends, strict=True)
    ]
    if not pins or not all(pin.sha256s for pin in pins):
        raise ValueError(lock.name)
    return pins


def other_versions(pins: list[Pin]) -> list[str]:
    """Return the packages that are not installed as they are locked, in words.

    Args:
        pins: What is locked; a package for some machines only may be missing.
    """
    by_name: dict[str, list[Pin]] = {}
    for pin in pins:
        by_name.setdefault(pin.name, []).append(pin)
    found = []
    for name, locked in by_name.items():
        installed = locked[0].installed
        is_for_some = all(pin.marker for pin in locked)
        # one package may be locked in several versions, each for its own Python
        if installed not in {pin.version for pin in locked} and (installed or not is_for_some):
            wanted = " / ".join(pin.version for pin in locked)
            found.append(f"{name} {installed or '–'} ({wanted})")
    return found
