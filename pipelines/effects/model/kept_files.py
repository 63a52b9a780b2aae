"""Files kept between runs so that unchanged figures are not estimated again, and their clearing.

What stands in them is decided where they are made: metric_rows for finished rows, cache for fits,
diagnostics for what other methods say. A file counts only if it is whole and stands under its own
name: its checksum is over both.
"""

import hashlib
import json
from collections.abc import Set
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

KEPT_INPUTS = 5
_LOG = "used.json"
_CHECKSUM = "checksum"
_CODE = Path(__file__).resolve().parents[1]  # all of effects, not this room alone
_LIBRARIES = ("numpy", "scipy", "polars", "pandas", "diff-diff")


@cache
def made_by(*modules: str) -> str:
    """Return a short hash of modules of effects, for the name of what they make.

    What another version of them made is not found, so an upgrade estimates anew by itself; the
    libraries that compute count as well.

    Args:
        modules: Room and name without ending, as ``model/fit``; none = all of effects.
    """
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    files = [_CODE / f"{module}.py" for module in modules] or sorted(_CODE.rglob("*.py"))
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def read_kept(file: Path, keys: Set[str]) -> dict[str, Any] | None:
    """Read a kept file; None if it is not there, is damaged or another's, or lacks a key."""
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        checksum = kept.pop(_CHECKSUM)
        complete = kept.keys() >= keys and checksum == _checksum(file.name, json.dumps(kept))
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None  # not there, or cut off while it was written: estimate again
    return kept if complete else None


def write_kept(file: Path, content: dict[str, Any]) -> dict[str, Any]:
    """Write a file in one stroke, for its owner alone, making its folder if needed.

    Returns:
        The content as it will be read.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content)
    checksum = _checksum(file.name, text)
    with NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
        # in one piece: written bit by bit, JSON is made by Python and not by C
        new.write(json.dumps({_CHECKSUM: checksum} | content))
    Path(new.name).replace(file)
    read: dict[str, Any] = json.loads(text)
    return read


def _checksum(name: str, content: str) -> str:
    return hashlib.sha256(f"{name}\n{content}".encode()).hexdigest()


def clear_unused(folder: Path, used: Set[str]) -> int:
    """Delete what none of the last ``KEPT_INPUTS`` different inputs used.

    A night that brought nothing new uses the same files again and pushes nothing out.

    Args:
        folder: Where the files are; only one run at a time may use it.
        used: Names used by this run; they are never deleted.

    Returns:
        How many files were deleted.
    """
    if not used:
        return 0  # nothing to estimate tonight says nothing about what is worth keeping
    log = folder / _LOG
    known = read_kept(log, {"inputs"}) or {"inputs": []}
    tonight = sorted(used)
    inputs = [names for names in known["inputs"] if names != tonight]
    inputs = [*inputs, tonight][-KEPT_INPUTS:]
    if inputs != known["inputs"]:
        write_kept(log, {"inputs": inputs})
    keep = {_LOG}.union(*inputs)
    unused = [file for file in folder.iterdir() if file.is_file() and file.name not in keep]
    for file in unused:
        file.unlink()
    return len(unused)
