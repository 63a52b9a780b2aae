"""Positions without an end that a new register of positions no longer has.

How they are treated, they end at the last register that had them, is decided in the dbt project
(``stg_hr__positions``); here it is said, and a register that many have left at once is held: it is
probably half a file.
"""

from datetime import date

import polars as pl

from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.shapes import Note
from pipelines.warehouse.standing import CONTENT
from pipelines.words.messages import say
from pipelines.words.numbers import number_nb

CODE = "vanished_positions"
MIN_VANISHED = 6
"""Fewer positions than this hold no register."""

_JUDGED = ("hr", "positions")
_OPEN_BEFORE = f"""
with registers as (
    select d.delivery_id, d.register_date, min(d.seq) over (
        partition by d.feed_id, {CONTENT}
    ) as content_seq
    from ops.deliveries as d
    where d.feed_id = $1 and d.status = 'loaded' and d.register_date <= $2
),
newest as (
    select delivery_id, register_date from registers
    where exists (select 1 from hr.positions as p where p.delivery_id = registers.delivery_id)
    order by register_date desc, content_seq desc limit 1
)
select p.position_id, newest.register_date, bool_or(p.end_date is null) as has_no_end
from hr.positions as p
inner join newest on p.delivery_id = newest.delivery_id
where p.end_date is null or p.end_date > $2
group by all
"""
"""Positions that were to go on: one that was to end before the new register is rightly gone."""


def is_judged_by_position(delivered: DeliveredSet) -> bool:
    """Return whether a delivery is a register whose positions are followed one by one."""
    is_positions = (delivered.contract.id, delivered.table.name) == _JUDGED
    return is_positions and delivered.register_date is not None


def vanished_positions(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return a hold when too many open positions are gone from a new register.

    Args:
        delivered: A delivery of any table; only registers of positions are judged.
    """
    n_vanished, n_open, last = _vanished(delivered)
    n_ended = _ended(delivered) if n_open else 0
    n_gone, limit = n_vanished + n_ended, delivered.feed.max_vanished_pct
    if last is None or n_gone < MIN_VANISHED or 100 * n_gone <= limit * n_open:
        return ()
    share = number_nb(100 * n_gone / n_open, 0)
    ended = say("ingest.vanished.or_ended", n_ended=n_ended) if n_ended else ""
    return (
        Hold(
            CODE,
            say(
                "ingest.vanished.positions_vanished",
                n_gone=n_gone,
                n_open=n_open,
                share=share,
                last=last,
                ended=ended,
                limit=number_nb(limit, 0),
            ),
            say("ingest.vanished.half_register"),
        ),
    )


def told_vanished(delivered: DeliveredSet) -> tuple[Note, ...]:
    """Return a note with how many open positions are gone, and how they are treated.

    Args:
        delivered: A delivery of any table; only registers of positions are judged.
    """
    n_vanished, _, last = _vanished(delivered)
    if last is None or not n_vanished:
        return ()
    what = "stilling" if n_vanished == 1 else "stillinger"
    return (
        Note(
            CODE,
            say("ingest.vanished.positions_ended", n_vanished=n_vanished, what=what, last=last),
        ),
    )


def _vanished(delivered: DeliveredSet) -> tuple[int, int, date | None]:
    """Return how many open positions are gone, of how many, and the register that had them."""
    before = _open_before(delivered)
    if not before:
        return 0, 0, None
    now = set(delivered.taken(delivered.rows.select("position_id").unique())["position_id"])
    return sum(position not in now for position, *_ in before), len(before), before[0][1]


def _ended(delivered: DeliveredSet) -> int:
    """Return how many positions that had no end have one now that has passed already."""
    had_none = [position for position, _, has_no_end in _open_before(delivered) if has_no_end]
    last = pl.col("end_date").fill_null(date.max).max()
    ends = delivered.taken(delivered.rows.group_by("position_id").agg(last))
    ended = ends.filter(pl.col("end_date") <= delivered.register_date)
    return len(set(had_none) & set(ended["position_id"].to_list()))


def _open_before(delivered: DeliveredSet) -> list[tuple[str, date, bool]]:
    if not is_judged_by_position(delivered):
        return []
    return delivered.con.execute(
        _OPEN_BEFORE, [delivered.feed.id, delivered.register_date]
    ).fetchall()
