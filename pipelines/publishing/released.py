"""What an edition rests on although somebody or something doubted it: who let it through, and why.

What is released is decided in ``pipelines.ingest`` and ``pipelines.quality``; here it is counted as
the edition is made, and read back from it.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.desk.generations import Generation
from pipelines.publishing.contents import open_generation
from pipelines.publishing.files import file_of
from pipelines.settings import Paths
from pipelines.warehouse.table_sql import columns_by_table

_NEWEST_RUN = "run_id = (select max_by(run_id, run_at) from {checks})"
_RELEASED = """
select 'delivery' as kind, delivery_id || ' ' || file_name as name, released_by as by,
    release_reason as reason, release_expires_on as expires_on
from {deliveries}
where released_by is not null and status = 'loaded'
union all
select 'check', contract_id || '.' || table_name || '.' || rule_id, released_by, release_reason,
    release_expires_on
from {checks}
where released_by is not null and {newest}
order by expires_on nulls last, name
"""


@dataclass(frozen=True)
class Released:
    """One thing that counts although it was in doubt.

    Attributes:
        kind: ``delivery`` or ``check``.
        name: The delivery's number and file, or ``contract.table.rule``.
        by: The accounts that let it through, with a comma between.
        reason: Why, in the person's own words.
        expires_on: The last day it counts; ``None`` for a delivery that counts for good.
    """

    kind: str
    name: str
    by: str
    reason: str
    expires_on: date | None


def released_now(con: duckdb.DuckDBPyConnection) -> list[Released]:
    """Return what is about to be published in spite of a doubt; the first to expire comes first.

    Args:
        con: The open warehouse; one without the ledger's views holds nothing.
    """
    if ("ops", "released_deliveries") not in columns_by_table(con):
        return []
    return _read(con, "ops.released_deliveries", "ops.quality_results")


def released_in(paths: Paths, generation: Generation) -> list[Released]:
    """Return what an edition rests on in spite of a doubt; nothing in one from before it was told.

    Args:
        paths: The municipality's folders.
        generation: Which edition.
    """
    with open_generation(file_of(paths, generation)) as con:
        there = columns_by_table(con)
        tables = ("mart_deliveries", "mart_data_quality")
        if not all("released_by" in there.get(("main", table), ()) for table in tables):
            return []
        return _read(con, *tables)


def _read(con: duckdb.DuckDBPyConnection, deliveries: str, checks: str) -> list[Released]:
    newest = _NEWEST_RUN.format(checks=checks)
    sql = _RELEASED.format(deliveries=deliveries, checks=checks, newest=newest)
    return [Released(*row) for row in con.execute(sql).fetchall()]
