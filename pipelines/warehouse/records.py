"""The append-only store beside landing: one small file per event, each with its own checksum.

An entry holds the rows an event adds to the tables of ``ops``. It is written whole and forced to
the disk before the warehouse changes, so the entry is what commits an event and the warehouse
follows from the entries. How entries get into a warehouse is in ``replay``.
"""

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pipelines.desk.on_disk import sync
from pipelines.errors import DamagedError
from pipelines.settings import Paths
from pipelines.words.messages import say

Kind = Literal[
    "delivery",
    "decision",
    "frozen",
    "lock",
    "draw",
    "hidden",
    "counted",
    "publication",
    "quality",
    "loss",
    "deletion",
    "rewrite",
]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Name of a table of ``ops`` -> the rows an event adds to it."""

NOTHING = "0" * 64
"""What the first entry follows."""
_SUFFIX = ".json"
_TEMPORARY = ".tmp"
_SQUEEZED = "tables_zlib_base64"
_LONG: frozenset[Kind] = frozenset({"quality", "hidden", "counted"})
"""Kinds that come every night with some hundred rows, nearly the same: a ninth when squeezed."""


@dataclass(frozen=True)
class Entry:
    """One event.

    Attributes:
        number: 1, 2, 3 …; never used twice.
        kind: What kind of event.
        sha256: Of the file after its first line.
        text: The file after its first line: JSON with number, kind, the SHA-256 of the entry
            before (``previous``), the access log's head (``log_head``) and ``tables``, each with
            ``columns`` and ``rows``; what is long is squeezed as ``tables_zlib_base64``.
    """

    number: int
    kind: Kind
    sha256: str
    text: str

    @property
    def previous(self) -> str:
        """SHA-256 of the entry before."""
        return str(json.loads(self.text)["previous"])

    @property
    def log_head(self) -> str:
        """The access log's head when the entry was made; empty when there was no log."""
        return str(json.loads(self.text).get("log_head", ""))

    @property
    def tables(self) -> Tables:
        """The rows the event adds."""
        content = json.loads(self.text)
        # a home may have long entries from before they were squeezed
        is_long = _SQUEEZED in content
        tables = json.loads(_unsqueezed(content[_SQUEEZED])) if is_long else content["tables"]
        return {
            name: [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
            for name, table in tables.items()
        }


def make(number: int, kind: Kind, previous: str, tables: Tables, log_head: str = "") -> Entry:
    """Return an entry that is not written yet.

    Args:
        number: The number after the last entry's.
        kind: What kind of event.
        previous: SHA-256 of the last entry, or ``NOTHING``.
        tables: The rows it adds.
        log_head: The access log's head, if there is a log.
    """
    packed = {name: _packed(rows) for name, rows in tables.items() if rows}
    content: dict[str, Any] = {"number": number, "kind": kind, "previous": previous}
    if log_head:
        content["log_head"] = log_head
    if kind in _LONG:
        content[_SQUEEZED] = _squeezed(as_text(packed))
    else:
        content["tables"] = packed
    text = as_text(content)
    return Entry(number, kind, hashlib.sha256(text.encode()).hexdigest(), text)


def as_text(content: Mapping[str, Any]) -> str:
    """Return rows or an entry as compact JSON; times, dates and decimals become text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)


def write(paths: Paths, entry: Entry) -> Path:
    """Write an entry so that it is there whole, or not at all, also after a power cut.

    Raises:
        FileExistsError: another entry with the number is there already.
    """
    paths.records.mkdir(parents=True, exist_ok=True)
    target = paths.records / f"{entry.number:08d}-{entry.kind}{_SUFFIX}"
    if target.exists():
        if _event(read(target)) == _event(entry):
            return target
        raise FileExistsError(target)
    temporary = target.with_suffix(_TEMPORARY)
    with temporary.open("wb") as stream:
        stream.write(f"{entry.sha256}\n{entry.text}".encode())
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)
    sync(paths.records)
    return target


def _event(entry: Entry) -> dict[str, Any]:
    # the log has gone on since a killed process wrote the same event
    content: dict[str, Any] = json.loads(entry.text)
    content.pop("log_head", None)
    return content


def files(paths: Paths) -> list[Path]:
    """Return the entries' files in order."""
    return sorted(paths.records.glob(f"[0-9]*-*{_SUFFIX}"))


def number_of(file: Path) -> int:
    """Return the number in an entry's file name."""
    return int(file.stem.partition("-")[0])


def sha256_in(file: Path) -> str:
    """Return the checksum an entry's file says it has; ``read`` holds the content against it."""
    with file.open("rb") as stream:
        return stream.readline().decode("ascii", "replace").strip()


def read(file: Path) -> Entry:
    """Read one entry and hold it against its checksum and its name.

    Raises:
        DamagedError: it is not what was written.
    """
    try:
        sha256, _, text = file.read_bytes().decode().partition("\n")
        number, _, kind = file.stem.partition("-")
        entry = Entry(int(number), kind, sha256, text)  # type: ignore[arg-type] # held below
        content = json.loads(text)
        is_whole = hashlib.sha256(text.encode()).hexdigest() == sha256
        is_named = (content["number"], content["kind"]) == (entry.number, entry.kind)
    except (ValueError, KeyError, OSError):
        is_whole = is_named = False
    if not (is_whole and is_named):
        raise DamagedError(
            say("warehouse.records.journal_file_damaged"),
            where=str(file),
            way_out=way_out_of_loss(file.stem),
        )
    return entry


def way_out_of_loss(name: str) -> str:
    """Return what can be done about a file that is damaged or gone and that nothing else holds.

    Args:
        name: What the command knows the file as.
    """
    return say("warehouse.records.bring_back_or_go_without", name=name)


def decisions_fingerprint(paths: Paths, today: date) -> str:
    """Return a hash of what people have decided about deliveries and rows; empty when nothing.

    It is another when the last day of something decided has passed: then there is work to do.

    Args:
        paths: The municipality's folders.
        today: The day in Norway.
    """
    decided = ("-decision", "-rewrite")
    found = [f for f in files(paths) if f.stem.endswith(decided)]
    told = [f"{f.stem}{f.stat().st_size}" for f in found]
    told += [f"{f.stem} expired" for f in found if _has_expired(f, today)]
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest() if told else ""


def _has_expired(file: Path, today: date) -> bool:
    try:
        rows = [row for table in read(file).tables.values() for row in table]
    except DamagedError:
        return False  # the run that reads it says so, with the way out
    days = (row.get("expires_on") for row in rows)
    return any(day is not None and day < today.isoformat() for day in days)


def _squeezed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _unsqueezed(text: str) -> str:
    return zlib.decompress(base64.b64decode(text)).decode()


def _packed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    # the names once, not in every row: a night's checks are some hundred rows
    columns = list(rows[0])
    return {"columns": columns, "rows": [[row[name] for name in columns] for row in rows]}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot be kept: {type(value).__name__}")
