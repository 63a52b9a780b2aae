"""What is broken of what the models promise, in the history beside the two gates, rows named.

How many rows break a promise is counted in ``model_promises``. Here its query is asked for where
they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.contracts.model import Contract
from pipelines.quality.broken_rows import SHOWN_ROWS, places
from pipelines.quality.model_promises import JudgedPromise
from pipelines.quality.results import CheckResult, save_results
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

_NOT_COMPUTED = say("quality.model_checks.not_computed")


@dataclass(frozen=True)
class BrokenNode:
    """A test that found rows, or a model or test that could not be run.

    Attributes:
        name: dbt's name of it.
        table: The model it is, or is about.
        promised_nb: What should have held; empty for a model.
        n_failed: Rows the test found.
        sql: The query that finds them; ``None`` when the node could not be run.
    """

    name: str
    table: str
    promised_nb: str
    n_failed: int
    sql: str | None


def as_broken(judged: JudgedPromise) -> BrokenNode:
    """Return a promise that is broken as what is told of it."""
    promise = judged.promise
    return BrokenNode(
        name=promise.name,
        table=promise.table,
        promised_nb=promise.promised_nb,
        n_failed=judged.n_failed or 0,
        sql=None if judged.n_failed is None else promise.sql,
    )


def record_model_checks(
    con: duckdb.DuckDBPyConnection,
    broken: Sequence[BrokenNode],
    products: Mapping[str, Contract],
    run_id: str,
    run_at: datetime,
) -> None:
    """Keep what broke in ``ops.quality_results`` as results of the gate ``models``.

    Args:
        con: The open warehouse, outside a transaction.
        broken: What broke in this run so far.
        products: Contracts of the published tables, for their keys.
        run_id: The run.
        run_at: Aware time of the check.
    """
    tables = {
        t.name: (contract, t) for contract in products.values() for t in contract.tables.values()
    }
    results = []
    for node in broken:
        contract, table = tables.get(node.table, (None, None))
        keys = table.primary_key if table else ()
        results.append(
            CheckResult(
                gate="models",
                contract_id=contract.id if contract else "dbt",
                contract_version=contract.version if contract else "1",
                table_name=node.table,
                rule_id=node.name,
                expectation="dbt",
                column_name=None,
                severity="error",
                promised_nb=node.promised_nb
                or say("quality.model_checks.model_can_be_computed", table=node.table),
                measured_nb=_measured(con, node, keys),
                n_rows=node.n_failed,
                n_failed=max(node.n_failed, 1),
                success=False,
            )
        )
    save_results(con, results, "models", run_id, run_at)


def _measured(con: duckdb.DuckDBPyConnection, node: BrokenNode, keys: Sequence[str]) -> str:
    if node.sql is None:
        return _NOT_COMPUTED
    counted = counted_nb(node.n_failed, "rad", "rader")
    try:
        found = places(con, node.sql, keys)
    except duckdb.Error:
        found = []
    told = f": {'; '.join(found)}" if found else ""
    more = "; …" if found and node.n_failed > SHOWN_ROWS else ""
    return say("quality.model_checks.broke_rule", counted=counted, told=told, more=more)
