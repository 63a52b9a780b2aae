"""Which rows about positions are needed once the sums of the months before a day are kept.

A position's life is told by several rows, in several registers, and a row that goes must not let
another take its place: the rows of a position go from its first on, and only where no row that
stays tells of the same days or of earlier ones. What an absence that is kept meets, or could not
meet, stays; so does a position that a realised gain refers to.
"""

from datetime import date

import duckdb
import polars as pl

KEYS = ("delivery_id", "period_ym", "position_id", "start_date")
"""What a row about a position is known by."""
_SCHEMA = dict.fromkeys(KEYS, pl.String) | {"start_date": pl.Date}
_NEEDED = """
with young as (
    select unnest($ids) as position_id, unnest($starts) as start_date
),

chosen as (
    select
        told.delivery_id, told.period_ym, told.position_id, told.start_date,
        spans.position_id is not null as is_span, spans.person_id, spans.end_date
    from staging.stg_hr__positions as told
    left join intermediate.int_hr__position_spans as spans
        on told.position_id = spans.position_id and told.start_date = spans.start_date
),

-- a row that lasts no day stands between those around it
lasting as (
    select position_id, start_date from chosen
    where case when is_span then coalesce(end_date >= $before, true) else start_date >= $before end
),

met as (
    select chosen.position_id, chosen.start_date
    from chosen
    inner join intermediate.int_sick_leave__matches as absences
        on chosen.person_id = absences.person_id and absences.end_date >= $absences_before
        and (
            absences.match_result <> 'matched'
            or (
                chosen.start_date <= absences.end_date
                and coalesce(chosen.end_date >= absences.start_date, true)
            )
        )
),

evidence as (
    select chosen.position_id, chosen.start_date
    from chosen
    inner join intermediate.int_gains__events as events
        on events.evidence_kind = 'position'
        and events.reference = upper(trim(chosen.position_id))
),

-- a row that stays though it is not in force would be, were those that overrule it gone
staying as (
    select young.position_id, case
        when chosen.position_id is null then date '0001-01-01' else young.start_date
    end as start_date
    from young
    left join chosen
        on young.position_id = chosen.position_id and young.start_date = chosen.start_date
),

kept as (
    select position_id, min(start_date) as from_start
    from (
        select * from lasting union all select * from met
        union all select * from evidence union all select * from staying
    ) as each
    group by position_id
)

select chosen.delivery_id, chosen.period_ym, chosen.position_id, chosen.start_date
from chosen
inner join kept
    on chosen.position_id = kept.position_id and chosen.start_date >= kept.from_start
"""


def positions_needed(
    con: duckdb.DuckDBPyConnection, young: pl.DataFrame, before: date, absences_before: date
) -> pl.DataFrame:
    """Return the rows about positions that figures are still computed from, by ``KEYS``.

    Args:
        con: The working warehouse, computed from the rows that are there now.
        young: position_id and start_date of the rows that are not too old.
        before: The day before which nothing a row tells is needed any more.
        absences_before: The same day of absences: those that last beyond it are kept.
    """
    keys = young.select("position_id", "start_date").unique()
    named = {
        "before": before,
        "absences_before": absences_before,
        "ids": keys["position_id"].to_list(),
        "starts": keys["start_date"].to_list(),
    }
    rows = con.execute(_NEEDED, named).fetchall()
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
