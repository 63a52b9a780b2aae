"""What a gate found: one row per promise, in words and numbers, kept in ``ops.quality_results``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import duckdb

from pipelines.contracts.model import Severity
from pipelines.settings import Paths
from pipelines.warehouse.replay import keep
from pipelines.warehouse.transaction import transaction
from pipelines.words.messages import say

# between the gates stand the models, whose own tests are kept only when they break
Gate = Literal["inbound", "models", "outbound"]


@dataclass(frozen=True)
class CheckResult:
    """How one promise was kept in one run.

    Attributes:
        promised_nb: The promise as a sentence.
        measured_nb: What was found, in the same words as the report shows; never a value.
        n_rows: Rows looked at.
        n_failed: Rows that broke the promise.
        found: Hashes of what was found, with commas between; empty where rows are only counted.
        released_at: When a person let it through all the same, UTC without a zone.
        released_by: The accounts that did, with a comma between; ``None`` when nobody has.
        release_reason: Why, in the person's own words.
        release_expires_on: The last day it is let through.
    """

    gate: Gate
    contract_id: str
    contract_version: str
    table_name: str
    rule_id: str
    expectation: str
    column_name: str | None
    severity: Severity
    promised_nb: str
    measured_nb: str
    n_rows: int
    n_failed: int
    success: bool
    found: str = ""
    released_at: datetime | None = None
    released_by: str | None = None
    release_reason: str | None = None
    release_expires_on: date | None = None

    @property
    def name(self) -> str:
        """What people call it by: contract, table and rule."""
        return f"{self.contract_id}.{self.table_name}.{self.rule_id}"

    @property
    def stops(self) -> bool:
        """Whether nothing passes on it; as ``STOPS`` says in SQL."""
        return not self.success and self.severity == "error" and self.released_by is None


STOPS = "(not success and severity = 'error' and released_by is null)"
"""Of a row of ``ops.quality_results``: nothing passes on it."""


@dataclass(frozen=True)
class GateResult:
    """What a gate found.

    Attributes:
        success: No promise of severity error was broken, but for what a person has released.
        results: One per promise, in order of contract, table and rule.
    """

    success: bool
    results: tuple[CheckResult, ...]


def save_results(
    con: duckdb.DuckDBPyConnection,
    results: Sequence[CheckResult],
    gate: Gate,
    run_id: str,
    run_at: datetime,
) -> None:
    """Add a gate's results to the history; a gate that is run again replaces its own.

    Args:
        con: The open warehouse, outside a transaction.
        results: What the gate found.
        gate: Which gate.
        run_id: The run.
        run_at: Aware time of the check.
    """
    at = run_at.astimezone(UTC).replace(tzinfo=None)
    columns = ("run_id", "run_at", *CheckResult.__dataclass_fields__)
    places = ", ".join("?" * len(columns))
    rows = [(run_id, at, *vars(result).values()) for result in results]
    with transaction(con):
        con.execute("delete from ops.quality_results where run_id = ? and gate = ?", [run_id, gate])
        if rows:
            con.execute(
                f"insert into ops.quality_results ({', '.join(columns)}) values "
                + ", ".join([f"({places})"] * len(rows)),
                [value for row in rows for value in row],
            )
    con.complete()


def keep_results(con: duckdb.DuckDBPyConnection, paths: Paths, gate: Gate, run_id: str) -> None:
    """Keep a gate's saved results in the store too, so that the history survives the warehouse.

    Args:
        con: The open warehouse, outside a transaction.
        paths: The municipality's folders.
        gate: Which gate.
        run_id: The run.
    """
    rows = con.sql(
        "select * from ops.quality_results where run_id = ? and gate = ?"
        " order by contract_id, table_name, rule_id",
        params=[run_id, gate],
    ).pl()
    with transaction(con):
        keep(con, paths, "quality", {"quality_results": rows.to_dicts()})
    con.complete()


def rows_broke(n_failed: int, n_rows: int) -> str:
    """Say how many rows broke a promise, e.g. ``0 av 30 112 rader brøt regelen``."""
    return say("quality.results.rows_broke", n_failed=whole(n_failed), n_rows=whole(n_rows))


def whole(number: int) -> str:
    """Write a whole number with a non-breaking space between thousands."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
