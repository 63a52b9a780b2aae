"""What a delivery changes: rows and sums per period and unit, before it and with it.

Sums and counts only, never a row; where a table tells of persons, a group below the limit is
hidden. Nothing here decides what counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts.shapes import Contract
from pipelines.contracts.shapes import Table as ContractTable
from pipelines.ingest.in_force import Reading, Table, in_order, readings_of, rows_of, standing
from pipelines.ingest.landing import UNIT_COLUMNS
from pipelines.ingest.lost_rows import lost_periods
from pipelines.ingest.periods import ALL
from pipelines.ingest.registers import KEPT_TABLES
from pipelines.ingest.versions import VERSIONED_TABLES, counting, landed_parts, parts
from pipelines.settings import Paths
from pipelines.warehouse.standing import CONTENT
from pipelines.words.messages import say

_KINDS = ("measure_id", "amount_type", "definition")
"""Columns that say what a figure is: figures of different kinds are never added up."""
_COUNTS_OF_PERSONS = ("n_persons", "n_respondents")
_KEYS = ("period_ym", "unit_id", "kind")
_WHOLE = frozenset({""})
"""The parts of a table that has no versions."""
_Owners = dict[str, dict[str, frozenset[str]]]
"""Period -> delivery -> the parts of it that count."""
ROWS, CHANGED, DAYS = (
    "rader",
    say("ingest.compare.changed_rows"),
    say("ingest.compare.days_from_and_with"),
)


@dataclass(frozen=True)
class Effect:
    """What one delivery does to its feed.

    Attributes:
        replaced: Period -> the delivery that counted, or was the newest register, before it;
            several, with commas, where it replaces parts of each. What stands beside it, as an
            earlier version of a budget does, is not replaced.
        replaced_by: Period -> the delivery that counts now, where that is another, likewise.
        in_force: The periods it counts for now, also where only some of its rows do.
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
    own = _reading(con, paths, feed_id, delivery_id)
    table_name = con.execute(
        "select table_name from ops.deliveries where delivery_id = ?", [delivery_id]
    ).fetchall()[0][0]
    table = Table(contract.id, table_name, feed_id)
    readings = readings_of(con, paths, table)
    mine = {period: _parts_of(con, paths, table, delivery_id, period) for period in own.periods}
    # also its own content as it was read before: what another reading of it changes
    before = [r for r in readings if (r.rank, r.seq) < (own.rank, own.seq)]
    earlier = _owners(con, paths, table, before)
    now = _owners(con, paths, table, readings)
    replaced = {
        period: _meeting(owners, mine.get(period, frozenset()) | mine.get(ALL, frozenset()))
        for period, owners in earlier.items()
    }
    later = {r.delivery_id for r in readings if (r.rank, r.seq) > (own.rank, own.seq)}
    replaced_by = {
        period: _meeting(
            {d: now[p][d] for p in (period, ALL) for d in now.get(p, {}) if d in later}, names
        )
        for period, names in mine.items()
    }
    after = _rows(con, paths, table, {period: {delivery_id: mine[period]} for period in mine})
    return Effect(
        replaced=_named(replaced),
        replaced_by=_named(replaced_by),
        in_force=[p for p in own.periods if delivery_id in now.get(p, {})],
        changes=_changes(
            _rows(con, paths, table, replaced), after, contract.tables[table_name], min_persons
        ),
    )


def _parts_of(
    con: duckdb.DuckDBPyConnection, paths: Paths, table: Table, delivery_id: str, period: str
) -> frozenset[str]:
    if f"{table.contract_id}.{table.table_name}" not in VERSIONED_TABLES:
        return _WHOLE
    return landed_parts(con, paths, table[:2], delivery_id, period)


def _owners(
    con: duckdb.DuckDBPyConnection, paths: Paths, table: Table, readings: list[Reading]
) -> _Owners:
    """Return whose rows count of each period, and which parts of them."""
    name = f"{table.contract_id}.{table.table_name}"
    if name not in VERSIONED_TABLES:
        # registers stand beside each other: one is compared with the one before it
        order = {reading.delivery_id: (reading.rank, reading.seq) for reading in readings}
        pairs = standing(readings, is_kept=name in KEPT_TABLES)
        newest = dict(sorted(pairs, key=lambda pair: order[pair[1]]))
        return {period: {owner: _WHOLE} for period, owner in newest.items()}
    newest_first = ((r.delivery_id, r.periods) for r in reversed(in_order(readings)))
    counted = counting(con, paths, table.feed_id, table[:2], newest_first)
    found: _Owners = {}
    for period, owner in sorted(standing(readings) | counted.keys()):
        names = counted.get((period, owner))
        names = _parts_of(con, paths, table, owner, period) if names is None else names
        if names:
            found.setdefault(period, {})[owner] = names
    return found


def _meeting(
    owners: Mapping[str, frozenset[str]], names: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the owners that have some of the same parts, and which."""
    return {owner: own & names for owner, own in owners.items() if own & names}


def _named(owners: _Owners) -> dict[str, str]:
    return {period: ", ".join(sorted(names)) for period, names in owners.items() if names}


def _reading(
    con: duckdb.DuckDBPyConnection, paths: Paths, feed_id: str, delivery_id: str
) -> Reading:
    seq, content, periods, rank = con.execute(
        "select seq, content, periods, rank from ("
        f" select *, {CONTENT} as content, min(seq) over (partition by {CONTENT}) as rank"
        " from ops.deliveries as d where feed_id = ?) where delivery_id = ?",
        [feed_id, delivery_id],
    ).fetchall()[0]
    lost = lost_periods(con, paths).get(delivery_id, frozenset())
    there = tuple(p for p in periods.split(",") if p and p not in lost)
    return Reading(delivery_id, seq, content, rank, there)


def _rows(
    con: duckdb.DuckDBPyConnection, paths: Paths, table: Table, wanted: _Owners
) -> pl.DataFrame:
    """Return the rows of the wanted periods and parts, of every delivery that has some."""
    found = []
    for delivery_id in sorted({owner for owners in wanted.values() for owner in owners}):
        rows = rows_of(con, paths, table, delivery_id)
        for period, owners in wanted.items():
            if not (names := owners.get(delivery_id, frozenset())):
                continue
            part = rows.filter(pl.col("period_ym") == period)
            found.append(part if names == _WHOLE else part.filter(parts(part).is_in(list(names))))
    return pl.concat(found, how="diagonal_relaxed") if found else pl.DataFrame()


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
