"""What the store lacks is written from the warehouse, or from landing when that is lost too.

Homes from before there was a store come here once. Nothing is deleted and nothing is read from the
inbox here.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.desk.on_disk import sha256_of
from pipelines.ingest import landing
from pipelines.ingest.decisions import follow_earlier
from pipelines.ingest.landing_files import files_by_delivery, unfinished
from pipelines.ingest.rewriting import kept_beside
from pipelines.settings import Paths
from pipelines.warehouse.records import Kind, Tables
from pipelines.warehouse.replay import append, keep
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_PER_DELIVERY = ("quarantine", "warnings", "dropped_rows")
_NAMED = 5


def adopt_warehouse(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    """Write the store from a warehouse that was made before there was one.

    Args:
        con: A warehouse with a ledger and no entries.
        paths: The municipality's folders; the store is empty.
    """
    with transaction(con):
        _note_landing(con, paths)
        entries = list(_entries_of(con))
        for kind, tables in entries:
            keep(con, paths, kind, tables)
    events = counted_nb(len(entries), "hendelse", "hendelser")
    return (say("ingest.older_homes.journal_written_from_warehouse", events=events),)


def adopt_landing(con: duckdb.DuckDBPyConnection, paths: Paths) -> tuple[str, ...]:
    """Take deliveries that lie in landing alone into ledger and store, and say what is lost.

    The caller holds the transaction, and lets the source tables follow.

    Args:
        con: The working warehouse, in step with the store.
        paths: The municipality's folders.

    Returns:
        What was done, in bokmål; nothing when every delivery in landing is recorded.
    """
    known = {row[0] for row in con.execute("select delivery_id from ops.deliveries").fetchall()}
    known |= unfinished(paths)
    found = {i: f for i, f in files_by_delivery(paths).items() if i not in known}
    if not found:
        return ()
    rows = [_delivery_from(delivery_id, files) for delivery_id, files in found.items()]
    message = say(
        "ingest.older_homes.adopted_from_landing",
        deliveries=counted_nb(len(found), "leveranse", "leveranser"),
        named=_named(rows),
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    lost = {"losses": [{"found_at": now, "message_nb": message}]}
    append(con, paths, "loss", {**lost, **kept_beside(con, paths)})
    for row, (delivery_id, files) in zip(rows, found.items(), strict=True):
        landed = [_landed(delivery_id, file) for file in files]
        append(con, paths, "delivery", {"deliveries": [row], "landing_files": landed})
        # where its entry was lost, what was decided about it is not
        follow_earlier(con, delivery_id)
    return (message,)


def _named(rows: list[dict[str, Any]]) -> str:
    named = [f"{row['delivery_id']} ({row['file_name']})" for row in rows[:_NAMED]]
    more = (
        say("ingest.older_homes.and_more", n_rows=len(rows) - _NAMED) if len(rows) > _NAMED else ""
    )
    return f"{', '.join(named)}{more}."


def _note_landing(con: duckdb.DuckDBPyConnection, paths: Paths) -> None:
    known = {
        row[0]
        for row in con.execute(
            "select delivery_id from ops.deliveries where rows_loaded > 0"
        ).fetchall()
    }
    rows = [
        _landed(delivery_id, file)
        for delivery_id, files in files_by_delivery(paths).items()
        for file in files
        if delivery_id in known
    ]
    for row in rows:
        con.execute("insert into ops.landing_files values (?, ?, ?, ?)", list(row.values()))


def _landed(delivery_id: str, file: Path) -> dict[str, Any]:
    count = pl.scan_parquet(file, hive_partitioning=False).select(pl.len()).collect().item()
    return {
        "delivery_id": delivery_id,
        "period_ym": file.parent.name.removeprefix("ym="),
        "row_count": count,
        "sha256": sha256_of(file),
    }


def _entries_of(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Kind, Tables]]:
    for row in _rows(con, "select * from ops.deliveries order by seq"):
        one = row["delivery_id"]
        tables = {"deliveries": [row]}
        for name in (*_PER_DELIVERY, "landing_files"):
            tables[name] = _rows(
                con, f"select * from ops.{name} where delivery_id = ? order by all", one
            )
        yield "delivery", {name: rows for name, rows in tables.items() if rows}
    frozen = {
        name: _rows(con, f"select * from ops.{name} order by all")
        for name in ("frozen_months", "frozen_baselines", "accepted_rebases")
    }
    if any(frozen.values()):
        yield "frozen", frozen
    for row in _rows(con, "select * from ops.publications order by published_at, generation"):
        yield "publication", {"publications": [row]}
    runs = _rows(
        con,
        "select run_id, gate from ops.quality_results group by run_id, gate"
        " order by min(run_at), gate",
    )
    for run in runs:
        results = _rows(
            con,
            "select * from ops.quality_results where run_id = ? and gate = ? order by all",
            run["run_id"],
            run["gate"],
        )
        yield "quality", {"quality_results": results}


def _rows(con: duckdb.DuckDBPyConnection, sql: str, *params: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.sql(sql, params=list(params)).pl().to_dicts()
    return rows


def _delivery_from(delivery_id: str, files: list[Path]) -> dict[str, Any]:
    kept = landing.about(files[0])
    if kept:
        row: dict[str, Any] = json.loads(kept)
        return row
    # written before a file said where its rows came from
    contract_id, table_name = files[0].parts[-4:-2]
    rows = pl.concat([landing.read_file(file, None) for file in files])
    written = datetime.fromtimestamp(files[0].stat().st_mtime, UTC).replace(tzinfo=None)
    return {
        "delivery_id": delivery_id,
        "seq": int(delivery_id.removeprefix("D")),
        "contract_id": contract_id,
        "table_name": table_name,
        "feed_id": rows["feed_id"][0],
        "file_name": say("ingest.older_homes.delivery_without_name"),
        "file_sha256": f"landing:{delivery_id}",
        "size_bytes": 0,
        "received_at": written,
        "contract_version": None,
        "fingerprint": "",
        "status": "loaded",
        "periods": ",".join(file.parent.name.removeprefix("ym=") for file in files),
        "lines_total": 0,
        "layout_rows": 0,
        "rows_in": rows.height,
        "rows_loaded": rows.height,
        "rows_quarantined": 0,
        "rows_duplicate": 0,
    }
