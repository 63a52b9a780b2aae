"""What a run found against what the edition before it rested on: new, continuing, fixed or gone.

What a check of a run is, is judged in ``pipelines.warehouse.judged_results``; here is one run, with
what broke before and is no longer checked.
"""

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

# a check that is no longer made was broken the last time it was: silence is told too
_FINDINGS = """
with now as (
    select * from ops.judged_results where run_id = ?
),
before as (
    select * from ops.judged_results where run_id in (select run_before from now)
)
select coalesce(n.gate, b.gate) as gate,
    coalesce(n.contract_id, b.contract_id) as contract_id,
    coalesce(n.contract_version, b.contract_version) as contract_version,
    coalesce(n.table_name, b.table_name) as table_name,
    coalesce(n.rule_id, b.rule_id) as rule_id,
    coalesce(n.column_name, b.column_name) as column_name,
    coalesce(n.severity, b.severity) as severity,
    coalesce(n.promised_nb, b.promised_nb) as promised_nb,
    coalesce(n.measured_nb, b.measured_nb) as measured_nb,
    coalesce(n.n_rows, 0) as n_rows, coalesce(n.n_failed, 0) as n_failed,
    n.success, n.released_by, n.released_at, n.release_reason, n.release_expires_on,
    case when n.run_id is null then 'removed' else n.check_change end as change,
    case when n.run_id is null then b.broken_since else n.broken_since end as broken_since
from now as n
full join before as b
    on n.gate = b.gate and n.contract_id = b.contract_id and n.table_name = b.table_name
    and n.rule_id = b.rule_id
where n.run_id is not null or not b.success
order by gate, contract_id, table_name, rule_id
"""


@dataclass(frozen=True)
class Finding:
    """How one promise was kept in a run, and what that is against the edition before.

    Attributes:
        success: Whether it held; ``None`` when it is no longer made.
        change: ``new``, ``continuing``, ``fixed``, ``removed`` (broken before and no longer made),
            or ``None`` when it held then and holds now.
        broken_since: The first run of the unbroken row in which it broke, UTC without a zone;
            ``None`` when it holds.
    """

    gate: str
    contract_id: str
    contract_version: str
    table_name: str
    rule_id: str
    column_name: str | None
    severity: str
    promised_nb: str
    measured_nb: str
    n_rows: int
    n_failed: int
    success: bool | None
    released_by: str | None
    released_at: datetime | None
    release_reason: str | None
    release_expires_on: date | None
    change: str | None
    broken_since: datetime | None


@dataclass(frozen=True)
class Run:
    """A run that was checked.

    Attributes:
        run_id: The run.
        run_at: When, UTC without a zone.
        edition: The edition it published; ``None`` when it published none.
        edition_before: The newest edition from before it.
    """

    run_id: str
    run_at: datetime
    edition: int | None
    edition_before: int | None


def newest_run(con: duckdb.DuckDBPyConnection) -> Run | None:
    """Return the newest run that was checked; ``None`` when none was.

    Args:
        con: The warehouse, also opened for reading alone.
    """
    rows = con.execute(
        "with newest as (select run_id, max(run_at) as run_at, min(run_at) as began"
        "   from ops.quality_results group by run_id order by run_at desc limit 1)"
        " select run_id, run_at,"
        " (select max(generation) from ops.publications as p where p.run_id = newest.run_id"
        "   and p.action = 'publish'),"
        " (select max(generation) from ops.publications as p where p.run_id <> newest.run_id"
        "   and p.action = 'publish' and p.published_at < newest.began)"
        " from newest"
    ).fetchall()
    return Run(*rows[0]) if rows else None


def findings(con: duckdb.DuckDBPyConnection, run_id: str) -> list[Finding]:
    """Return every promise of a run, and those broken before that are no longer made.

    Args:
        con: The warehouse, also opened for reading alone.
        run_id: The run.
    """
    return [Finding(*row) for row in con.execute(_FINDINGS, [run_id]).fetchall()]
