"""What is promised of the models between the gates: counted in one query per table, then judged.

The queries are dbt's own tests, each of which finds the rows that break it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import duckdb

from pipelines.contracts.to_expectations import ExpectationSpec
from pipelines.quality.beside import judge
from pipelines.quality.scan import Counted

# what a test finds is a table of its own, and must be empty
_EMPTY = "expect_table_row_count_to_equal"


@dataclass(frozen=True)
class ModelPromise:
    """One test of a model.

    Attributes:
        name: dbt's name of it.
        table: The model it is about.
        promised_nb: What should hold, as a sentence.
        sql: Finds what breaks it.
        counts: The expression that counts what it finds.
        is_warning: Whether it is only shown.
    """

    name: str
    table: str
    promised_nb: str
    sql: str
    counts: str
    is_warning: bool


@dataclass(frozen=True)
class JudgedPromise:
    """How a test of a model was kept.

    Attributes:
        promise: The test.
        success: Whether it was kept.
        n_failed: What its query found; ``None`` when it could not be run.
    """

    promise: ModelPromise
    success: bool
    n_failed: int | None

    @property
    def stops(self) -> bool:
        """Whether nothing may be published on it."""
        return not self.success and not self.promise.is_warning


def judge_models(
    con: duckdb.DuckDBPyConnection, promises: Sequence[ModelPromise]
) -> list[JudgedPromise]:
    """Count what breaks each promise and let Great Expectations judge it.

    Args:
        con: The open warehouse.
        promises: What is promised of the models that stand there.

    Returns:
        Every promise and how it was kept, in order of table.
    """
    in_order = sorted(promises, key=lambda promise: (promise.table, promise.name))
    counts = [
        n_found
        for _, group in groupby(in_order, key=lambda promise: promise.table)
        for n_found in _count(con, list(group))
    ]
    outcomes = judge(
        [
            (_spec(promise), Counted(n_found or 0, None if n_found is None else 0))
            for promise, n_found in zip(in_order, counts, strict=True)
        ]
    )
    return [
        JudgedPromise(promise, outcome.success, n_found)
        for promise, n_found, outcome in zip(in_order, counts, outcomes, strict=True)
    ]


def _count(con: duckdb.DuckDBPyConnection, promises: Sequence[ModelPromise]) -> list[int | None]:
    counts = ", ".join(f"(select {p.counts} from ({p.sql}\n) as found)" for p in promises)
    try:
        (found,) = con.execute(f"select {counts}").fetchall()
    except duckdb.Error:
        # one query that cannot be run hides none of the others
        return [None] if len(promises) == 1 else [_count(con, [p])[0] for p in promises]
    finally:
        con.complete()
    return [int(n_found) for n_found in found]


def _spec(promise: ModelPromise) -> ExpectationSpec:
    return ExpectationSpec(
        type=_EMPTY,
        kwargs={"value": 0},
        meta={"table": promise.table, "rule": promise.name},
        severity="warning" if promise.is_warning else "error",
        promised_nb=promise.promised_nb,
        columns=(),
    )
