"""Units that a new list of units no longer has: told when it is read, not only asked about later.

What then becomes of them is decided in the dbt project; `pukk status` asks until somebody says it.
"""

from pipelines.contracts.organisation import REGISTER
from pipelines.ingest.delivered_set import DeliveredSet
from pipelines.ingest.periods import ALL
from pipelines.ingest.shapes import Note
from pipelines.words.messages import say

CODE = "units_gone"
_SHOWN = 8
_LAST_LIST = """
with lists as (
    select distinct u.delivery_id, u.period_ym, d.seq
    from organisation.units as u
    inner join ops.deliveries as d on u.delivery_id = d.delivery_id
    where u.feed_id = ?
),
last_list as (
    select delivery_id, period_ym from lists order by period_ym <> 'all', period_ym desc, seq desc
    limit 1
)
select u.unit_id, u.unit_name, u.period_ym
from organisation.units as u
inner join last_list using (delivery_id, period_ym)
where u.valid_to is null
    and not exists (
        select 1 from organisation.unit_changes as c
        where c.from_unit_id = u.unit_id and c.change_type <> 'move'
    )
order by u.unit_id
"""


def told_units_gone(delivered: DeliveredSet) -> tuple[Note, ...]:
    """Return a note with the units that the list before had and this one has not, at most one.

    Args:
        delivered: A delivery of any table; only lists of units are judged.
    """
    if (delivered.contract.id, delivered.table.name) != REGISTER:
        return ()
    before = delivered.con.execute(_LAST_LIST, [delivered.feed.id]).fetchall()
    valid = delivered.taken(delivered.rows.select("unit_id", "period_ym").unique())
    newest = max(valid["period_ym"].to_list(), default="")
    # months that are loaded backwards lack the units that came later
    if not before or (ALL not in {newest, before[0][2]} and newest <= before[0][2]):
        return ()
    now = set(valid["unit_id"].to_list())
    gone = [f"{unit} {name}" for unit, name, _ in before if unit not in now]
    if not gone:
        return ()
    more = (
        say("ingest.units_gone.and_more", n_gone=len(gone) - _SHOWN) if len(gone) > _SHOWN else ""
    )
    return (
        Note(
            CODE,
            say("ingest.units_gone.units_left_register", gone=", ".join(gone[:_SHOWN]), more=more),
        ),
    )
