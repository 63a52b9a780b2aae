"""Deliveries that were accepted until a day: held again when the day is over.

What a person decides is in ``decisions``. That a day has passed is a decision too, of the same
kind and in the same journal, so that what is replayed ends where the nights ended.
"""

from datetime import date

import duckdb

from pipelines.ingest.decisions import record_decision
from pipelines.settings import Paths
from pipelines.warehouse.releases import Release
from pipelines.words.messages import say

_BY = "pukk"
# the newest decision about each content, when it is an acceptance whose last day is over
_EXPIRED = """
with ranked as (
    select c.delivery_id, c.action, c.expires_on, c.decided_by,
        row_number() over (
            partition by d.feed_id, coalesce(d.content_id, d.file_sha256)
            order by c.decided_at desc
        ) as newest_first
    from ops.decisions as c
    inner join ops.deliveries as d on c.delivery_id = d.delivery_id
    where c.action <> 'propose'
)
select delivery_id, expires_on, decided_by
from ranked
where newest_first = 1 and action = 'accept' and expires_on < ?
order by delivery_id
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
        record_decision(con, paths, "lapse", delivery_id, Release(_BY, why))
        told.append(say("ingest.lapses.held_again", delivery_id=delivery_id, expires_on=expires_on))
    return tuple(told)
