"""The delivery ledger: what came, what became of it, what was set aside and why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import duckdb
import polars as pl

from pipelines.warehouse.load import insert_frame

Status = Literal["loaded", "held", "rejected", "duplicate", "superseded", "withdrawn"]


@dataclass(frozen=True)
class DeliveryResult:
    """One row of ``ops.deliveries``; rows_in = loaded + quarantined + duplicate."""

    delivery_id: str
    seq: int
    contract_id: str | None
    table_name: str | None
    feed_id: str | None
    file_name: str
    file_sha256: str
    size_bytes: int
    received_at: datetime
    contract_version: str | None
    fingerprint: str
    status: Status
    encoding: str | None = None
    reason_code: str | None = None
    reason_nb: str | None = None
    duplicate_of: str | None = None
    periods: str = ""
    lines_total: int = 0
    layout_rows: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0

    def __post_init__(self) -> None:
        """Refuse a record that does not reconcile."""
        if self.rows_in != self.rows_loaded + self.rows_quarantined + self.rows_duplicate:
            raise ValueError(f"{self.file_name}: rows do not reconcile")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what is done inside, or nothing of it."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def next_seq(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next delivery."""
    row = con.execute("select coalesce(max(seq), 0) + 1 from ops.deliveries").fetchall()
    return int(row[0][0])


def record_delivery(
    con: duckdb.DuckDBPyConnection,
    result: DeliveryResult,
    quarantine: pl.DataFrame | None = None,
    warnings: Sequence[tuple[str, str]] = (),
    dropped: pl.DataFrame | None = None,
) -> None:
    """Write one delivery with what was set aside and left out; the caller holds the transaction.

    Args:
        con: The working warehouse.
        result: The delivery.
        quarantine: ``source_row``, ``column_name``, ``rule_id``, ``reason_nb``, ``row_sha256``.
        warnings: Pairs of code and message.
        dropped: ``source_row``, ``kind``, ``word``, ``column_name``, ``amount``.
    """
    values = asdict(result)
    marks = ", ".join("?" for _ in values)
    con.execute(
        f"insert into ops.deliveries ({', '.join(values)}) values ({marks})", list(values.values())
    )
    if quarantine is not None:
        frame = quarantine.with_columns(
            pl.lit(result.delivery_id).alias("delivery_id"),
            pl.lit(result.file_name).alias("file_name"),
        )
        insert_frame(con, "ops.quarantine", frame)
    if dropped is not None:
        named = dropped.with_columns(pl.lit(result.delivery_id).alias("delivery_id"))
        insert_frame(con, "ops.dropped_rows", named)
    for code, message in warnings:
        con.execute(
            "insert into ops.warnings values (?, ?, ?)", [result.delivery_id, code, message]
        )


def status_of(con: duckdb.DuckDBPyConnection, delivery_id: str) -> Status:
    """Return what a recorded delivery counts as now."""
    rows = con.execute("select status from ops.deliveries where delivery_id = ?", [delivery_id])
    status: Status = rows.fetchall()[0][0]
    return status


def list_held(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return delivery, file name and reason of what waits for a person, oldest first.

    Args:
        con: The working warehouse.
    """
    return con.execute(
        "select delivery_id, file_name, reason_nb from ops.deliveries as d"
        " where status = 'held' and not exists ("
        "   select 1 from ops.deliveries as later"
        "   where later.file_sha256 = d.file_sha256 and later.seq > d.seq"
        "   and later.feed_id = d.feed_id and later.status <> 'duplicate')"
        " order by seq"
    ).fetchall()


def list_rejected(con: duckdb.DuckDBPyConnection, present: Sequence[str]) -> list[tuple[str, str]]:
    """Return file name and reason of the refused files that still lie in the inbox.

    What was read last counts: a refused file may be accepted when the setup is mended.

    Args:
        con: The working warehouse.
        present: SHA-256 of the files in the inbox.
    """
    return con.execute(
        "select file_name, reason_nb from ops.deliveries as d"
        " where status = 'rejected' and list_contains(?, file_sha256) and not exists ("
        "   select 1 from ops.deliveries as later"
        "   where later.file_sha256 = d.file_sha256 and later.seq > d.seq"
        "   and later.feed_id is not distinct from d.feed_id)"
        " order by seq",
        [list(present)],
    ).fetchall()
