"""What a delivery changes: rows and sums per period and unit, before it and with it.

Sums and counts only, never a row; where a table tells of persons, a group below the limit is
hidden. Nothing here decides what counts.
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts.shapes import Contract
from pipelines.contracts.shapes import Table as ContractTable
from pipelines.ingest.in_force import Reading, Table, readings_of, rows_of, standing
from pipelines.ingest.landing import UNIT_COLUMNS
from pipelines.ingest.periods import ALL
from pipelines.ingest.registers import KEPT_TABLES
from pipelines.ingest.versions import VERSIONED_TABLES, parts
from pipelines.settings import Paths

_KINDS = ("measure_id", "amount_type", "definition")
"""Columns that say what a figure is: figures of different kinds are never added up."""
_COUNTS_OF_PERSONS = ("n_persons", "n_respondents")
_KEYS = ("period_ym", "unit_id", "kind")
ROWS, CHANGED, DAYS = "rader", "endrede rader", "dager fra og med til og med"


@dataclass(frozen=True)
class Effect:
    """What one delivery does to its feed.

    Attributes:
        replaced: Period -> the delivery that counted, or was the newest register, before it.
        replaced_by: Period -> the delivery that counts now, where that is another.
        in_force: The periods it counts for now.
        changes: ``period_ym``, ``unit_id``, ``kind``, ``measure``, ``before``, ``after`` (Float64,
            null when there is nothing), ``is_hidden``: one row per sum, changed or not.
    """

    replaced: dict[str, str]
    replaced_by: dict[str, str]
    in_force: list[str]
    changes: pl.DataFrame


def effect_of(  # noqa: PLR0913 - where it is read, which delivery, what may be shown
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    contract: Contract,
    feed_id: str,
    delivery_id: str,
    min_persons: int,
) -> Effect:
    """Compare a delivery that was read with what counted before it.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        contract: The delivery's contract.
        feed_id: Its feed.
        delivery_id: The delivery; it has rows in landing, also when it is held or withdrawn.
        min_persons: The smallest group of persons that may be shown.
    """
    own = _reading(con, feed_id, delivery_id)
    table_name = con.execute(
        "select table_name from ops.deliveries where delivery_id = ?", [delivery_id]
    ).fetchall()[0][0]
    table = Table(contract.id, table_name, feed_id)
    readings = readings_of(con, paths, table)
    is_kept = f"{contract.id}.{table_name}" in KEPT_TABLES
    earlier = _newest([r for r in readings if r.rank < own.rank], is_kept=is_kept)
    now = _newest(readings, is_kept=is_kept)
    is_whole = ALL in own.periods
    replaced = {p: d for p, d in earlier.items() if is_whole or p in own.periods}
    before = _rows(con, paths, table, replaced)
    after = _rows(con, paths, table, dict.fromkeys(own.periods, delivery_id))
    if f"{contract.id}.{table_name}" in VERSIONED_TABLES and not before.is_empty():
        # other versions of a budget stand beside it
        before = before.filter(parts(before).is_in(parts(after).unique().to_list()))
    return Effect(
        replaced=replaced,
        replaced_by={p: now[p] for p in own.periods if now.get(p, delivery_id) != delivery_id},
        in_force=[period for period in own.periods if now.get(period) == delivery_id],
        changes=_changes(before, after, contract.tables[table_name], min_persons),
    )


def _newest(readings: list[Reading], *, is_kept: bool) -> dict[str, str]:
    # registers stand beside each other: one is compared with the one before it
    order = {reading.delivery_id: (reading.rank, reading.seq) for reading in readings}
    pairs = standing(readings, is_kept=is_kept)
    return dict(sorted(pairs, key=lambda pair: order[pair[1]]))


def _reading(con: duckdb.DuckDBPyConnection, feed_id: str, delivery_id: str) -> Reading:
    seq, content, periods, rank = con.execute(
        "select d.seq, coalesce(d.content_id, d.file_sha256), d.periods,"
        " (select min(e.seq) from ops.deliveries as e where e.feed_id = d.feed_id and"
        " coalesce(e.content_id, e.file_sha256) = coalesce(d.content_id, d.file_sha256))"
        " from ops.deliveries as d where d.feed_id = ? and d.delivery_id = ?",
        [feed_id, delivery_id],
    ).fetchall()[0]
    return Reading(delivery_id, seq, content, rank, tuple(filter(None, periods.split(","))))


def _rows(
    con: duckdb.DuckDBPyConnection, paths: Paths, table: Table, wanted: dict[str, str]
) -> pl.DataFrame:
    parts = []
    for delivery_id in sorted(set(wanted.values())):
        periods = [period for period, owner in wanted.items() if owner == delivery_id]
        rows = rows_of(con, paths, table, delivery_id)
        parts.append(rows.filter(pl.col("period_ym").is_in(periods)))
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()


def _changes(
    before: pl.DataFrame, after: pl.DataFrame, table: ContractTable, limit: int
) -> pl.DataFrame:
    shown = _long(before, table, limit).join(
        _long(after, table, limit),
        on=[*_KEYS, "measure"],
        how="full",
        coalesce=True,
        nulls_equal=True,
        suffix="_after",
    )
    hidden = (
        shown.group_by(_KEYS)
        .agg(pl.any_horizontal("is_small", "is_small_after").any().alias("is_hidden"))
        .with_columns(pl.col("is_hidden").fill_null(value=False))
    )
    found = shown.join(hidden, on=_KEYS, nulls_equal=True).select(
        *_KEYS,
        "measure",
        *(
            pl.when(~pl.col("is_hidden")).then(pl.col(name)).alias(alias)
            for name, alias in (("amount", "before"), ("amount_after", "after"))
        ),
        "is_hidden",
    )
    changed = _changed_rows(before, after, table).join(hidden, on=_KEYS, nulls_equal=True)
    counted = changed.select(
        *_KEYS,
        pl.lit(CHANGED).alias("measure"),
        pl.lit(None, dtype=pl.Float64).alias("before"),
        pl.when(~pl.col("is_hidden")).then(pl.col("amount")).alias("after"),
        "is_hidden",
    )
    return pl.concat([found, counted]).sort(*_KEYS, "measure", nulls_last=True)


def _keyed(rows: pl.DataFrame, table: ContractTable) -> pl.DataFrame:
    unit = next((name for name in UNIT_COLUMNS if name in table.column_names), None)
    kind = next((name for name in _KINDS if name in table.column_names), None)
    absent = [
        pl.lit(None, dtype=pl.String).alias(name)
        for name in (*table.column_names, "period_ym")
        if name not in rows.columns
    ]
    return rows.with_columns(absent).with_columns(
        (pl.col(unit) if unit else pl.lit(None, dtype=pl.String)).alias("unit_id"),
        (pl.col(kind) if kind else pl.lit(None, dtype=pl.String)).alias("kind"),
    )


def _long(rows: pl.DataFrame, table: ContractTable, limit: int) -> pl.DataFrame:
    keyed = _keyed(rows, table)
    names = measures_of(table)
    sums = [pl.len().cast(pl.Float64).alias(ROWS)]
    sums += [pl.col(name).cast(pl.Float64).sum().alias(name) for name in names]
    if {"start_date", "end_date"} <= set(table.column_names):
        span = pl.col("end_date").cast(pl.Date) - pl.col("start_date").cast(pl.Date)
        sums.append((span.dt.total_days() + 1).sum().cast(pl.Float64).alias(DAYS))
    grouped = keyed.group_by(_KEYS).agg(*sums, _is_small(table, limit).alias("is_small"))
    wide = [name for name in grouped.columns if name not in {*_KEYS, "is_small"}]
    return grouped.unpivot(
        on=wide, index=[*_KEYS, "is_small"], variable_name="measure", value_name="amount"
    )


def measures_of(table: ContractTable) -> list[str]:
    """Return the columns of a table that can be added up: amounts and counts, never numbers."""
    return [
        column.name
        for column in table.columns
        if column.logical_type == "number"
        or (column.logical_type == "integer" and column.name.startswith("n_"))
    ]


def _is_small(table: ContractTable, limit: int) -> pl.Expr:
    if "person_id" in table.column_names:
        return pl.col("person_id").n_unique() < limit
    told = [name for name in _COUNTS_OF_PERSONS if name in table.column_names]
    if told:
        return (pl.col(told[0]).cast(pl.Int64).min() < limit).fill_null(value=False)
    return pl.lit(value=False)


def _changed_rows(before: pl.DataFrame, after: pl.DataFrame, table: ContractTable) -> pl.DataFrame:
    sides = []
    for rows, sign in ((before, -1), (after, 1)):
        keyed = _keyed(rows, table)
        # as text, so that a side without rows has the types of the other
        content = pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in table.column_names],
            separator="\x1f",
        )
        sides.append(keyed.select(*_KEYS, content.alias("content"), pl.lit(sign).alias("sign")))
    surplus = (
        pl.concat(sides).group_by(*_KEYS, "content").agg(pl.col("sign").sum().alias("surplus"))
    )
    return surplus.group_by(_KEYS).agg(
        pl.max_horizontal(
            pl.col("surplus").clip(lower_bound=0).sum(),
            (-pl.col("surplus")).clip(lower_bound=0).sum(),
        )
        .cast(pl.Float64)
        .alias("amount")
    )
