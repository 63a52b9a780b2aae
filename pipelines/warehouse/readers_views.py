"""Views of the ledger as readers get it; what is published from ``ops``, and judged there, is here.

The tables they read are in ``schema``.
"""

import hashlib
from collections.abc import Iterator

import duckdb

from pipelines.warehouse.judged_results import JUDGED_COLUMNS, JUDGED_RESULTS, told
from pipelines.warehouse.left_out import SUMMED_FROM
from pipelines.warehouse.standing import ACCEPTED, CONTENT, DECIDED
from pipelines.warehouse.table_sql import Columns, quoted

LEDGER_VIEWS = {
    "mart_deliveries": "ops.released_deliveries",
    "mart_data_quality": "ops.judged_results",
    "mart_quarantine": "ops.quarantined_rows",
}
"""Published table -> what it is copied from, and what the gate judges in its place."""

RELEASE_COLUMNS: Columns = {
    "released_at": ("timestamp", "When somebody let it count all the same, UTC."),
    "released_by": ("varchar", "The accounts that did, with a comma between."),
    "release_reason": ("varchar", "Why, in the person's own words."),
    "release_expires_on": ("date", "The last day it counts; empty when it counts for good."),
}
"""Who let something count in spite of a doubt; all empty where nobody needed to."""

_QUARANTINED = ("delivery_id", "source_row", "rule_id", "column_name", "reason_nb", "found_nb")
# a wide row becomes many long ones that break the same rule: for readers it is one row
_QUARANTINED_ROWS = """
select delivery_id, source_row, rule_id, column_name, min(reason_nb) as reason_nb,
    min(found_nb) as found_nb
from ops.quarantine
group by delivery_id, source_row, rule_id, column_name
"""
# who was away in a small unit is what the file of its own says by how many rows it has; and a file
# of a few rows is found by trying, when its print is told
_OF_MANY_PERSONS = f"(d.n_persons is null or d.n_persons >= {SUMMED_FROM})"
_OF_MANY_ROWS = f"d.rows_in >= {SUMMED_FROM}"
_IS_READ = "(d.status <> 'rejected' or d.n_persons is not null)"
_TOLD_WHEN = {
    "file_sha256": f"{_OF_MANY_ROWS} and {_OF_MANY_PERSONS}",
    "size_bytes": f"{_OF_MANY_PERSONS} and {_IS_READ}",
    "lines_total": f"{_OF_MANY_PERSONS} and {_IS_READ}",
    "layout_rows": f"{_OF_MANY_PERSONS} and {_IS_READ}",
    "rows_in": _OF_MANY_PERSONS,
    "rows_loaded": _OF_MANY_PERSONS,
    "rows_quarantined": _OF_MANY_PERSONS,
    "rows_duplicate": _OF_MANY_PERSONS,
    "n_persons": f"d.n_persons >= {SUMMED_FROM}",
    # the kroner of one row are one unit's, or one person's
    "quarantined_nok": f"d.rows_quarantined >= {SUMMED_FROM}",
    "quarantined_days": f"d.rows_quarantined >= {SUMMED_FROM}",
    "quarantined_persons": f"d.quarantined_persons >= {SUMMED_FROM}",
}
# a release is of the content, so every reading of it has it, until the first day that something
# accepted of it is over; accepting what a person had withdrawn
# releases nothing that was in doubt
_RELEASED = f"""
with decided as ({DECIDED}),
until as (
    select feed_id, content, min(expires_on) as expires_on
    from ({ACCEPTED}) as accepted
    group by all
)
select {{columns}}, c.decided_at as released_at,
    case when c.action is not null then concat_ws(', ', c.proposed_by, c.decided_by) end
        as released_by,
    c.reason as release_reason, case when c.action is not null then u.expires_on end
        as release_expires_on
from ops.deliveries as d
left join until as u on d.feed_id = u.feed_id and {CONTENT} = u.content
left join decided as c
    on d.feed_id = c.feed_id and {CONTENT} = c.content
    and c.newest_first = 1 and c.action = 'accept' and c.codes <> ''
    and d.status in ('loaded', 'superseded')
"""


def view_statements(
    con: duckdb.DuckDBPyConnection,
    deliveries: Columns,
    quarantine: Columns,
    quality_results: Columns,
) -> list[str]:
    """Return what makes the views; nothing for one that stands as it is written here.

    Every opening asks, and one that changes nothing writes nothing.

    Args:
        con: The working warehouse.
        deliveries: The columns of ``ops.deliveries``.
        quarantine: The columns of ``ops.quarantine``.
        quality_results: The columns of ``ops.quality_results``.
    """
    results = ", ".join(told(name) for name in quality_results)
    listed = ", ".join(_told(name) for name in deliveries)
    views = (
        ("quarantined_rows", _QUARANTINED_ROWS, {n: quarantine[n] for n in _QUARANTINED}),
        (
            "released_deliveries",
            _RELEASED.format(columns=listed),
            {**deliveries, **RELEASE_COLUMNS},
        ),
        (
            "judged_results",
            JUDGED_RESULTS.format(columns=results),
            {**quality_results, **JUDGED_COLUMNS},
        ),
    )
    return [text for view in views for text in _statements(con, *view)]


def _told(name: str) -> str:
    if name not in _TOLD_WHEN:
        return f'd."{name}"'
    return f'case when {_TOLD_WHEN[name]} then d."{name}" end as "{name}"'


def _statements(
    con: duckdb.DuckDBPyConnection, name: str, sql: str, described: Columns
) -> Iterator[str]:
    made = [
        f"create or replace view ops.{name} as {sql}",
        *(
            f'comment on column ops.{name}."{column}" is {quoted(text)}'
            for column, (_, text) in described.items()
        ),
    ]
    mark = hashlib.sha256("".join(made).encode()).hexdigest()
    is_there = con.execute(
        "select 1 from duckdb_views() where database_name = current_database()"
        " and schema_name = 'ops' and view_name = ? and comment = ?",
        [name, mark],
    ).fetchall()
    if not is_there:
        yield from made
        yield f"comment on view ops.{name} is '{mark}'"
