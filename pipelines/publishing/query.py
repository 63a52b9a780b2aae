"""Ad hoc SQL on a published generation for the command line: an answer as a frame or an error.

The process it runs in is started by ``pipelines.desk.ask``; the rules for statements are in
``query_guard``, the limits in ``query_child``.
"""

from dataclasses import dataclass

import polars as pl

from pipelines.desk.ask import Answer
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


def as_result(answer: Answer) -> QueryResult:
    """Return the rows of an answer.

    Raises:
        QueryError: There is no answer; ``code`` says why.
    """
    if answer.words is not None:
        raise QueryError(answer.code, answer.words.text(), way_out=answer.words.way_out() or None)
    return QueryResult(
        pl.read_ipc_stream(answer.arrow), truncated=answer.is_cut, seconds=answer.seconds
    )
