"""The delivery ledger: what came, what became of it, what was set aside and why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from pipelines.desk.events import log_event
from pipelines.settings import Paths
from pipelines.warehouse.replay import append
from pipelines.warehouse.standing import READ_LATER

# what was read last counts, of each feed: a refused file may be accepted when the setup is mended,
# also one that no source knew at first
LYING_IN_INBOX = """
with newest as (
    select file_name, status, reason_nb, feed_id, seq,
           row_number() over (partition by file_sha256, feed_id order by seq desc) as newest_first,
           max(seq) filter (where status <> 'rejected') over (partition by file_sha256) as accepted
    from ops.deliveries
    where file_sha256 in (select unnest(?)) and status <> 'duplicate'
)
select file_name, reason_nb, seq,
       status = 'rejected' and (feed_id is not null or seq > coalesce(accepted, 0)) as is_refused
from newest
where newest_first = 1
"""
"""How the files that lie in the inbox were read; ``?`` stands for their SHA-256. The gate, the
status and what a stopped run says all ask this."""

if TYPE_CHECKING:
    import polars as pl

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
    register_date: date | None = None
    content_id: str | None = None
    lines_total: int = 0
    layout_rows: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    n_persons: int | None = None
    quarantined_nok: float | None = None
    quarantined_days: float | None = None
    quarantined_persons: int | None = None

    def __post_init__(self) -> None:
        """Refuse a record that does not reconcile."""
        if self.rows_in != self.rows_loaded + self.rows_quarantined + self.rows_duplicate:
            raise ValueError(f"{self.file_name}: rows do not reconcile")


def next_seq(con: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next delivery."""
    row = con.execute("select coalesce(max(seq), 0) + 1 from ops.deliveries").fetchall()
    return int(row[0][0])


def record_delivery(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    result: DeliveryResult,
    warnings: Sequence[tuple[str, str]] = (),
    **details: "pl.DataFrame",
) -> None:
    """Write one delivery and all that is known of it to the store, then to the warehouse.

    The caller holds the transaction.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        result: The delivery.
        warnings: Pairs of code and message.
        details: Table of ``ops`` -> its rows, which get the delivery's number and file name:
            ``quarantine`` has ``source_row``, ``column_name``, ``rule_id``, ``reason_nb``,
            ``found_nb`` and ``row_sha256``; ``dropped_rows`` has ``source_row``, ``kind``,
            ``word``, ``column_name`` and ``amount``; ``codes_read`` has ``code_system``,
            ``codes`` and ``meaning``; ``landing_files`` has ``period_ym``, ``row_count`` and
            ``sha256``.
    """
    key = {"delivery_id": result.delivery_id, "file_name": result.file_name}
    tables: dict[str, list[dict[str, Any]]] = {"deliveries": [asdict(result)]}
    for name, frame in details.items():
        tables[name] = [key | row for row in frame.to_dicts()]
    tables["warnings"] = [key | {"code": code, "message_nb": text} for code, text in warnings]
    if result.status == "held":
        log_event(
            paths.state,
            "hold",
            result.delivery_id,
            n_rows=result.rows_loaded,
            detail=result.reason_code or "",
        )
    append(con, paths, "delivery", {name: rows for name, rows in tables.items() if rows})


def status_of(con: duckdb.DuckDBPyConnection, delivery_id: str) -> Status:
    """Return what a recorded delivery counts as now."""
    rows = con.execute("select status from ops.deliveries where delivery_id = ?", [delivery_id])
    status: Status = rows.fetchall()[0][0]
    return status


def is_recorded(con: duckdb.DuckDBPyConnection, delivery_id: str) -> bool:
    """Return whether a delivery stands in the ledger."""
    found = con.execute("select 1 from ops.deliveries where delivery_id = ?", [delivery_id])
    return bool(found.fetchall())


def reason_code_of(con: duckdb.DuckDBPyConnection, delivery_id: str) -> str | None:
    """Return why a recorded delivery was held or rejected, as codes."""
    rows = con.execute(
        "select reason_code from ops.deliveries where delivery_id = ?", [delivery_id]
    )
    code: str | None = rows.fetchall()[0][0]
    return code


def list_held(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return delivery, file name and reason of what waits for a person, oldest first.

    Args:
        con: The working warehouse.
    """
    return con.execute(
        "select delivery_id, file_name, reason_nb from ops.deliveries as d"
        " where status = 'held' and not exists ("
        f"   select 1 from ops.deliveries as later where {READ_LATER}"
        "   and later.status <> 'duplicate')"
        " order by seq"
    ).fetchall()


def list_losses(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what was found to be lost for good, oldest first; nothing in an older warehouse.

    Args:
        con: The working warehouse, also one opened for reading alone.
    """
    columns = con.execute(
        "select column_name from duckdb_columns() where schema_name = 'ops'"
        " and table_name = 'losses' and database_name = current_database()"
    ).fetchall()
    if not columns:
        return []
    # an entry that has been found again since is no longer lost
    found = "entry_number in (select number from ops.records)"
    where = f" where ({found}) is not true" if ("entry_number",) in columns else ""
    rows = con.execute(f"select message_nb from ops.losses{where} order by found_at").fetchall()
    return [row[0] for row in rows]


def list_rejected(con: duckdb.DuckDBPyConnection, present: Sequence[str]) -> list[tuple[str, str]]:
    """Return file name and reason of the refused files that still lie in the inbox.

    What was read last counts: a refused file may be accepted when the setup is mended.

    Args:
        con: The working warehouse.
        present: SHA-256 of the files in the inbox.
    """
    sql = f"select file_name, reason_nb from ({LYING_IN_INBOX}) where is_refused order by seq"
    return con.execute(sql, [list(present)]).fetchall()
