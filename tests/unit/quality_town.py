"""A warehouse in memory with one table of positions, its promises, and the ledger of deliveries."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipelines.contracts.model import Column, Contract, Rule, Table
from pipelines.quality.gates import CheckResult, GateResult, run_gate
from pipelines.warehouse.schema import create_tables

NOW = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
NAME = "Kari Nordmann"


def rule(kind: Any, *columns: str, severity: Any = "error", **params: object) -> Rule:
    name = "_".join((kind, *columns))
    return Rule(name, kind, columns, params, severity, f"Løftet {name}.")


POSITIONS = Table(
    "positions",
    "Stillinger",
    (
        Column("position_id", "string", "varchar", required=True),
        Column("unit_id", "string", "varchar", required=False),
        Column("kind", "string", "varchar", required=True),
        Column("pct", "number", "decimal(5,2)", required=True),
        Column("start_date", "date", "date", required=True),
        Column("end_date", "date", "date", required=False),
    ),
    (
        rule("not_null", "unit_id"),
        rule("enum", "kind", values=("permanent", "temporary")),
        rule("range", "pct", minimum=0.01, maximum=100),
        rule("pattern", "unit_id", pattern="E[0-9]+", severity="warning"),
        rule("unique_key", "position_id", "start_date"),
        rule("order", "start_date", "end_date"),
        rule("row_count_min", minimum=1),
    ),
    ("position_id", "start_date"),
)
COLUMNS = ", ".join(POSITIONS.column_names)
CONTRACTS = {"hr": Contract("hr", "1.2.0", "HR", "", {"positions": POSITIONS})}


@contextmanager
def open_town() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with an empty table of positions and the ledger's own tables."""
    with duckdb.connect() as con:
        for schema in ("hr", "marts", "intermediate", "municipality"):
            con.execute(f"create schema {schema}")
        create_tables(con, {})
        con.execute(
            "create table hr.positions (position_id varchar, unit_id varchar, kind varchar,"
            " person_id varchar, employment_type varchar, feed_id varchar,"
            " pct decimal(5,2), start_date date, end_date date,"
            " delivery_id varchar default 'D000001')"
        )
        con.complete()
        yield con


def fill(con: duckdb.DuckDBPyConnection, *, bad: bool = False) -> None:
    con.execute(
        f"insert into hr.positions ({COLUMNS}) select"
        " 'P' || range, 'E' || range % 7, 'permanent', 80,"
        " date '2020-01-01', null from range(1200)"
    )
    if bad:
        con.execute(
            f"insert into hr.positions ({COLUMNS}) values"
            f" ('P1', null, '{NAME}', 100, date '2020-01-01', null),"
            f" ('P9999', '{NAME}', 'permanent', 0, date '2020-01-01', date '2019-12-31')"
        )
    con.complete()


def deliver(con: duckdb.DuckDBPyConnection, seq: int, **changed: object) -> None:
    row = {
        "delivery_id": f"D{seq:06d}",
        "seq": seq,
        "contract_id": "hr",
        "table_name": "positions",
        "feed_id": "hr_positions",
        "file_name": f"stillinger_{seq}.csv",
        "file_sha256": f"sha{seq}",
        "size_bytes": 1,
        "received_at": NOW.replace(tzinfo=None),
        "fingerprint": "x",
        "lines_total": 101,
        "layout_rows": 1,
        "status": "loaded",
        "reason_nb": None,
        "periods": "2026-01",
        "rows_in": 100,
        "rows_loaded": 98,
        "rows_quarantined": 1,
        "rows_duplicate": 1,
        **changed,
    }
    con.execute(
        f"insert into ops.deliveries ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )
    con.complete()


def by_rule(result: GateResult) -> dict[str, CheckResult]:
    return {r.rule_id: r for r in result.results}


def inbound(con: duckdb.DuckDBPyConnection, run_id: str = "run-1", *present: str) -> GateResult:
    return run_gate(con, "inbound", CONTRACTS, run_id, NOW, frozenset(present))
