"""Ad hoc SQL on a published generation for the command line: an answer as a frame or an error.

The process it runs in is started by ``pipelines.desk.ask``; the rules for statements are in
``query_guard``, the limits in ``query_child``.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.desk.ask import MAX_ROWS, MEMORY_MB, TIMEOUT_S, Answer, ask
from pipelines.errors import QueryError


@dataclass(frozen=True)
class QueryResult:
    """What a query gave.

    Attributes:
        frame: At most ``max_rows`` rows.
        truncated: Whether there were more rows.
        seconds: Time in DuckDB, without starting the process.
    """

    frame: pl.DataFrame
    truncated: bool
    seconds: float


def run_query(
    generation_file: Path,
    sql: str,
    *,
    max_rows: int = MAX_ROWS,
    timeout_s: float = TIMEOUT_S,
    memory_mb: int = MEMORY_MB,
) -> QueryResult:
    """Run one SELECT on a published generation, read-only, and return its rows.

    Args:
        generation_file: A file from ``pipelines.publishing.generation.current``.
        sql: One statement that reads.
        max_rows: Rows to return at most; more are cut and said to be.
        timeout_s: Seconds of wall clock, start of the process included.
        memory_mb: DuckDB's memory limit; the process as a whole may use 2 GB of addresses.

    Raises:
        QueryError: When the statement is refused, wrong, or stopped; ``code`` says which.
    """
    return as_result(
        ask(generation_file, sql, max_rows=max_rows, timeout_s=timeout_s, memory_mb=memory_mb)
    )


def as_result(answer: Answer) -> QueryResult:
    """Return the rows of an answer.

    Raises:
        QueryError: There is no answer; ``code`` says why.
    """
    if answer.words is not None:
        raise QueryError(answer.code, answer.words.nb, way_out=answer.words.way_out_nb or None)
    return QueryResult(
        pl.read_ipc_stream(answer.arrow), truncated=answer.is_cut, seconds=answer.seconds
    )
