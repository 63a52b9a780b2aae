"""Sums kept of rows about persons before the rows are deleted, so that what they gave stands.

History is computed anew every night from the rows. A source is *closed* before a month when what
its rows before it gave is kept in the store, in the same event that deletes the rows; the models
read it from there. Here is what is kept of absences, which are about health. Positions are not
closed: the models need each position's whole life.

Whole calendar years are closed, for the persons behind a part are counted per year. The first
month that stays open lies so long after the last row deleted that no absence there can belong to
one that is gone, unless it is long whatever it began as.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from pipelines.ingest.plausible_time import months_after
from pipelines.warehouse.closed import CLOSED_TABLES, closed_until

ABSENCES = "sick_leave"
MARGIN_MONTHS = 3
"""So long after the last row deleted that an absence which lasts from there is long (57 days)."""

_MODELS = {
    "kept_absence_months": """
        select * from intermediate.int_sick_leave__unit_sums
        full join intermediate.int_sick_leave__unit_matches using (unit_id, month)
        where month >= $1 and month < $2 order by month, unit_id
    """,
    "kept_absence_groups": """
        select * from intermediate.int_sick_leave__group_months
        where month >= $1 and month < $2 order by month, level, group_id, measure_id
    """,
    "kept_absence_years": """
        select * from intermediate.int_sick_leave__unit_years
        where make_date(year, 1, 1) >= $1 and make_date(year, 1, 1) < $2
        order by year, unit_id, measure_id
    """,
    "kept_absence_covered": """
        select * from intermediate.int_sick_leave__months_delivered
        where month >= $1 and month < $2 order by month
    """,
}


_READ = (
    "int_sick_leave__unit_sums",
    "int_sick_leave__unit_matches",
    "int_sick_leave__group_months",
    "int_sick_leave__unit_years",
    "int_sick_leave__months_delivered",
)


@dataclass(frozen=True)
class Closing:
    """How far a source can be closed.

    Attributes:
        open_from: First month that is computed from rows afterwards.
        rows_before: Rows that tell of nothing from this day on may go.
    """

    open_from: date
    rows_before: date


def closing_of(
    con: duckdb.DuckDBPyConnection, keeps_from: date, *, is_computed: bool
) -> Closing | None:
    """Return how far absences can be closed; ``None`` when not at all.

    Never beyond the year in which nothing is delivered yet: what comes for the first time counts.

    Args:
        con: The working warehouse.
        keeps_from: The first day whose rows are kept.
        is_computed: Whether what the warehouse has computed is made of the rows there are now; else
            only what is closed already lets rows go.
    """
    until = closed_until(con, ABSENCES) or date.min
    if is_computed and _has_models(con):
        until = max(until, min(_first_january(months_after(keeps_from, MARGIN_MONTHS)), _end(con)))
    if until == date.min:
        return None
    return Closing(until, min(keeps_from, months_after(until, -MARGIN_MONTHS)))


def kept_sums(
    con: duckdb.DuckDBPyConnection, closing: Closing, closed_by: str
) -> Mapping[str, list[dict[str, Any]]]:
    """Return what is to be kept of absences when they are closed so far.

    Args:
        con: The working warehouse, computed from the rows that are there now.
        closing: How far.
        closed_by: The account that does it.

    Returns:
        Table of ``ops`` -> rows; nothing when all of it is closed already.
    """
    first, until = closed_until(con, ABSENCES) or date.min, closing.open_from
    if until <= first:
        return {}
    closed = {
        "contract_id": ABSENCES,
        "open_from": until,
        "closed_at": datetime.now(UTC).replace(tzinfo=None),
        "closed_by": closed_by,
    }
    tables: dict[str, list[dict[str, Any]]] = {"closed_sources": [closed]}
    for name, sql in _MODELS.items():
        columns = list(CLOSED_TABLES[name][1])
        rows = con.execute(f"select {', '.join(columns)} from ({sql})", [first, until]).fetchall()
        tables[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return tables


def _has_models(con: duckdb.DuckDBPyConnection) -> bool:
    (n_found,) = con.execute(
        "select count(*) from information_schema.tables where table_schema = 'intermediate'"
        " and list_contains($1, table_name)",
        [list(_READ)],
    ).fetchall()[0]
    return bool(n_found == len(_READ))


def _end(con: duckdb.DuckDBPyConnection) -> date:
    """Return the first of January of the year of the first month that is not covered yet."""
    (last,) = con.execute(
        "select max(month) from intermediate.int_sick_leave__months_delivered"
    ).fetchall()[0]
    return date.min if last is None else date(months_after(last, 1).year, 1, 1)


def _first_january(day: date) -> date:
    is_one = (day.month, day.day) == (1, 1)
    return date(day.year + (not is_one), 1, 1)
