"""Has this content been here before, and must it be read again?

The answer depends on the ledger alone: content, fingerprint, and what became of it.
"""

import hashlib
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import duckdb

from pipelines.contracts.shapes import Contract
from pipelines.municipality.feeds import Feed
from pipelines.warehouse.deliveries import DeliveryResult
from pipelines.warehouse.standing import ACCEPTED, SAME_AS_FILE
from pipelines.words.messages import say

_READER_VERSION = 2
"""Raise it when the readers give another result for the same file."""

_HEX = 16


@dataclass(frozen=True)
class Decision:
    """What to do with a file.

    Attributes:
        action: ``read`` it, ``judge`` anew what is held, record it as a ``duplicate``, or ``skip``
            it without a trace.
        duplicate_of: The delivery with the same content.
    """

    action: Literal["read", "judge", "duplicate", "skip"]
    duplicate_of: str | None = None


class Received(NamedTuple):
    """A file that a feed matches.

    Attributes:
        feed_id: The feed.
        name: Path below the inbox.
        sha256: Hash of the bytes.
        content_id: The same with what the name says of when, see ``periods.content_id``.
        fingerprint: How it would be read now.
    """

    feed_id: str
    name: str
    sha256: str
    content_id: str
    fingerprint: str


def fingerprint(contract: Contract, feed: Feed, units_fingerprint: str) -> str:
    """Return ``<how it is read>.<which units there are>`` as hashes."""
    table = repr(contract.tables[feed.table])
    text = f"{_READER_VERSION}\x1f{contract.version}\x1f{table}\x1f{feed.model_dump_json()}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:_HEX]}.{units_fingerprint}"


def decide(
    con: duckdb.DuckDBPyConnection,
    file: Received,
    still_means: Callable[[str], bool],
    lost: Container[str] = (),
) -> Decision:
    """Decide what to do with a file a feed matches.

    New content is read. Known content is read again when rows of it are lost, when the way it is
    read has changed, when a code of units in it has come to mean something else, or when the units
    have changed and some of its rows were set aside; content that a correction has replaced, or a
    person has withdrawn, is not. What is held is judged anew: what it was judged by may have
    changed.

    Args:
        con: The working warehouse.
        file: The file, and how it would be read now.
        still_means: Whether the codes a delivery was read by mean what they did.
        lost: Deliveries with rows that are lost, see ``lost_rows``.
    """
    history = con.execute(
        "select delivery_id, file_name, status, fingerprint, rows_quarantined "
        f"from ops.deliveries where {SAME_AS_FILE} order by seq",
        [file.feed_id, file.sha256, file.content_id],
    ).fetchall()
    if not history:
        return Decision("read")
    delivery_id, _, status, before, n_quarantined = [h for h in history if h[2] != "duplicate"][-1]
    is_read_otherwise = before.split(".")[0] != file.fingerprint.split(".")[0]
    has_problems = status == "rejected" or n_quarantined > 0
    is_withdrawn = any(h[2] == "withdrawn" for h in history)
    if delivery_id in lost and not is_withdrawn:
        return Decision("read")
    if not (is_withdrawn or status == "superseded") and (
        is_read_otherwise
        or (has_problems and before != file.fingerprint)
        or not still_means(delivery_id)
    ):
        return Decision("read")
    if file.name in {h[1] for h in history}:
        return Decision("judge" if status == "held" else "skip", delivery_id)
    return Decision("duplicate", duplicate_of=delivery_id)


def first_received(con: duckdb.DuckDBPyConnection, record: DeliveryResult) -> datetime | None:
    """Return when a feed's content first came, UTC; None when it has not come before.

    Content that is read again is judged by the day it came, not by the day of the reading.

    Args:
        con: The working warehouse.
        record: A reading of the content.
    """
    found = con.execute(
        f"select min(received_at) from ops.deliveries where {SAME_AS_FILE}", _same_as(record)
    ).fetchall()[0][0]
    return found if isinstance(found, datetime) else None


def same_content_nb(con: duckdb.DuckDBPyConnection, delivery_id: str | None) -> str:
    """Return why a file whose content came with an earlier delivery is not read, and the way out.

    Args:
        con: The working warehouse.
        delivery_id: The delivery with the same content.
    """
    status, reason = con.execute(
        "select status, reason_nb from ops.deliveries where delivery_id = ?", [delivery_id]
    ).fetchall()[0]
    if status == "rejected":
        return say("ingest.known.refused_before", delivery_id=delivery_id, reason=reason)
    said = say("ingest.known.already_read", delivery_id=delivery_id)
    if status == "superseded":
        return say("ingest.known.superseded_later", said=said, delivery_id=delivery_id)
    words = {"held": "holdt tilbake", "withdrawn": "trukket tilbake"}.get(status)
    if words is None:
        return said
    way_out = f'pukk deliveries accept {delivery_id} --reason "…"'
    return say("ingest.known.does_not_count", said=said, words=words, way_out=way_out)


def counts_of(con: duckdb.DuckDBPyConnection, delivery_id: str | None) -> dict[str, Any]:
    """Return lines, layout rows, data rows and persons of a delivery; a copy has as many.

    Args:
        con: The working warehouse.
        delivery_id: The delivery with the same content.
    """
    found = con.execute(
        "select lines_total, layout_rows, rows_in, n_persons from ops.deliveries"
        " where delivery_id = ?",
        [delivery_id],
    ).fetchall()[0]
    return dict(zip(("lines_total", "layout_rows", "rows_in", "n_persons"), found, strict=True))


def accepted_codes(con: duckdb.DuckDBPyConnection, record: DeliveryResult) -> frozenset[str]:
    """Return the doubts about a feed's content that a person has settled.

    What was accepted until a day that is over is in doubt again.

    Args:
        con: The working warehouse.
        record: A reading of the content.
    """
    rows = con.execute(
        f"select unnest(string_split(codes, ',')) from ({ACCEPTED}) as a where {SAME_AS_FILE}",
        _same_as(record),
    ).fetchall()
    return frozenset(row[0] for row in rows)


def held_codes(con: duckdb.DuckDBPyConnection, record: DeliveryResult) -> frozenset[str]:
    """Return what a feed's content is held for and nobody has settled yet.

    Args:
        con: The working warehouse.
        record: A reading of the content.
    """
    rows = con.execute(
        "select unnest(string_split(reason_code, ',')) from ops.deliveries"
        f" where status = 'held' and {SAME_AS_FILE}",
        _same_as(record),
    ).fetchall()
    return frozenset(row[0] for row in rows)


def _same_as(record: DeliveryResult) -> list[str | None]:
    return [record.feed_id, record.file_sha256, record.content_id]
