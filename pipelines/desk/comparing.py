"""What is new since an edition of one's choice: asked of a process that alone opens the older file.

What is told, and what is hidden in either edition and so not told, is decided by the program
(``publishing.edition_changes``), the same as every night. Whose rows a reader sees is the page's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.desk.children import answer_of
from pipelines.desk.programs import COMPARING

_TIMEOUT_S = 30.0
_MONTHS = ("old_month", "month")


@dataclass(frozen=True)
class Compared:
    """Two editions held against each other.

    Attributes:
        is_comparable: Whether the older one holds what it takes.
        published_at: When the older one was published.
        last_month: The older one's last month.
        rows: As ``mart_changes`` has them, in order.
    """

    is_comparable: bool
    published_at: datetime
    last_month: date | None
    rows: Sequence[Mapping[str, Any]]


def compared(folder: Path, now: int, before: int) -> Compared | None:
    """Return what is new; ``None`` when one of them is not whole, or the time was too short.

    Args:
        folder: The folder of published editions.
        now: Number of the newer edition.
        before: Number of the older one.
    """
    request = {"folder": str(folder), "now": now, "before": before, "timeout_s": _TIMEOUT_S}
    out, _ = answer_of(COMPARING, json.dumps(request).encode(), _TIMEOUT_S + 1.0)
    if not out:
        return None
    told = json.loads(out)
    rows = [row | {name: _day(row[name]) for name in _MONTHS} for row in told["rows"]]
    return Compared(
        told["is_comparable"], datetime.fromisoformat(told["published_at"]),
        _day(told["last_month"]), rows,
    )  # fmt: skip


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
