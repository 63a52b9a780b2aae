"""What this municipality has told others: its packs in a row, of which units, what it announced.

It lies in ``state/evidence``: the packs as they were sent, and beside each the units behind its
rows, which never leave. Without it nobody can see that a new pack and an old one together tell of a
few, so a chain that cannot be read is said and not begun anew.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.desk.on_disk import write_whole
from pipelines.errors import DamagedError
from pipelines.evidence.pack import (
    Definition,
    Pack,
    PackError,
    Registered,
    Result,
    canonical,
    read_pack,
)
from pipelines.evidence.withheld import Units
from pipelines.settings import Paths
from pipelines.words.messages import say

_FOLDER, _ANNOUNCED = "evidence", "announced.json"
_PACK, _UNITS = ".json", ".units.json"
Sets = dict[str, dict[str, Units]]
"""Metric -> name of the row -> its units with persons."""


@dataclass(frozen=True)
class Issued:
    """The chain so far.

    Attributes:
        packs: Every pack, the first one first.
        sha256: Of the last one's bytes; None before the first.
        sets: Of each pack, the units of the rows that were told anew.
        announced: Starts announced, as they go out.
        definitions: What they are announced of, by hash, as it stood then.
    """

    packs: tuple[Pack, ...]
    sha256: str | None
    sets: tuple[Sets, ...]
    announced: tuple[Registered, ...]
    definitions: dict[str, Definition]

    def told(self, metric_id: str) -> dict[str, list[Units]]:
        """Return name -> the units of every row of a metric that has left, the earliest first."""
        found: dict[str, list[Units]] = {}
        for one in self.sets:
            for name, units in one.get(metric_id, {}).items():
                found.setdefault(name, []).append(units)
        return found

    def last_row(self, definition_sha256: str, name: str) -> Result | None:
        """Return a row as it was last told; None when it never was."""
        rows = [
            row
            for pack in reversed(self.packs)
            for row in pack.results
            if (row.definition_sha256, row.service_type) == (definition_sha256, name)
        ]
        return rows[0] if rows else None


def read_issued(paths: Paths) -> Issued:
    """Return the municipality's own chain.

    Raises:
        DamagedError: A pack of it is gone or is not as it was written.
    """
    folder = _folder(paths)
    numbers = sorted(int(f.name.partition(".")[0]) for f in folder.glob(f"*{_UNITS}"))
    packs, sets, sha256 = [], [], None
    for place, number in enumerate(numbers, 1):
        file = folder / f"{number:06}{_PACK}"
        try:
            content = file.read_bytes()
            pack = read_pack(content)
            sets.append(json.loads(file.with_suffix(_UNITS).read_text(encoding="utf-8")))
        except (OSError, ValueError, PackError) as error:
            raise _damaged(file) from error
        if (pack.sequence, pack.previous_sha256) != (place, sha256):
            raise _damaged(file)
        packs.append(pack)
        sha256 = hashlib.sha256(content).hexdigest()
    return Issued(tuple(packs), sha256, tuple(sets), *_announced(folder))


def keep_pack(paths: Paths, sequence: int, content: bytes, sets: Sets) -> Path:
    """Keep a pack that is about to leave, whole or not at all; returns its file.

    Args:
        paths: The municipality's folders.
        sequence: Its number.
        content: Its bytes.
        sets: The units of the rows that are told anew.
    """
    folder = _folder(paths)
    file = folder / f"{sequence:06}{_PACK}"
    _write(file, content)
    # the second file is what makes it one of the chain
    _write(file.with_suffix(_UNITS), canonical(sets))
    return file


def keep_announced(paths: Paths, row: Registered, definition: Definition) -> None:
    """Keep one more announcement, with what it is of."""
    announced, definitions = _announced(_folder(paths))
    known = definitions | {row.definition_sha256: definition}
    content: dict[str, Any] = {
        "announced": [one.model_dump(mode="json") for one in (*announced, row)],
        "definitions": {sha256: one.model_dump(mode="json") for sha256, one in known.items()},
    }
    _write(_folder(paths) / _ANNOUNCED, canonical(content))


def _announced(folder: Path) -> tuple[tuple[Registered, ...], dict[str, Definition]]:
    file = folder / _ANNOUNCED
    if not file.exists():
        return (), {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        rows = tuple(Registered.model_validate(row) for row in found["announced"])
        known = {h: Definition.model_validate(d) for h, d in found["definitions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(file) from error
    return rows, known


def _folder(paths: Paths) -> Path:
    folder = paths.state / _FOLDER
    folder.mkdir(0o700, parents=True, exist_ok=True)
    return folder


def _write(file: Path, content: bytes) -> None:
    write_whole(file, content)


def _damaged(file: Path) -> DamagedError:
    return DamagedError(
        say("evidence.issued.chain_is_broken"),
        where=str(file),
        way_out=say("evidence.issued.take_back_the_chain"),
    )
