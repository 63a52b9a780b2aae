"""Accounts whose periods are quarters: numbers 1 to 4 that would be read as January to April."""

import polars as pl

from pipelines.contracts.times import PERIOD, YEAR
from pipelines.ingest.delivered_set import DeliveredSet, Hold
from pipelines.ingest.versions import KIND, comparable
from pipelines.words.messages import say

_QUARTERS = frozenset({1, 2, 3, 4})


def judge_quarter_periods(delivered: DeliveredSet) -> tuple[Hold, ...]:
    """Return the doubt about years that have the periods 1 to 4 and no other, at most one.

    A feed that has ever had a later period has months; so has a year that is not over.

    Args:
        delivered: The delivery.
    """
    if not {YEAR, PERIOD} <= set(delivered.table.column_names):
        return ()
    rows = comparable(delivered.rows, delivered.table_path)
    has_kind = KIND in delivered.table.column_names
    key = [KIND, YEAR] if has_kind else [YEAR]
    periods = delivered.taken(
        rows.select(*key, PERIOD).unique().filter(pl.col(PERIOD).is_not_null())
    )
    mine = {
        (str(group[0]) if len(group) > 1 else "", int(str(group[-1]))): set(part[PERIOD])
        for group, part in periods.partition_by(key, as_dict=True).items()
    }
    before = _before(delivered, has_kind=has_kind)
    every = set().union(*mine.values(), *before.values())
    if max(every, default=0) > max(_QUARTERS):
        return ()
    over = sorted(
        {
            year
            for (kind, year), found in mine.items()
            if year < delivered.received_at.year
            and found | before.get((kind, year), set()) == _QUARTERS
        }
    )
    if not over:
        return ()
    years = ", ".join(map(str, over))
    return (
        Hold(
            "quarters",
            say("ingest.quarter_ledger.only_four_periods", years=years),
            say("ingest.quarter_ledger.deliver_months"),
        ),
    )


def _before(delivered: DeliveredSet, *, has_kind: bool) -> dict[tuple[str, int], set[int]]:
    kind = f'"{KIND}"' if has_kind else "''"
    rows = delivered.con.execute(
        f'select distinct {kind}, "{YEAR}", "{PERIOD}" from {delivered.table_path}'
        f' where feed_id = ? and "{PERIOD}" is not null',
        [delivered.feed.id],
    ).fetchall()
    found: dict[tuple[str, int], set[int]] = {}
    for name, year, period in rows:
        found.setdefault((name, year), set()).add(period)
    return found
