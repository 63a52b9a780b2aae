"""What is new in a subscriber's own units since an edition, with that subscriber's own rights.

Reads one JSON request from stdin and writes a JSON list of messages; ``pipelines.notices.leaders``
starts it and sends them. Whoever has no valid line in the access table is told nothing.
"""

import csv
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dashboards.access import Viewer, viewer_named
from dashboards.context import Context
from dashboards.marts import Question, read, tables
from dashboards.reports.common import Row, metrics
from dashboards.reports.told import headlines
from pipelines.desk.private_files import others_may_write
from pipelines.desk.shaped import shaped
from pipelines.words.catalogue import language_or_default, text

_SIGNALS = frozenset({"better", "worse", "changed"})
_SHOWN = 40


@dataclass(frozen=True)
class _Request:
    """Two editions, whose subscriptions, by which access table, and where the pages are."""

    before: str
    edition: str
    access: str
    subscribers: str
    site: str


def main() -> None:
    """Answer the request on stdin."""
    logging.disable(logging.WARNING)
    request = shaped(_Request, json.loads(sys.stdin.buffer.read()))
    access, now = Path(request.access), datetime.now(UTC)
    found: list[dict[str, str]] = []
    for subject, address in _subscribers(Path(request.subscribers)):
        viewer = viewer_named(subject, access, now)
        if viewer is not None:
            found += _message(request, viewer, address)
    sys.stdout.write(json.dumps(found, ensure_ascii=True))


def new_signals(before: Context, now: Context) -> list[Row]:
    """Return the headlines within the reader's scope that have become a signal, or another one.

    What is hidden, or cannot be told, is no signal.

    Args:
        before: The reader with the edition they knew.
        now: The same reader with the new one.
    """
    known = {_key(row): row["verdict_class"] for row in headlines(before, (), ())}
    rows = headlines(now, ("unit_name",), (), order_by=("unit_name", "metric_id"))
    return [
        row
        for row in rows
        if row["verdict_class"] in _SIGNALS and known.get(_key(row)) != row["verdict_class"]
    ]


def _key(row: Row) -> tuple[str, str, str]:
    return row["unit_id"], row["metric_id"], row["cycle_id"]


def _message(request: _Request, viewer: Viewer, address: str) -> Iterator[dict[str, str]]:
    language = _language(request.edition, viewer)
    before = Context(request.before, language, viewer)
    now = Context(request.edition, language, viewer)
    found = new_signals(before, now)
    if not found:
        return
    known, label = metrics(now), now.column("label")
    (who,) = now.rows("mart_municipality", ("name",))
    lines = []
    for row in found[:_SHOWN]:
        lines.append(f"- {row['unit_name']}, {known[row['metric_id']][label]}: {row['verdict']}")
        if request.site:
            page = f"enhet?enhet={row['unit_id']}&maltall={row['metric_id']}&lang={language}"
            lines.append(f"  {request.site}/{page}")
    count = {"n": now.number(len(found)), "name": who["name"]}
    yield {
        "address": address,
        "subject": text("notice.subject.signals", language, **count),
        "body": "\n".join([text("notice.signals", language), "", *lines, "",
                           text("notice.signals_end", language)]) + "\n",
    }  # fmt: skip


def _language(edition: str, viewer: Viewer) -> str:
    if "mart_municipality" not in tables(edition):
        return language_or_default(None)
    (profile,) = read(edition, viewer.scope, Question("mart_municipality", ("language",)))
    return language_or_default(profile["language"])


def _subscribers(file: Path) -> Iterator[tuple[str, str]]:
    """Yield subject and address of each line; none of a file that anybody may write to."""
    if not file.is_file() or others_may_write(file):
        return
    text_ = file.read_text(encoding="utf-8-sig")
    separator = ";" if ";" in text_.partition("\n")[0] else ","
    for row in csv.DictReader(text_.splitlines(), delimiter=separator):
        subject, address = (row.get("subject") or "").strip(), (row.get("address") or "").strip()
        address = address or subject
        if subject and "@" in address:
            yield subject, address


if __name__ == "__main__":
    main()
