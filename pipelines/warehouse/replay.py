"""Entries of the store into the tables of ``ops``: written first, then applied.

``ops.records`` keeps every entry's text beside the rows it gave, so the store and the warehouse can
each be mended from the other. Which deliveries count is worked out in ``pipelines.ingest``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipelines.desk.access_log import head
from pipelines.desk.log_chain import NO_HEAD
from pipelines.settings import Paths
from pipelines.warehouse.load import insert_frame
from pipelines.warehouse.records import NOTHING, Entry, Kind, Tables, make, read, write


def last_applied(con: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """Return number and SHA-256 of the last entry in the warehouse."""
    rows = con.execute("select number, sha256 from ops.records order by number desc limit 1")
    found = rows.fetchall()
    return found[0] if found else (0, NOTHING)


def append(con: duckdb.DuckDBPyConnection, paths: Paths, kind: Kind, tables: Tables) -> Entry:
    """Write an event to the store, then add its rows; the caller holds the transaction.

    The store comes first: killed in between, the next start applies what is written.

    Args:
        con: The working warehouse, in step with the store.
        paths: The municipality's folders.
        kind: What kind of event.
        tables: The rows it adds.
    """
    entry = keep(con, paths, kind, tables)
    _insert(con, entry)
    return entry


def keep(con: duckdb.DuckDBPyConnection, paths: Paths, kind: Kind, tables: Tables) -> Entry:
    """Write an event whose rows are in the warehouse already; the caller holds the transaction."""
    entry = next_entry(con, paths, kind, tables)
    # killed after this the last time, it is there already, as it was written then
    entry = read(write(paths, entry))
    _note(con, entry)
    return entry


def next_entry(con: duckdb.DuckDBPyConnection, paths: Paths, kind: Kind, tables: Tables) -> Entry:
    """Return the event that follows the last one applied; it is not written yet."""
    number, previous = last_applied(con)
    noted = head(paths.state)
    return make(number + 1, kind, previous, tables, noted if noted != NO_HEAD else "")


def apply(con: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Add the rows of an entry of the store; the caller holds the transaction."""
    if entry.kind == "quality":
        # a gate that was run again in the same run replaced its own
        for row in entry.tables["quality_results"][:1]:
            con.execute(
                "delete from ops.quality_results where run_id = ? and gate = ?",
                [row["run_id"], row["gate"]],
            )
    if entry.kind == "rewrite":
        con.executemany(
            "delete from ops.landing_files where delivery_id = ? and period_ym = ?",
            [[row["delivery_id"], row["period_ym"]] for row in entry.tables["landing_files"]],
        )
    if not _is_there(con, entry):
        _insert(con, entry)
    _note(con, entry)


def _is_there(con: duckdb.DuckDBPyConnection, entry: Entry) -> bool:
    # taken in again from landing while its own entry was lost, which has been found since
    ids = [row["delivery_id"] for row in entry.tables.get("deliveries", ())]
    return bool(
        con.execute(
            "select 1 from ops.deliveries where list_contains(?, delivery_id)", [ids]
        ).fetchall()
    )


def _note(con: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    con.execute(
        "insert into ops.records (number, kind, sha256, text) values (?, ?, ?, ?)",
        [entry.number, entry.kind, entry.sha256, entry.text],
    )


def _insert(con: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    for table, rows in entry.tables.items():
        _insert_rows(con, table, rows)


def _insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    # values are as JSON has them: the table's own types make times and dates of text again
    if not rows:
        return
    import polars as pl  # a usual night adds its rows otherwise

    known = [column[0] for column in con.execute(f"select * from ops.{table} limit 0").description]
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    insert_frame(con, f"ops.{table}", frame.select([c for c in known if c in frame.columns]))
