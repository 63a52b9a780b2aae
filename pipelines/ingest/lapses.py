"""Deliveries that were accepted until a day: held again when the day is over.

What a person decides is in ``decisions``. That a day has passed is a decision too, of the same
kind and in the same journal, so that what is replayed ends where the nights ended.
"""

from datetime import date

import duckdb

from pipelines.ingest.decisions import record_decision
from pipelines.settings import Paths
from pipelines.warehouse.releases import Release
from pipelines.warehouse.standing import ACCEPTED, CONTENT
from pipelines.words.messages import say

_BY = "pukk"
# of each content that counts, the acceptance whose last day was over last
_EXPIRED = f"""
select a.delivery_id, a.expires_on, a.decided_by
from ({ACCEPTED}) as a
where a.expires_on < ? and exists (
    select 1 from ops.deliveries as d
    where d.feed_id = a.feed_id and {CONTENT} = a.content
        and d.status in ('loaded', 'superseded')
)
qualify row_number() over (
    partition by a.feed_id, a.content order by a.expires_on desc, a.decided_at desc
) = 1
order by a.delivery_id
"""


def hold_expired(con: duckdb.DuckDBPyConnection, paths: Paths, today: date) -> tuple[str, ...]:
    """Hold again what was accepted until a day that is over; returns what was done, in bokmål.

    Args:
        con: The working warehouse, outside a transaction.
        paths: The municipality's folders.
        today: The day in Norway.
    """
    found = con.execute(_EXPIRED, [today]).fetchall()
    told = []
    for delivery_id, expires_on, by in found:
        why = say("ingest.lapses.expired", expires_on=expires_on, by=by)
        record_decision(con, paths, "lapse", delivery_id, Release(_BY, why, expires_on))
        told.append(say("ingest.lapses.held_again", delivery_id=delivery_id, expires_on=expires_on))
    return tuple(told)
