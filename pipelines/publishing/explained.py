"""One published figure back to the deliveries: what it is, what is behind it, what it was before.

Of rows behind a figure only how many they are is told, and of persons only that there are enough of
them; a figure that is hidden where it is published tells nothing here either. Where a source gives
what units show per year, its rows are not counted: absences of a month are new cases, and a line of
refund more or less says whether anybody was away.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, cast

import duckdb

from pipelines.contracts.shapes import Contract, Table
from pipelines.errors import PukkError
from pipelines.publishing.asked_figure import Asked
from pipelines.publishing.contents import open_generation
from pipelines.publishing.explained_rows import (
    Behind,
    Cell,
    Earlier,
    Explained,
    JudgedRule,
    Measured,
    SourceTable,
)
from pipelines.publishing.files import Generation, file_of, list_generations
from pipelines.settings import Paths
from pipelines.warehouse.rows import rows_of
from pipelines.words.messages import say

_TOLD_FROM = 10
"""So many persons are told as a number, as in the macro ``persons_label``."""
_MOST_DELIVERIES = 20
_HIDDEN_WINDOW = "suppressed"
"""Why a window that is hidden has no figure, as ``mart_before_after`` says it."""
# a window's reason is about its verdict; it is why a figure is not there only where none is
_WHY_NOT = (
    "case when verdict = 'suppressed' then reason_code end as suppression_reason,"
    " case when verdict <> 'suppressed' and {value} is null then reason_code end as missing_reason"
)
_CELLS = {
    "month": "select numerator, denominator, value, n_persons_label, suppression_reason,"
    " missing_reason from fct_metric_months"
    " where level = 'unit' and group_id = ? and metric_id = ? and month = ?",
    "year": "select numerator, denominator, value, n_persons_label, suppression_reason,"
    " missing_reason from mart_metric_years"
    " where level = 'unit' and group_id = ? and metric_id = ? and year = ?",
    "before": f"select numerator_before as numerator, denominator_before as denominator,"
    f" value_before as value, {_WHY_NOT.format(value='value_before')},"
    " baseline_first_month as first_month, baseline_last_month as last_month, verdict"
    " from mart_before_after where unit_id = ? and metric_id = ? order by cycle_no desc limit 1",
    "after": f"select numerator_after as numerator, denominator_after as denominator,"
    f" value_after as value, {_WHY_NOT.format(value='value_after')},"
    " after_first_month as first_month, after_last_month as last_month, verdict"
    " from mart_before_after where unit_id = ? and metric_id = ? order by cycle_no desc limit 1",
}


def explained(
    paths: Paths,
    generation: Generation,
    what: Asked,
    contracts: Mapping[str, Contract],
    warehouse: duckdb.DuckDBPyConnection | None,
) -> Explained:
    """Return everything behind one figure.

    Args:
        paths: The municipality's folders.
        generation: The edition that is read.
        what: The figure.
        contracts: The source contracts by id.
        warehouse: The working warehouse, open for reading; None where there is none.

    Raises:
        PukkError: the edition has no such unit, metric or figure.
    """
    with open_generation(file_of(paths, generation)) as con:
        metric = _metric(con, what)
        cell = _cell(con, what)
        if cell is None:
            raise PukkError(
                say("publishing.explained.no_such_figure", when=what.when),
                where=f"{what.unit}, {what.metric}",
                way_out=say(
                    "publishing.explained.see_the_series", unit=what.unit, metric=what.metric
                ),
            )
        first, last = cell.pop("first_month", what.first), cell.pop("last_month", what.last)
        tables = rows_of(
            con,
            "select source_table, list(measure_id order by measure_id) as measures"
            " from mart_lineage where metric_id = ? group by source_table order by source_table",
            [what.metric],
        )
        rules = [rule for each in tables for rule in _rules(con, each["source_table"])]
        is_small = bool(first and last and _is_small(con, what, first, last))
        coarse = partial(_coarse, is_small=is_small)
    is_hidden = bool(cell.get("suppression_reason")) or (
        cell["value"] is None and cell.get("missing_reason") in (None, "", _HIDDEN_WINDOW)
    )
    # no figure to explain, and it may be so because of months that are hidden
    is_empty_window = cell["value"] is None and what.first is None
    behind = (
        list(_behind(warehouse, contracts, tables, (what.unit, first, last), coarse))
        if warehouse is not None and first and last and not (is_hidden or is_empty_window)
        else []
    )
    return {
        "unit_id": what.unit,
        "metric_id": what.metric,
        "metric": cast("Measured", metric),
        "when": what.when,
        "first_month": first,
        "last_month": last,
        "figure": cast("Cell", cell),
        "is_hidden": is_hidden,
        "sources": cast("list[SourceTable]", tables),
        "deliveries": cast("list[Behind]", behind),
        "rules": cast("list[JudgedRule]", rules),
        "generation": generation.number,
        "published_at": generation.published_at,
        "made_from": generation.input_fingerprint,
        # what readers once saw of it is not told again either
        "earlier": [] if is_hidden else list(_earlier(paths, generation, what)),
    }


def _metric(con: duckdb.DuckDBPyConnection, what: Asked) -> dict[str, Any]:
    units = rows_of(con, "select unit_name from dim_units where unit_id = ?", [what.unit])
    found = rows_of(
        con,
        "select label_nb, numerator_plus, numerator_minus, denominator, scale, unit"
        " from dim_metrics where metric_id = ?",
        [what.metric],
    )
    if not units or not found:
        table = "dim_metrics" if units else "dim_units"
        column = "metric_id, label_nb" if units else "unit_id, unit_name"
        raise PukkError(
            say("publishing.explained.not_published"),
            where=what.metric if units else what.unit,
            way_out=say("publishing.explained.see_which", column=column, table=table),
        )
    return {"unit_name": units[0]["unit_name"], **found[0]}


def _cell(con: duckdb.DuckDBPyConnection, what: Asked) -> dict[str, Any] | None:
    values: list[object] = [what.unit, what.metric]
    if what.kind == "month":
        values.append(what.first)
    if what.kind == "year":
        values.append(int(what.when))
    found = rows_of(con, _CELLS[what.kind], values)
    return dict(found[0]) if found else None


def _rules(con: duckdb.DuckDBPyConnection, source_table: str) -> list[dict[str, Any]]:
    """Return the rules of a source table as the last run judged them."""
    return rows_of(
        con,
        "select contract_id, contract_version, table_name, rule_id, promised_nb, measured_nb,"
        " n_failed, success, run_at from mart_data_quality"
        " where contract_id || '.' || table_name = ? and gate = 'inbound'"
        " qualify run_at = max(run_at) over () order by success, rule_id",
        [source_table],
    )


def _behind(
    con: duckdb.DuckDBPyConnection,
    contracts: Mapping[str, Contract],
    tables: Sequence[Mapping[str, Any]],
    cell: tuple[str, date, date],
    coarse: Callable[[int | None], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield each delivery behind a figure, with how many of its rows are about it."""
    for each in tables:
        contract, _, name = each["source_table"].partition(".")
        table = contracts[contract].tables[name] if contract in contracts else None
        during = _during(table) if table else None
        if table is None or during is None or "unit_id" not in table.column_names:
            continue
        person = next((c.name for c in table.columns if c.classification == "person"), None)
        persons = f'count(distinct r."{person}")' if person else "cast(null as bigint)"
        # that a file has a row of the unit tells of a month what is shown per year: all are listed
        is_yearly = any(m.part_of or m.unit_grain == "year" for m in contracts[contract].measures)
        measures = ""
        values: list[object] = [*cell, is_yearly]
        if "measure_id" in table.column_names:
            measures = "and list_contains(?5, r.measure_id)"
            values.append(each["measures"])
        found = rows_of(
            con,
            f"select r.delivery_id, d.file_name, d.received_at, d.feed_id, d.contract_version,"
            f" d.fingerprint, d.file_sha256, count(*) as n_rows, {persons} as n_persons"
            f' from "{contract}"."{name}" as r'
            " join ops.released_deliveries as d using (delivery_id)"
            f" where (r.unit_id = ?1 or ?4) and {during} {measures}"
            " group by all order by d.received_at, r.delivery_id",
            values,
        )
        uncounted = {"n_rows": None, "n_persons": None}
        for row in found:
            told = uncounted if is_yearly else coarse(row["n_persons"])
            yield {"source_table": each["source_table"], **row, **told}


def _coarse(n_persons: int | None, *, is_small: bool) -> dict[str, Any]:
    """Return what is told instead where few persons are behind: as published, none below ten.

    Few persons have few rows, so of them no rows are told either; and of a unit that is published
    as small none at all, whatever table they are in.
    """
    if n_persons is None:
        return {"n_rows": None} if is_small else {}
    if n_persons >= _TOLD_FROM:
        return {"n_rows": None, "n_persons": None} if is_small else {}
    return {"n_rows": None, "n_persons": f"<{_TOLD_FROM}"}


def _is_small(con: duckdb.DuckDBPyConnection, what: Asked, first: date, last: date) -> bool:
    """Tell whether the unit is published as one of few persons, in any month of the figure."""
    found = rows_of(
        con,
        "select count(*) as n from fct_metric_months where level = 'unit' and group_id = ?"
        " and metric_id = ? and month between ? and ? and starts_with(n_persons_label, '<')",
        [what.unit, what.metric, first, last],
    )
    return bool(found[0]["n"])


def _during(table: Table) -> str | None:
    """Return how a row of a table is of the months ``?2`` to ``?3``; None when it is of no time."""
    names = table.column_names
    last_day = "last_day(?3)"
    if "month" in names:
        return "r.month between ?2 and ?3"
    if {"year", "period"} <= set(names):
        number = "r.year * 12 + coalesce(nullif(r.period, 0), 1)"
        return (
            f"({number} between year(?2) * 12 + month(?2) and year(?3) * 12 + month(?3)"
            " or (coalesce(r.period, 0) = 0 and r.year between year(?2) and year(?3)))"
        )
    if "start_date" in names:
        return f"r.start_date <= {last_day} and coalesce(r.end_date, date '9999-12-31') >= ?2"
    return None


def _earlier(paths: Paths, now: Generation, what: Asked) -> Iterator[Earlier]:
    """Yield what earlier editions said, where it was another figure than the one before."""
    before: tuple[tuple[Any, ...], set[str]] | None = None
    for generation in list_generations(paths):
        if generation.number > now.number:
            break
        try:
            with open_generation(file_of(paths, generation)) as con:
                cell = _cell(con, what)
                known = _known_deliveries(con)
        except duckdb.Error:  # an edition from before the table had its columns
            continue
        said = tuple((cell or {}).get(key) for key in ("value", "numerator", "denominator"))
        if before is not None and said != before[0]:
            yield {
                "generation": generation.number,
                "published_at": generation.published_at,
                "value_before": before[0][0],
                "value": said[0],
                "new_deliveries": sorted(known - before[1])[:_MOST_DELIVERIES],
            }
        before = (said, known)


def _known_deliveries(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute(
        "select delivery_id || ' ' || file_name from mart_deliveries where status = 'loaded'"
    ).fetchall()
    return {row[0] for row in rows}
