"""Accounts, original budget and each version of a revised budget are parts of a month's delivery.

A later file replaces the parts it has and leaves the others: a council's new version comes in a
file of its own. Which version of a line counts is decided in the dbt project.
"""

from collections.abc import Iterable, Mapping

import duckdb
import polars as pl

from pipelines.ingest.landing import file_of, read_file
from pipelines.ingest.periods import ALL
from pipelines.settings import Paths

VERSIONED_TABLES = frozenset({"ledger.entries"})
"""Tables whose rows of a period come in parts."""

PART_SQL = (
    "case when amount_type = 'accounts' then 'accounts' else concat(amount_type, '|',"
    " coalesce(budget_version, cast(decided_date as varchar), '')) end"
)
"""The name of a row's part."""

KIND = "amount_type"
_LAID_OVER = "revised_budget"
"""A version of it may hold the changed lines alone, so its size says nothing about the file."""

Pair = tuple[str, str]
_VERSION = ("budget_version", "decided_date")


def parts(rows: pl.DataFrame) -> pl.Series:
    """Return the name of each row's part, as ``PART_SQL`` gives it.

    Args:
        rows: Rows of a versioned table; columns that no row has may be missing.
    """
    named = [pl.col(name).cast(pl.String) for name in _VERSION if name in rows.columns]
    version = pl.coalesce(*named, pl.lit(""))
    # accounts are decided by nobody, whatever stands in those columns
    budget = pl.concat_str("amount_type", pl.lit("|"), version)
    is_accounts = pl.col("amount_type") == "accounts"
    return rows.select(pl.when(is_accounts).then(pl.lit("accounts")).otherwise(budget)).to_series()


def kinds_in(table: str) -> tuple[str, ...]:
    """Return the column that tells the kinds of a table's rows apart, if it has versions."""
    return (KIND,) if table in VERSIONED_TABLES else ()


def parts_in(table: str) -> tuple[str, ...]:
    """Return the columns that make the parts of a table, if it has versions."""
    return (KIND, *_VERSION) if table in VERSIONED_TABLES else ()


def comparable(rows: pl.LazyFrame, table: str) -> pl.LazyFrame:
    """Return the rows that can be held against what a feed usually holds.

    Args:
        rows: Rows of a delivery.
        table: ``contract.table``; rows of a table without versions come back as they are.
    """
    return rows.filter(pl.col(KIND) != _LAID_OVER) if table in VERSIONED_TABLES else rows


def laid_over(rows: pl.LazyFrame, table: str) -> pl.LazyFrame:
    """Return the other rows: versions that may hold the changed lines alone.

    Args:
        rows: Rows of a delivery.
        table: ``contract.table``.
    """
    return rows.filter(pl.col(KIND) == _LAID_OVER) if table in VERSIONED_TABLES else rows.clear()


def same_kinds(rows: pl.DataFrame, table: str) -> tuple[str, list[list[str]]]:
    """Return an SQL condition, with its parameters, for rows of the kinds that are compared.

    A file of accounts alone is not held against accounts and budgets together.

    Args:
        rows: What was counted of what ``comparable`` returned, with ``kinds_in``.
        table: ``contract.table``.
    """
    if table not in VERSIONED_TABLES:
        return "true", []
    return f"list_contains(?, {KIND})", [rows[KIND].unique().sort().to_list()]


def counting(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    feed_id: str,
    table: tuple[str, str],
    newest_first: Iterable[tuple[str, tuple[str, ...]]],
) -> dict[Pair, frozenset[str]]:
    """Return which parts count of each period and delivery, where several have had the period.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        feed_id: The feed.
        table: Its contract and table.
        newest_first: Each delivery that may count, with its periods.

    Returns:
        An entry for every pair of a shared period, also without any part; other pairs count whole.

    Raises:
        DamagedError: a file in landing is gone, or is not what was written.
    """
    shared = _shared(con, feed_id, table)
    found: dict[Pair, frozenset[str]] = {}
    taken: dict[str, frozenset[str]] = {}
    closed: set[str] = set()
    for delivery_id, periods in newest_first:
        for period in periods:
            if period not in shared:
                continue
            has = landed_parts(con, paths, table, delivery_id, period)
            over = {period, ALL} & closed
            gone = taken.get(period, frozenset()) | taken.get(ALL, frozenset())
            found[period, delivery_id] = frozenset() if over else has - gone
        for period in set(periods) & shared:
            has = landed_parts(con, paths, table, delivery_id, period)
            taken[period] = taken.get(period, frozenset()) | has
            # a delivery that says a month is empty empties it
            closed |= set() if has else {period}
    return found


def present_parts(
    con: duckdb.DuckDBPyConnection, target: str, feed_id: str
) -> Mapping[Pair, frozenset[str]]:
    """Return the parts that lie in the source table, by period and delivery."""
    rows = con.execute(
        f"select period_ym, delivery_id, list(distinct {PART_SQL}) from {target}"
        " where feed_id = ? group by all",
        [feed_id],
    ).fetchall()
    return {(period, delivery): frozenset(names) for period, delivery, names in rows}


def _shared(con: duckdb.DuckDBPyConnection, feed_id: str, table: tuple[str, str]) -> set[str]:
    # also with deliveries that were withdrawn: what they had replaced comes back
    rows = con.execute(
        "select period, count(*) from ("
        " select unnest(string_split(periods, ',')) as period from ops.deliveries"
        " where feed_id = ? and contract_id = ? and table_name = ? and periods <> '')"
        " group by period",
        [feed_id, *table],
    ).fetchall()
    everything = {period for period, _ in rows}
    return everything if ALL in everything else {period for period, n in rows if n > 1}


def landed_parts(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    table: tuple[str, str],
    delivery_id: str,
    period: str,
) -> frozenset[str]:
    """Return the parts one delivery has rows of in a period.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        table: The contract and table.
        delivery_id: The delivery.
        period: ``YYYY-MM`` or ``all``.

    Raises:
        DamagedError: the file in landing is gone, or is not what was written.
    """
    file = file_of(paths, *table, delivery_id, period)
    landed = con.execute(
        "select sha256 from ops.landing_files where delivery_id = ? and period_ym = ?",
        [delivery_id, period],
    ).fetchall()
    if landed:
        # a file that is gone is no empty month: it must not empty what others delivered
        return frozenset(parts(read_file(file, landed[0][0])))
    if not file.exists():
        return frozenset()
    columns = [name for name in ("amount_type", *_VERSION) if name in pl.read_parquet_schema(file)]
    return frozenset(parts(pl.read_parquet(file, columns=columns)))
