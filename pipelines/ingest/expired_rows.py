"""Rows about persons that are older than they may be, and which of them no figure needs.

History is computed anew every night from the rows, so a row that counts and tells of a published
month is needed. What is not needed can be deleted: rows of deliveries that were replaced or
withdrawn, rows that tell of the time before the municipality's first month alone, and rows of a
source whose sums are kept instead (``pipelines.retention.closing``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb
import polars as pl

from pipelines.contracts.retention import Rule, rule_of_rows
from pipelines.contracts.shapes import Contract
from pipelines.ingest.periods import ALL
from pipelines.ingest.plausible_time import months_after
from pipelines.ingest.rewriting import PersonFile, person_files
from pipelines.settings import Paths

MARGIN_MONTHS = 12
"""So long before the first month an absence may still be a part of one that lasts into it."""
_OPEN = "open"
_LAST = "__last"
_STANDS_ASIDE = ("superseded", "withdrawn")


@dataclass(frozen=True)
class Expired:
    """The rows of one file that are older than they may be.

    Attributes:
        file: The file.
        rule: How long its rows are kept.
        kept: The file's rows without those that no figure needs.
        n_deleted: How many those are.
        n_needed: How many more are too old, but needed.
        oldest: The last day the oldest of them tells of.
    """

    file: PersonFile
    rule: Rule
    kept: pl.DataFrame
    n_deleted: int
    n_needed: int
    oldest: date


def expired_rows(  # noqa: PLR0913 - what there is, and what keeps it
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    first_month: date,
    today: date,
    closing: Mapping[str, date] = MappingProxyType({}),
) -> list[Expired]:
    """Return the rows about persons that are older than they may be, file by file.

    What waits for a person to accept it is left alone: nobody has decided that it does not count.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        contracts: The source contracts by id.
        first_month: The municipality's first month.
        today: The day age is counted from.
        closing: Contracts whose sums are kept, and the day before which no row is needed then.

    Raises:
        ContractError: a contract does not say how long.
        DamagedError: a file in landing is gone or damaged.
    """
    told_on = _told_on(con)
    needed_from = months_after(first_month, -MARGIN_MONTHS)
    found = []
    for file in person_files(con, paths, contracts):
        status, told = told_on[file.delivery_id]
        if status in {"loaded", *_STANDS_ASIDE}:
            contract = contracts[file.contract_id]
            rule = rule_of_rows(contract, file.table_name)
            rows = file.rows()
            last = _last_day(rows, contract, file, told)
            is_old = last < rule.keeps_from(today)
            if is_old.any():
                first = max(needed_from, closing.get(file.contract_id, date.min))
                is_needed = (last >= first) & _counts(con, file)
                found.append(_of(file, rule, rows, last, is_old, is_needed))
    return found


def _of(  # noqa: PLR0913 - the rows, and what is known of each
    file: PersonFile,
    rule: Rule,
    rows: pl.DataFrame,
    last: pl.Series,
    is_old: pl.Series,
    is_needed: pl.Series,
) -> Expired:
    goes = is_old & ~is_needed
    return Expired(
        file=file,
        rule=rule,
        kept=rows.filter(~goes),
        n_deleted=int(goes.sum()),
        n_needed=int((is_old & is_needed).sum()),
        oldest=last.filter(is_old).min(),  # type: ignore[arg-type] # dates, and at least one
    )


def _told_on(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, date]]:
    rows = con.execute(
        "select delivery_id, status, coalesce(register_date, cast(received_at as date))"
        " from ops.deliveries"
    ).fetchall()
    return {name: (status, day) for name, status, day in rows}


def _last_day(rows: pl.DataFrame, contract: Contract, file: PersonFile, told: date) -> pl.Series:
    """Return the last day each row tells of: its end, or as far as the delivery knew."""
    if file.period_ym != ALL:
        year, month = (int(part) for part in file.period_ym.split("-"))
        # a whole year is month 0
        told = date(year + (month in {0, 12}), month % 12 + 1 if month else 1, 1)
    ends = [
        column.name
        for column in contract.tables[file.table_name].columns
        if column.time == _OPEN and column.name in rows.columns
    ]
    known = [pl.when(pl.col(name) <= told).then(pl.col(name)) for name in ends]
    return rows.select(pl.coalesce(*known, pl.lit(told)).alias(_LAST)).to_series()


def _counts(con: duckdb.DuckDBPyConnection, file: PersonFile) -> bool:
    return bool(
        con.execute(
            f'select 1 from "{file.contract_id}"."{file.table_name}"'
            " where delivery_id = ? and period_ym = ? limit 1",
            [file.delivery_id, file.period_ym],
        ).fetchall()
    )
