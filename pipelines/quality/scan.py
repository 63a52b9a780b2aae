"""How many rows of a table break each of its promises: one query per table, nothing read out.

Only counts leave the warehouse, so a gate costs no memory whatever the table's size. What a row
that breaks a rule is like is in ``pipelines.contracts.to_sql``; the verdict is given in ``engine``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.contracts.shapes import Rule
from pipelines.contracts.to_sql import breach


@dataclass(frozen=True)
class Counted:
    """What was counted for one promise.

    Attributes:
        n_rows: Rows looked at.
        n_failed: Rows that break it; 0 for a promise about the number of rows; ``None`` when it
            could not be counted, because a column is missing or of another type.
    """

    n_rows: int
    n_failed: int | None


def row_count(con: duckdb.DuckDBPyConnection, place: str) -> int | None:
    """Return how many rows a table has; ``None`` when it does not exist.

    Args:
        con: The open warehouse.
        place: Schema and table.
    """
    try:
        rows = con.execute(f"select count(*) from {place}").fetchall()
    except duckdb.CatalogException:
        return None
    finally:
        con.complete()
    return int(rows[0][0])


def scan(
    con: duckdb.DuckDBPyConnection, place: str, rules: Sequence[Rule], floating: Collection[str]
) -> list[Counted]:
    """Count the rows that break each rule, in the rules' order.

    Every row of a key that is not unique breaks the rule; a missing value is a value of the key.

    Args:
        con: The open warehouse.
        place: Schema and table, which exist.
        rules: What the table promises.
        floating: The table's columns that can hold NaN.
    """
    counts = [_count(place, rule, floating) for rule in rules]
    try:
        found = con.execute(f"select count(*), {', '.join(counts)} from {place}").fetchall()[0]
    except duckdb.Error:
        # one promise that cannot be counted hides none of the others
        return [_alone(con, place, count) for count in counts]
    finally:
        con.complete()
    return [Counted(int(found[0]), int(n_failed)) for n_failed in found[1:]]


def count_rows(con: duckdb.DuckDBPyConnection, sql: str, params: Sequence[object]) -> Counted:
    """Count the rows of a query and those that tell of a problem.

    Args:
        con: The open warehouse.
        sql: Gives the column ``problem``.
        params: Its parameters.
    """
    counts = f"select count(*), count(problem) from ({sql}\n) as looked_at"
    try:
        n_rows, n_failed = con.execute(counts, list(params)).fetchall()[0]
    except (duckdb.CatalogException, duckdb.BinderException):
        return Counted(0, None)
    finally:
        con.complete()
    return Counted(int(n_rows), int(n_failed))


def _count(place: str, rule: Rule, floating: Collection[str]) -> str:
    if rule.kind == "row_count_min":
        return "0"
    if rule.kind == "unique_key":
        keys = ", ".join(f'"{column}"' for column in rule.columns)
        return (
            "(select coalesce(sum(n), 0) from"
            f" (select count(*) as n from {place} group by {keys} having count(*) > 1))"
        )
    return f"count(*) filter (where {breach(rule, floating)})"


def _alone(con: duckdb.DuckDBPyConnection, place: str, count: str) -> Counted:
    try:
        ((n_rows, n_failed),) = con.execute(f"select count(*), {count} from {place}").fetchall()
    except duckdb.Error:
        return Counted(row_count(con, place) or 0, None)
    finally:
        con.complete()
    return Counted(int(n_rows), int(n_failed))
