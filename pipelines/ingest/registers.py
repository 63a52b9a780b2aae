"""Registers over time: those of units, codes and positions are kept, never replaced by the next.

A unit or position that has left the newest register existed, and its figures are still read. Which
register a row is taken from, and when it began and ended, is decided in the dbt project.
"""

import duckdb
import polars as pl

from pipelines.warehouse.standing import CONTENT

KEPT_TABLES = frozenset(
    {
        "organisation.units",
        "organisation.unit_codes",
        "organisation.unit_changes",
        "hr.positions",
    }
)
"""Tables in which a delivery of everything stands beside the earlier ones."""

_CODES = f"""
with ranks as (
    select d.feed_id, {CONTENT} as content, min(d.seq) as rank
    from ops.deliveries as d
    group by all
),
listed as (
    select c.*, (c.period_ym, r.rank) as register
    from organisation.unit_codes c
    join ops.deliveries d on d.delivery_id = c.delivery_id
    join ranks r on r.feed_id = d.feed_id
        and r.content = {CONTENT}
)
select distinct
    o.code_system,
    o.code,
    o.unit_id,
    o.valid_from,
    least(o.valid_to, (
        select min(coalesce(n.valid_from, date '0001-01-01')) - 1
        from listed n
        where n.feed_id = o.feed_id and n.code_system = o.code_system and n.code = o.code
            and n.register > o.register
    )) as valid_to
from listed o
"""


def codes_over_time(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return what every code has meant: of each code the newest list that has it counts.

    What an earlier list says of the code stands for the days before the newer one begins. A code
    that the newest list has no longer keeps its meaning: rows from before are still read by it.

    Args:
        con: The working warehouse.

    Returns:
        ``code_system``, ``code``, ``unit_id`` (String), ``valid_from``, ``valid_to`` (Date).
    """
    query = (
        f"select * from ({_CODES}) "
        "where valid_to is null or valid_to >= coalesce(valid_from, date '0001-01-01') order by all"
    )
    found: pl.DataFrame = con.sql(query).pl()
    return found
