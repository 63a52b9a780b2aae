"""Which delivery counts, per feed and period: source tables as a function of ledger and landing.

The one place that decides it, for a new delivery, a withdrawal, an acceptance and a rebuild. Why a
delivery is held, rejected or withdrawn is decided elsewhere; here only its status is read.
"""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from pipelines.errors import DamagedError
from pipelines.ingest.landing import file_of, must_be, read_file
from pipelines.ingest.lost_rows import lost_periods
from pipelines.ingest.periods import ALL
from pipelines.ingest.registers import KEPT_TABLES
from pipelines.ingest.versions import VERSIONED_TABLES, Pair, counting, parts, present_parts
from pipelines.settings import Paths
from pipelines.warehouse.load import insert_file, insert_frame
from pipelines.warehouse.standing import CONTENT, READ_LATER
from pipelines.words.messages import say


class Table(NamedTuple):
    """A feed's rows in one source table."""

    contract_id: str
    table_name: str
    feed_id: str


class Reading(NamedTuple):
    """One delivery that may count.

    Attributes:
        delivery_id: The delivery.
        seq: When it was read.
        content: What the file is, see ``periods.content_id``; read anew, a file replaces its own
            earlier reading.
        rank: When the content first came; later content wins, also over what is read again.
        periods: ``YYYY-MM``, or ``all``.
    """

    delivery_id: str
    seq: int
    content: str
    rank: int
    periods: tuple[str, ...]


def standing(readings: Iterable[Reading], *, is_kept: bool = False) -> set[tuple[str, str]]:
    """Return the pairs of period and delivery that count.

    Of each content the last reading counts; content that came later replaces the periods it has,
    and ``all`` replaces everything that came before.

    Args:
        readings: A feed's deliveries that are neither held, rejected nor withdrawn.
        is_kept: Whether a delivery of ``all`` stands beside the earlier ones instead, see
            ``registers``.
    """
    found: dict[str, set[str]] = {}
    for reading in in_order(readings):
        if ALL in reading.periods and not is_kept:
            found.clear()
        for period in reading.periods:
            earlier = found.get(period, set()) if is_kept and period == ALL else set[str]()
            found[period] = earlier | {reading.delivery_id}
    return {(period, delivery_id) for period, ids in found.items() for delivery_id in ids}


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """Return the last reading of each content, in the order the contents first came."""
    newest: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda r: r.seq):
        newest[reading.content] = reading
    return sorted(newest.values(), key=lambda r: (r.rank, r.seq))


def readings_of(con: duckdb.DuckDBPyConnection, paths: Paths, table: Table) -> list[Reading]:
    """Return the deliveries of a feed that may count, in the order they were read.

    Periods whose rows somebody has said are lost are left out.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        table: The feed and its table.
    """
    lost = lost_periods(con, paths)
    rows = con.execute(
        f"select delivery_id, seq, {CONTENT} as content, periods, status,"
        f" min(seq) over (partition by {CONTENT}) as rank"
        " from ops.deliveries as d where feed_id = ? and contract_id = ? and table_name = ?"
        " order by seq",
        [table.feed_id, table.contract_id, table.table_name],
    ).fetchall()
    return [
        Reading(
            delivery_id,
            seq,
            content,
            rank,
            tuple(p for p in periods.split(",") if p and p not in lost.get(delivery_id, ())),
        )
        for delivery_id, seq, content, periods, status, rank in rows
        if status in {"loaded", "superseded"}
    ]


def refresh(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    table: Table,
    at_hand: Mapping[str, pl.DataFrame] | None = None,
) -> list[str]:
    """Let a feed's rows in its source table be those that count, and say so in the ledger.

    Only periods whose delivery has changed are touched; their rows come from landing.

    Args:
        con: The working warehouse, in a transaction.
        paths: The municipality's folders.
        table: The feed and its table.
        at_hand: Delivery -> its rows, where they need not be read from landing.

    Returns:
        The periods whose rows were replaced or removed.
    """
    _replace_held(con, table.feed_id)
    readings = readings_of(con, paths, table)
    name = f"{table.contract_id}.{table.table_name}"
    counted: dict[Pair, frozenset[str]] = {}
    if name in VERSIONED_TABLES:
        newest_first = ((r.delivery_id, r.periods) for r in reversed(in_order(readings)))
        counted = counting(con, paths, table.feed_id, table[:2], newest_first)
    wanted = standing(readings, is_kept=name in KEPT_TABLES)
    wanted |= {pair for pair, names in counted.items() if names}
    target = f'"{table.contract_id}"."{table.table_name}"'
    present = {
        (period, delivery_id)
        for period, delivery_id in con.execute(
            f"select distinct period_ym, delivery_id from {target} where feed_id = ?",
            [table.feed_id],
        ).fetchall()
    }
    there = present_parts(con, target, table.feed_id) if counted else {}
    other = {pair for pair in present & wanted & counted.keys() if there[pair] != counted[pair]}
    for period, delivery_id in sorted((present - wanted) | other):
        con.execute(
            f"delete from {target} where feed_id = ? and period_ym = ? and delivery_id = ?",
            [table.feed_id, period, delivery_id],
        )
    present -= other
    for reading in readings:
        mine = [p for p in sorted(reading.periods) if (p, reading.delivery_id) in wanted - present]
        if not mine:
            continue
        hand = (at_hand or {}).get(reading.delivery_id)
        in_parts = {owner for _, owner in counted}
        if hand is None and reading.delivery_id not in in_parts:
            _insert_landed(con, paths, table, reading.delivery_id, mine)
            continue
        rows = rows_of(con, paths, table, reading.delivery_id) if hand is None else hand
        is_mine = rows["period_ym"].is_in(mine)
        rows = rows if is_mine.all() else rows.filter(is_mine)
        insert_frame(con, name, _counting_rows(rows, reading.delivery_id, counted))
    _mark(con, readings, {delivery_id for _, delivery_id in wanted})
    return sorted({period for period, _ in wanted ^ present})


def rows_of(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    table: Table,
    delivery_id: str,
) -> pl.DataFrame:
    """Return the rows of one delivery as they were read, each file held against its checksum.

    Args:
        con: The working warehouse.
        paths: The municipality's folders.
        table: The delivery's feed and table.
        delivery_id: The delivery; it has rows.

    Raises:
        DamagedError: a file is gone, or is not what was written.
    """
    files = _files_of(con, paths, table, delivery_id)
    return pl.concat([read_file(file, sha) for _, file, sha in files], how="diagonal_relaxed")


def _insert_landed(
    con: duckdb.DuckDBPyConnection,
    paths: Paths,
    table: Table,
    delivery_id: str,
    periods: Container[str],
) -> None:
    """Append a delivery's rows of some periods; none of them is held here, however many."""
    for period, file, sha256 in _files_of(con, paths, table, delivery_id):
        must_be(file, sha256)
        if period in periods:
            insert_file(con, f"{table.contract_id}.{table.table_name}", file)


def _files_of(
    con: duckdb.DuckDBPyConnection, paths: Paths, table: Table, delivery_id: str
) -> list[tuple[str, Path, str]]:
    landed = con.execute(
        "select period_ym, sha256 from ops.landing_files where delivery_id = ? order by period_ym",
        [delivery_id],
    ).fetchall()
    lost = lost_periods(con, paths).get(delivery_id, frozenset())
    files = [
        (period, file_of(paths, table.contract_id, table.table_name, delivery_id, period), sha256)
        for period, sha256 in landed
        if period not in lost
    ]
    if not files:
        raise DamagedError(
            say("ingest.in_force.counts_without_rows"),
            where=delivery_id,
            way_out=say("ingest.in_force.bring_landing_back"),
        )
    return files


def _counting_rows(
    rows: pl.DataFrame, delivery_id: str, counted: Mapping[Pair, frozenset[str]]
) -> pl.DataFrame:
    """Return the rows of the parts that count; a period that is not in ``counted`` counts whole."""
    mine = {period: names for (period, owner), names in counted.items() if owner == delivery_id}
    if not mine:
        return rows
    key = [f"{period} {name}" for period, names in mine.items() for name in names]
    named = rows["period_ym"] + " " + parts(rows)
    return rows.filter(named.is_in(key) | ~rows["period_ym"].is_in(list(mine)))


def _replace_held(con: duckdb.DuckDBPyConnection, feed_id: str) -> None:
    # what was held counts when the same content, read anew, does
    con.execute(
        "update ops.deliveries as d set status = 'superseded'"
        " where d.feed_id = ? and d.status = 'held' and exists ("
        f"   select 1 from ops.deliveries as later where {READ_LATER}"
        "   and later.status in ('loaded', 'superseded'))",
        [feed_id],
    )


def _mark(con: duckdb.DuckDBPyConnection, readings: Iterable[Reading], in_force: set[str]) -> None:
    known = list(readings)
    last = {reading.content: reading.delivery_id for reading in known}
    loaded = {
        reading.delivery_id
        for reading in known
        if reading.delivery_id in in_force
        or (not reading.periods and last[reading.content] == reading.delivery_id)
    }
    for status, ids in (
        ("loaded", sorted(loaded)),
        ("superseded", sorted({r.delivery_id for r in known} - loaded)),
    ):
        con.execute(
            "update ops.deliveries set status = ? where status <> ?"
            " and list_contains(?, delivery_id)",
            [status, status, ids],
        )
