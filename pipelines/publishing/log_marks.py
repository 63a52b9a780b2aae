"""What other files noted about the access log as they were made: editions, reports, the store.

Each carries the log's head. Where the log then stands is judged in ``pipelines.desk.log_chain``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.desk.access_log import HEAD_FILE
from pipelines.desk.log_chain import Mark
from pipelines.errors import DamagedError
from pipelines.settings import Paths
from pipelines.warehouse import records

_IN_REPORT = re.compile(r'id="log-head">([^<]*)<')


@dataclass(frozen=True)
class LogMarks:
    """The heads that were found.

    Attributes:
        found: Each with the file that noted it.
        unreadable: Files that should have told and could not be read.
    """

    found: tuple[Mark, ...]
    unreadable: tuple[Path, ...]


def log_marks(paths: Paths) -> LogMarks:
    """Read every head that is noted in a municipality's folder.

    Args:
        paths: The municipality's folders.
    """
    found, unreadable = [], []
    for file in _files(paths):
        try:
            mark = _read(file)
        except (OSError, ValueError, TypeError, AttributeError, DamagedError):
            unreadable.append(file)
            continue
        if mark is not None:
            found.append(mark)
    return LogMarks(tuple(found), tuple(unreadable))


def _files(paths: Paths) -> Iterator[Path]:
    yield from sorted(paths.published.glob("*.json"))
    yield from sorted(paths.reports.glob("*.html"))
    yield from records.files(paths)
    yield from paths.state.glob(HEAD_FILE)


def _read(file: Path) -> Mark | None:
    if file.parent.name == "records":
        head = records.read(file).log_head
        return Mark(head, f"journalen ({file.name})") if head else None
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        noted = _IN_REPORT.search(text)
        return Mark(noted.group(1), f"rapporten ({file.name})") if noted else None
    if file.suffix == ".json":
        told = json.loads(text)
        head, at = told.get("log_head"), told.get("published_at")
        moment = datetime.fromisoformat(at) if at else None
        return Mark(str(head), f"utgaven ({file.name})", at=moment) if head else None
    return Mark(text, f"hodet i state ({file.name})")
