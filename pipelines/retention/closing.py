"""Sums kept of rows about persons before the rows are deleted, so that what they gave stands.

History is computed anew every night from the rows. A source is *closed* before a month when what
its rows before it gave is kept in the store, in the same event that deletes the rows; the models
read it from there. Here is how far a source can be closed; what is kept of each is in
``pipelines.retention.kept_of``.

Whole calendar years are closed, for the persons behind a part are counted per year. The first
month that stays open lies so long after the last row deleted that no absence there can belong to
one that is gone, unless it is long whatever it began as. Positions are never closed further than
absences, which the models count against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from pipelines.contracts.times import months_after
from pipelines.retention.kept_of import KEPT_OF, KeptOf
from pipelines.warehouse.closed import ABSENCES, CLOSED_TABLES, POSITIONS, closed_until

MARGIN_MONTHS = 3
"""So long after the last row deleted that an absence which lasts from there is long (57 days)."""


@dataclass(frozen=True)
class Closing:
    """How far a source can be closed.

    Attributes:
        open_from: First month that is computed from rows afterwards.
        rows_before: Rows that tell of nothing from this day on may go.
    """

    open_from: date
    rows_before: date


def closings(
    con: duckdb.DuckDBPyConnection, keeps_from: Mapping[str, date], *, is_computed: bool
) -> dict[str, Closing]:
    """Return how far each source with rows about persons can be closed; without those that cannot.

    Never beyond the year in which nothing is delivered yet: what comes for the first time counts.

    Args:
        con: The working warehouse.
        keeps_from: The first day whose rows are kept, by source.
        is_computed: Whether what the warehouse has computed is made of the rows there are now; else
            only what is closed already lets rows go.
    """
    absences = _closing_of(con, KEPT_OF[ABSENCES], keeps_from[ABSENCES], is_computed=is_computed)
    found = {} if absences is None else {ABSENCES: absences}
    if is_computed:  # which rows about positions may go is read from the models
        positions = _closing_of(con, KEPT_OF[POSITIONS], keeps_from[POSITIONS], is_computed=True)
        if absences is not None and positions is not None:
            found[POSITIONS] = _no_further(con, positions, absences)
        elif positions is not None and not _has_absences(con):
            found[POSITIONS] = positions
    return found


def kept_sums(
    con: duckdb.DuckDBPyConnection, closing: Mapping[str, Closing], closed_by: str
) -> Mapping[str, list[dict[str, Any]]]:
    """Return what is to be kept of sources when they are closed so far.

    Args:
        con: The working warehouse, computed from the rows that are there now.
        closing: How far, by source.
        closed_by: The account that does it.

    Returns:
        Table of ``ops`` -> rows; nothing of what is closed already.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    for source, each in closing.items():
        first, until = closed_until(con, source) or date.min, each.open_from
        if until <= first:
            continue
        closed = {
            "contract_id": source,
            "open_from": until,
            "closed_at": datetime.now(UTC).replace(tzinfo=None),
            "closed_by": closed_by,
        }
        tables.setdefault("closed_sources", []).append(closed)
        for name, sql in KEPT_OF[source].tables.items():
            columns = list(CLOSED_TABLES[name].columns)
            select = f"select {', '.join(columns)} from ({sql})"
            rows = con.execute(select, [first, until]).fetchall()
            tables[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return tables


def _closing_of(
    con: duckdb.DuckDBPyConnection, kept: KeptOf, keeps_from: date, *, is_computed: bool
) -> Closing | None:
    until = closed_until(con, kept.contract_id) or date.min
    if is_computed and _has_models(con, kept):
        last = _first_january(months_after(keeps_from, MARGIN_MONTHS))
        until = max(until, min(last, _end(con, kept)))
    if until == date.min:
        return None
    return Closing(until, min(keeps_from, months_after(until, -MARGIN_MONTHS)))


def _no_further(con: duckdb.DuckDBPyConnection, positions: Closing, absences: Closing) -> Closing:
    closed = closed_until(con, POSITIONS) or date.min
    return Closing(
        max(closed, min(positions.open_from, absences.open_from)),
        min(positions.rows_before, absences.rows_before),
    )


def _has_absences(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute("select 1 from sick_leave.spells limit 1").fetchall())


def _has_models(con: duckdb.DuckDBPyConnection, kept: KeptOf) -> bool:
    (n_found,) = con.execute(
        "select count(*) from information_schema.tables where table_schema = 'intermediate'"
        " and list_contains($1, table_name)",
        [list(kept.models)],
    ).fetchall()[0]
    return bool(n_found == len(kept.models))


def _end(con: duckdb.DuckDBPyConnection, kept: KeptOf) -> date:
    """Return the first of January of the year of the first month that is not covered yet."""
    (last,) = con.execute(kept.last_month).fetchall()[0]
    return date.min if last is None else date(months_after(last, 1).year, 1, 1)


def _first_january(day: date) -> date:
    is_one = (day.month, day.day) == (1, 1)
    return date(day.year + (not is_one), 1, 1)
