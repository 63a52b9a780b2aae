"""Deliveries about months whose rows are deleted for their age: what they gave is kept as it was.

Rows that come for such a month would be counted nowhere. A file of its own for the month is held,
and the decision that one does not count is refused; a file of everything is taken, and told about.
How months are closed is in ``pipelines.retention.closing``.
"""

from datetime import date

import duckdb
import polars as pl

from pipelines.contracts.retention import has_person_rows
from pipelines.errors import PukkError
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.periods import ALL
from pipelines.ingest.shapes import Note
from pipelines.warehouse.closed import closed_until
from pipelines.words.messages import say
from pipelines.words.numbers import counted_nb

CODE = "closed_months"
_PERIOD = "period_ym"
_SHOWN = 6


def judge_closed(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about a delivery for months that are closed, at most one.

    Args:
        delivered: The delivery.
    """
    until = _until(delivered)
    if until is None:
        return ()
    counted = delivered.taken(_closed(delivered.rows, until).group_by(_PERIOD).len())
    closed, n_rows = sorted(counted[_PERIOD].to_list()), int(counted["len"].sum())
    if not closed:
        return ()
    n_more = len(closed) - _SHOWN
    periods = ", ".join(closed[:_SHOWN])
    more = say("ingest.closed_months.and_more", n_more=n_more) if n_more > 0 else ""
    return (
        Hold(
            CODE,
            say(
                "ingest.closed_months.months_are_closed",
                rows=counted_nb(n_rows, "rad", "rader"),
                periods=f"{periods}{more}",
                until=f"{until:%Y-%m}",
            ),
            say("ingest.closed_months.deliver_open_months", until=f"{until:%Y-%m}"),
        ),
    )


def told_closed(delivered: DeliveredSet) -> tuple[Note, ...]:
    """Return a note about a file of everything with rows of closed months, at most one.

    Args:
        delivered: The delivery.
    """
    until = _until(delivered)
    if until is None:
        return ()
    old = delivered.rows.filter((pl.col(_PERIOD) == ALL) & (pl.col("end_date") < until))
    n_rows = int(delivered.taken(old.select(pl.len())).item())
    if not n_rows:
        return ()
    return (
        Note(
            CODE,
            say(
                "ingest.closed_months.old_rows_do_not_count",
                rows=counted_nb(n_rows, "rad", "rader"),
                until=f"{until:%Y-%m}",
            ),
        ),
    )


def refuse_closed(con: duckdb.DuckDBPyConnection, delivery_id: str) -> None:
    """Refuse a decision about a delivery of closed months alone: no figure would follow it.

    Of absences; a position that an old delivery tells of may last into months that are open.

    Args:
        con: The working warehouse.
        delivery_id: The delivery.

    Raises:
        PukkError: all it gave is kept as sums.
    """
    rows = con.execute(
        "select d.contract_id, max(f.period_ym) from ops.landing_files as f"
        " inner join ops.deliveries as d using (delivery_id)"
        " where delivery_id = ? and d.table_name = 'spells' group by d.contract_id",
        [delivery_id],
    ).fetchall()
    for contract_id, last in rows:
        until = closed_until(con, contract_id)
        if until is not None and last < f"{until:%Y-%m}":
            raise PukkError(
                say("ingest.closed_months.only_closed_months", until=f"{until:%Y-%m}"),
                where=delivery_id,
                way_out=say("ingest.closed_months.cannot_be_corrected"),
            )


def _until(delivered: DeliveredSet) -> date | None:
    if not has_person_rows(delivered.contract, delivered.table.name):
        return None
    return closed_until(delivered.con, delivered.contract.id)


def _closed(rows: pl.LazyFrame, until: date) -> pl.LazyFrame:
    # a whole year is month 0; everything is no month
    return rows.filter((pl.col(_PERIOD) != ALL) & (pl.col(_PERIOD) < f"{until:%Y-%m}"))
