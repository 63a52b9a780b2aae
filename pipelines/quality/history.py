"""What the report shows, read from the operational tables: this run, the one before, the last ones.

No HTML here, and no person's values: only counts, sums, row numbers, file names, reasons, and what
the ingest says may be told of a row set aside.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import duckdb

from pipelines.desk.personal_identifiers import masked
from pipelines.quality.results import STOPS
from pipelines.warehouse.quarantined import SetAside, quarantined_nb
from pipelines.words.messages import say

Row = Mapping[str, Any]
SHOWN_RUNS = 12
SHOWN_DELIVERIES = 400
SHOWN_ROW_NUMBERS = 15

_CHANGES = {
    "new": "ny feil",
    "continuing": "fortsatt feil",
    "fixed": say("quality.history.now_mended"),
}


def checks_of(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Row]:
    """Return the run's checks, broken ones first, each with its ``change``.

    ``change`` is since the edition before, in words; what breaks in the first is new.

    Args:
        con: The open warehouse.
        run_id: The run.
    """
    rows = _rows(
        con,
        "select * from ops.judged_results where run_id = ?"
        " order by gate, success, severity, contract_id, table_name, rule_id",
        [run_id],
    )
    return [{**row, "change": _CHANGES.get(row["check_change"], "")} for row in rows]


def stops(row: Row) -> bool:
    """Return whether nothing passes on a check of ``checks_of``."""
    return not row["success"] and row["severity"] == "error" and row["released_by"] is None


def run_before(con: duckdb.DuckDBPyConnection, run_id: str) -> str | None:
    """Return the run that made the edition before this run; ``None`` when there is none."""
    rows = _rows(con, "select any_value(run_before) as run_id from ops.judged_results"
                 " where run_id = ?", [run_id])  # fmt: skip
    return rows[0]["run_id"] if rows else None


def last_runs(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the last checked runs, newest first, with counts and the generation they published."""
    return _rows(
        con,
        "select r.run_id, min(r.run_at) as run_at, count(*) as n_checks,"
        f" count(*) filter (where {STOPS}) as n_errors,"
        f" count(*) filter (where not (success or {STOPS})) as n_warnings,"
        " max(p.generation) as generation"
        " from ops.quality_results as r left join"
        " (select run_id, max(generation) as generation from ops.publications"
        " where action = 'publish' group by run_id) as p on p.run_id = r.run_id"
        f" group by r.run_id order by run_at desc limit {SHOWN_RUNS}",
    )


def deliveries(con: duckdb.DuckDBPyConnection, since: datetime | None) -> list[Row]:
    """Return the newest deliveries, with ``is_new`` for those received after ``since``.

    ``quarantined_nb`` says how much is set aside.
    """
    rows = _rows(
        con,
        f"select * from ops.released_deliveries order by seq desc limit {SHOWN_DELIVERIES}",
    )
    return [
        {
            **row,
            "is_new": since is None or row["received_at"] > since,
            "quarantined_nb": quarantined_nb(cast("SetAside", row)),
        }
        for row in rows
    ]


def quarantine(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return quarantined rows by file, column, reason and what stood there, with row numbers."""
    return _rows(
        con,
        "select delivery_id, file_name, column_name, rule_id, reason_nb, found_nb, count(*) as n,"
        f" list(source_row order by source_row)[:{SHOWN_ROW_NUMBERS}] as row_numbers"
        " from ops.quarantine group by all order by delivery_id desc, n desc, rule_id, column_name",
    )


def warnings(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return what was repaired or looked odd on the way in, by delivery."""
    return _rows(
        con,
        "select w.delivery_id, d.file_name, w.message_nb from ops.warnings as w"
        " left join ops.deliveries as d using (delivery_id)"
        " order by w.delivery_id desc, w.code, w.message_nb",
    )


def publications(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return what readers were pointed to, newest first."""
    return _rows(
        con,
        "select * from ops.publications order by published_at desc, generation desc"
        f" limit {SHOWN_RUNS}",
    )


def released(con: duckdb.DuckDBPyConnection, checks: Iterable[Row]) -> list[Row]:
    """Return what a person let through: deliveries that count, then the run's checks.

    Args:
        con: The open warehouse.
        checks: The run's checks.
    """
    found = _rows(
        con,
        "select delivery_id || ' ' || file_name as name, released_at, released_by, release_reason,"
        " release_expires_on from ops.released_deliveries"
        " where status = 'loaded' and released_by is not null order by delivery_id",
    )
    rows = found + [
        {**check, "name": f"{check['promised_nb']} {check['measured_nb']}"}
        for check in checks
        if check["released_by"]
    ]
    # what was kept before the words were judged as they are now
    return [{**row, "release_reason": masked(row["release_reason"])} for row in rows]


def delivery_totals(rows: Iterable[Row]) -> dict[str, int]:
    """Add up the counts of deliveries."""
    names = ("rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate")
    found = list(rows)
    return {name: sum(row[name] or 0 for row in found) for name in names}


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, params: list[object] | None = None
) -> list[Row]:
    return list(con.sql(sql, params=params or []).pl().to_dicts())


def not_personal(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the file columns that are declared not to be about persons, with the reasons.

    Args:
        con: The warehouse; without configuration in it nothing is declared.
    """
    is_there = "select 1 from duckdb_tables() where schema_name = 'municipality' and table_name = ?"
    if not con.execute(is_there, ["not_personal"]).fetchall():
        return []
    return _rows(
        con,
        "select contract_id, feed_id, column_name, reason from municipality.not_personal"
        " order by contract_id, feed_id, column_name",
    )
