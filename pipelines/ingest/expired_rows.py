"""Rows about persons that are older than they may be, and which of them no figure needs.

History is computed anew every night from the rows, so a row that counts and tells of a published
month is needed. What is not needed can be deleted: rows of deliveries that were replaced or
withdrawn, rows that tell of the time before the municipality's first month alone, and rows of a
source whose sums are kept instead (``pipelines.retention.closing``; which of those about positions
is in ``positions_needed``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb
import polars as pl

from pipelines.contracts.retention import Rule, rule_of_rows
from pipelines.contracts.shapes import Contract
from pipelines.contracts.times import months_after
from pipelines.ingest.periods import ALL
from pipelines.ingest.positions_needed import KEYS, positions_needed
from pipelines.ingest.rewriting import PersonFile, person_files
from pipelines.settings import Paths
from pipelines.warehouse.closed import ABSENCES, POSITIONS

MARGIN_MONTHS = 12
"""So long before the first month an absence may still be a part of one that lasts into it."""
_OPEN = "open"
_LAST = "__last"
_NEEDED = "__needed"
_YOUNG = {"position_id": pl.String, "start_date": pl.Date}
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
        closing: Contracts whose sums are kept, and the day before which no row is needed then;
            positions only when the warehouse is computed from the rows that are there now.

    Raises:
        ContractError: a contract does not say how long.
        DamagedError: a file in landing is gone or damaged.
    """
    needed_from = months_after(first_month, -MARGIN_MONTHS)
    positions = _positions(con, paths, contracts, today, closing)
    found = []
    for read in _read(con, paths, contracts, today):
        if not read.is_old.any():
            continue
        if read.file.contract_id == POSITIONS and positions is not None:
            is_needed = _is_among(read, positions)
        else:
            first = max(needed_from, closing.get(read.file.contract_id, date.min))
            is_needed = (read.last >= first) & read.counts
        found.append(_of(read, is_needed))
    return found


@dataclass(frozen=True)
class _Read:
    file: PersonFile
    rule: Rule
    rows: pl.DataFrame
    last: pl.Series
    is_old: pl.Series
    counts: bool


def _read(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    today: date,
    of: str | None = None,
) -> Iterator[_Read]:
    """Yield each file of deliveries somebody has decided on, of one contract or of all."""
    told_on = _told_on(con)
    for file in person_files(con, paths, contracts):
        status, told = told_on[file.delivery_id]
        if status in {"loaded", *_STANDS_ASIDE} and of in {None, file.contract_id}:
            contract = contracts[file.contract_id]
            rule = rule_of_rows(contract, file.table_name)
            rows = file.rows()
            last = _last_day(rows, contract, file, told)
            is_old = last < rule.keeps_from(today)
            yield _Read(file, rule, rows, last, is_old, _counts(con, file))


def _positions(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contracts: Mapping[str, Contract],
    today: date,
    closing: Mapping[str, date],
) -> pl.DataFrame | None:
    """Return the rows about positions that are needed; ``None`` when sums are not kept of them."""
    before = closing.get(POSITIONS)
    if before is None:
        return None
    young = [
        read.rows.filter(~read.is_old).select("position_id", "start_date")
        for read in _read(con, paths, contracts, today, of=POSITIONS)
        if read.counts
    ]
    known = pl.concat(young) if young else pl.DataFrame(schema=_YOUNG)
    return positions_needed(con, known, before, closing.get(ABSENCES, before))


def _is_among(read: _Read, needed: pl.DataFrame) -> pl.Series:
    marked = needed.select(*KEYS, pl.lit(value=True).alias(_NEEDED))
    return (
        read.rows.select("position_id", "start_date")
        .with_columns(
            pl.lit(read.file.delivery_id).alias("delivery_id"),
            pl.lit(read.file.period_ym).alias("period_ym"),
        )
        .join(marked.unique(), on=list(KEYS), how="left", maintain_order="left")
        .get_column(_NEEDED)
        .fill_null(value=False)
    )


def _of(read: _Read, is_needed: pl.Series) -> Expired:
    goes = read.is_old & ~is_needed
    return Expired(
        file=read.file,
        rule=read.rule,
        kept=read.rows.filter(~goes),
        n_deleted=int(goes.sum()),
        n_needed=int((read.is_old & is_needed).sum()),
        oldest=read.last.filter(read.is_old).min(),  # type: ignore[arg-type] # dates, at least one
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
