"""What is new since the edition readers have: ``mart_changes`` and ``mart_edition``.

Made when the marts are finished and before they are judged, of two published editions and nothing
else: whoever holds both could have made it. It depends on history by intention, so it is no part of
what says whether two editions are the same (``contents``). What is asked is in ``change_queries``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.model import Contract, Table
from pipelines.publishing.change_queries import (
    PREPARED,
    PREPARED_NEED,
    PREPARED_TABLES,
    QUESTIONS,
    SAME,
)
from pipelines.publishing.files import current, file_of, next_number
from pipelines.publishing.released import released_now
from pipelines.settings import Paths
from pipelines.warehouse.table_sql import columns_by_table, quoted

CHANGES, EDITION = "mart_changes", "mart_edition"
_BEFORE = "edition_before"
_LATER = "edition_now"
_NOW = "marts"
_FOUND = "told_changes"
_ALONE: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "512MB",
    "threads": "1",
    "temp_directory": "",
}
_ASKED = {
    "scope_type": "varchar", "scope_id": "varchar", "unit_id": "varchar", "metric_id": "varchar",
    "cycle_id": "varchar", "item_id": "varchar", "old_month": "date", "month": "date",
    "old_class": "varchar", "new_class": "varchar", "old_code": "varchar", "new_code": "varchar",
    "old_value": "double", "new_value": "double", "n": "bigint", "colour": "varchar",
}  # fmt: skip
"""What the questions answer; what one does not answer is empty."""
_WHY = """
with found as (
    select a.*, c.delivery_ids,
        starts_with(a.change_kind, 'figure_') as is_figure,
        coalesce(c.is_withdrawn, false) as is_withdrawn,
        coalesce(c.is_corrected, false) as is_corrected,
        coalesce(c.has_new, false) as has_new, coalesce(c.has_other, false) as has_other,
        exists (select 1 from told_rules as r where r.metric_id = a.metric_id) as has_rule,
        exists (select 1 from told_register as r
            where r.unit_id = a.unit_id or r.unit_id is null or a.unit_id is null)
            as has_register,
        exists (select 1 from told_cells as t where t.metric_id = a.metric_id) as has_others,
        exists (select 1 from told_deliveries as d
            inner join {now}.mart_lineage as l on d.source_table = l.source_table
            where l.metric_id = a.metric_id) as has_delivery,
        a.cycle_id is not null and exists (select 1 from told_news as b
            where b.change_kind = 'baseline_corrected' and b.cycle_id = a.cycle_id
                and b.metric_id = a.metric_id) as has_baseline
    from told_news as a
    left join told_causes as c
        on a.unit_id is not distinct from c.unit_id and a.metric_id = c.metric_id
        and c.what = case a.change_kind
            when 'figure_new' then 'new' when 'figure_gone' then 'gone'
            when 'figure_corrected' then 'corrected' else 'all' end
), said as (
    select *, concat_ws(',',
        case when is_withdrawn then 'withdrawn' end,
        case when is_corrected then 'corrected' end,
        case when has_baseline then 'baseline_corrected' end,
        case when has_register and not is_figure then 'register' end,
        case when has_rule and not (is_figure and (is_withdrawn or is_corrected or has_new))
            then 'rule' end,
        case when has_new then 'new_month' end) as own
    from found
)
select
    concat_ws('/', s.change_kind, s.scope_type, s.scope_id, s.cycle_id, s.metric_id, s.item_id)
        as change_id,
    s.change_kind, s.change_order, s.scope_type, s.scope_id, s.unit_id,
    coalesce(u.unit_name, p.unit_name) as unit_name, s.metric_id, s.cycle_id, s.item_id,
    s.old_month, s.month, s.old_class, s.new_class, s.old_code, s.new_code, s.old_value,
    s.new_value, cast(s.n as integer) as n, s.colour,
    case
        when s.metric_id is null or s.change_kind = 'rule' then null
        when s.own <> '' then s.own
        when s.has_others and not s.has_other then 'others'
        when s.has_delivery then 'deliveries'
        else 'method'
    end as reason_codes,
    case when s.metric_id is not null then s.delivery_ids end as delivery_ids
from said as s
left join {now}.dim_units as u on s.unit_id = u.unit_id
left join {before}.dim_units as p on s.unit_id = p.unit_id
order by s.change_order, s.scope_type, s.scope_id, s.metric_id, s.cycle_id, s.item_id
"""


def write_changes(
    con: duckdb.DuckDBPyConnection, paths: Paths, products: Mapping[str, Contract]
) -> int:
    """Replace both tables among the marts and return how much is new.

    Nothing is written where the contracts do not promise the tables.

    Args:
        con: The open warehouse, outside a transaction, with the other marts finished.
        paths: The municipality's folders.
        products: Product contracts by id.
    """
    promised = {t.name: t for c in products.values() for t in c.tables.values()}
    if CHANGES not in promised:
        return 0
    paths.published.mkdir(parents=True, exist_ok=True)
    standing = current(paths)
    with _attached(con, file_of(paths, standing) if standing else None) as before:
        is_comparable = before is not None and _holds(con, PREPARED_NEED)
        if is_comparable:
            _compare(con, before or "", _NOW)
            con.execute(f"create or replace table {_NOW}.{CHANGES} as from temp.{_FOUND}")
            con.execute(f"drop table temp.{_FOUND}")
        else:
            _empty(con, CHANGES, promised[CHANGES])
        _describe(
            con, promised[EDITION], next_number(paths), is_comparable=is_comparable,
            previous=standing.number if standing else None,
            previous_at=datetime.fromisoformat(standing.published_at) if standing else None,
            previous_month=_last_month(con, before),
        )  # fmt: skip
    (n,) = con.execute(f"select count(*) from {_NOW}.{CHANGES}").fetchall()[0]
    return int(n)


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, file: Path | None) -> Iterator[str | None]:
    if file is None:
        yield None
        return
    con.execute(f"attach {quoted(str(file))} as {_BEFORE} (read_only)")
    try:
        yield f"{_BEFORE}.main"
    finally:
        con.execute(f"detach {_BEFORE}")


def _holds(con: duckdb.DuckDBPyConnection, needs: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the earlier edition has the columns: an older version's may not."""
    there = columns_by_table(con, _BEFORE)
    return all(set(names) <= set(there.get(("main", table), ())) for table, names in needs.items())


def changes_between(now: Path, before: Path) -> tuple[date | None, list[dict[str, Any]]] | None:
    """Return what is new in one published file since another, as ``mart_changes`` would have it.

    Args:
        now: The newer file.
        before: The older one.

    Returns:
        The older edition's last month and the rows; ``None`` where an older version made it.
    """
    with duckdb.connect(config=_ALONE) as con:
        con.execute(f"attach {quoted(str(now))} as {_LATER} (read_only)")
        with _attached(con, before) as earlier:
            con.execute("set enable_external_access = false")
            if not _holds(con, PREPARED_NEED):
                return None
            _compare(con, earlier or "", f"{_LATER}.main")
            answer = con.execute(f"from temp.{_FOUND} order by change_order, unit_name, change_id")
            names = [column[0] for column in answer.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
            return _last_month(con, earlier), rows


def _compare(con: duckdb.DuckDBPyConnection, before: str, now: str) -> None:
    """Leave what is new in a temporary table."""
    for sql in PREPARED:
        con.execute(sql.format(before=before, now=now, same=SAME))
    columns = ", ".join(f"{name} {kind}" for name, kind in _ASKED.items())
    con.execute(
        f"create or replace temp table told_news (change_kind varchar, change_order integer,"
        f" {columns})"
    )
    for order, (kind, question) in enumerate(QUESTIONS.items(), start=1):
        if not _holds(con, question.needs):
            continue
        answer = question.sql.format(before=before, now=now)
        con.execute(
            f"insert into told_news by name select {quoted(kind)} as change_kind,"
            f" {order} as change_order, * from ({answer})"
        )
    # what does not say which group it is about is about its unit
    con.execute(
        "update told_news set scope_type = 'unit', scope_id = unit_id where scope_type is null"
    )
    why = _WHY.format(before=before, now=now)
    con.execute(f"create or replace temp table {_FOUND} as {why}")
    for name in (*PREPARED_TABLES, "told_news"):
        con.execute(f"drop table temp.{name}")


def _empty(con: duckdb.DuckDBPyConnection, name: str, table: Table) -> None:
    columns = ", ".join(f'"{c.name}" {c.physical_type}' for c in table.columns)
    con.execute(f"create or replace table {_NOW}.{name} ({columns})")


def _describe(  # noqa: PLR0913 - one row's columns
    con: duckdb.DuckDBPyConnection,
    table: Table,
    edition: int,
    *,
    is_comparable: bool,
    previous: int | None,
    previous_at: datetime | None,
    previous_month: date | None,
) -> None:
    _empty(con, EDITION, table)
    released = released_now(con)
    days = [each.expires_on for each in released if each.expires_on is not None]
    con.execute(
        f"insert into {_NOW}.{EDITION} by name select ? as edition, ? as previous_edition,"
        " cast(? as timestamptz) at time zone 'UTC' as previous_published_at,"
        " cast(? as date) as previous_last_month, ? as is_comparable, ? as n_released,"
        " cast(? as date) as release_expires_on",
        [edition, previous, previous_at, previous_month, is_comparable, len(released),
         min(days, default=None)],
    )  # fmt: skip


def _last_month(con: duckdb.DuckDBPyConnection, before: str | None) -> date | None:
    if before is None or not _holds(con, {"mart_municipality": ("last_month",)}):
        return None
    month: date | None = con.execute(
        f"select last_month from {before}.mart_municipality"
    ).fetchall()[0][0]
    return month
