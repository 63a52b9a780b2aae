"""Editions one after the other: figures in, what is published out, what is hidden kept in a store.

From unit months (``int_metric_months``) through the models' own SQL, without a whole run: a night
takes a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.municipality.protection import PROTECTION
from pipelines.settings import Paths
from pipelines.warehouse.hidden_cells import keep_counted, keep_hidden
from pipelines.warehouse.kept_tables import KEPT_TABLES
from pipelines.warehouse.schema import OPS_TABLES
from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt

MODELS = (
    "stg_ops__hidden_cells", "stg_ops__counted_cells", "int_frozen_unit_months",
    "int_kept_unit_months",
    "int_released_months", "int_counted_unit_months", "int_metric_levels",
    "int_suppression__reasons", "int_suppression__families", "int_suppression__figures",
    "int_suppression__total_cells", "int_suppression__sector_choice",
    "int_suppression__totals", "int_hidden_cells",
)  # fmt: skip
_METRICS = """
select *, case when is_split then 'year' else 'month' end as unit_grain from (values
    ('sick', false, 'sick', null, 5, false), ('well', false, 'sick', null, 5, false),
    ('short', true, 'sick/duration', 'sick', 10, false), ('left', false, 'left', null, 5, true)
) as metrics (metric_id, is_split, family_id, parent_family_id, min_persons, is_count),
    (select true as is_about_persons, false as is_denominator_pay, false as is_by_duration,
        null::double as lower_bound, null::double as upper_bound),
    lateral (select metric_id <> 'well' as is_judged)
"""
Published = dict[tuple[str, str, str, date], float | None]
"""(level, group, metric, month) -> the numerator, or None where it is hidden or missing."""


@dataclass(frozen=True)
class Cell:
    """What the source says of one unit's month."""

    unit: str
    sector: str
    month: date
    persons: int
    days: float | None
    left: int = 0


class Editions:
    """A database that every edition is built in, and the store beside it."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, models: dict[str, str], folder: Path
    ) -> None:
        """Start without anything kept."""
        self.con = con
        self.models = models
        self.paths = Paths(folder)
        for name in (*KEPT_TABLES, "records"):
            con.execute(f"delete from ops.{name}")

    def publish(self, cells: Iterable[Cell], *, is_seen: bool = True) -> Published:
        """Build one edition and keep what it hides.

        Args:
            cells: All that the source says tonight.
            is_seen: False when the run was killed before readers saw the edition.
        """
        self.con.execute("delete from intermediate.int_metric_months")
        rows = [row for cell in cells for row in _rows(cell)]
        marks = ", ".join("?" for _ in rows[0])
        self.con.executemany(f"insert into intermediate.int_metric_months values ({marks})", rows)
        for name, sql in self.models.items():
            self.con.execute(f"create or replace table {name} as {sql}")
        found = self.con.execute("""
            select levels.level, levels.group_id, levels.metric_id, levels.month,
                case when hidden.reason is null and levels.has_data then levels.numerator end
            from intermediate.int_metric_levels as levels
            inner join intermediate.int_metrics as metrics using (metric_id)
            left join intermediate.int_suppression__totals as hidden
                on levels.level = hidden.level and levels.group_id = hidden.group_id
                and levels.month = hidden.month and metrics.family_id = hidden.family_id
            where not metrics.is_split
        """).fetchall()
        keep_hidden(self.con, self.paths)
        if is_seen:
            keep_counted(self.con, self.paths)
        return {(*key, month): number for *key, month, number in found}

    def counted(self) -> dict[tuple[str, str, date], float]:
        """What each unit's month counts as tonight; restricted."""
        found = self.con.execute(
            "select unit_id, metric_id, month, numerator"
            " from intermediate.int_counted_unit_months where is_counted"
        ).fetchall()
        return {(unit, metric, month): number for unit, metric, month, number in found}


def compile_editions(folder: Path) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    """Return a database with nothing in it, and the SQL of each model in the order they build."""
    file = build_warehouse(folder / "empty.duckdb", municipality(date(2012, 1, 1)), {})
    target = folder / "target"
    run_dbt(file, "compile", "--select", *MODELS, target=target)
    con = duckdb.connect()
    for schema in ("ops", "staging", "intermediate"):
        con.execute(f"create schema {schema}")
    for name in (*KEPT_TABLES, "records"):
        columns = ", ".join(f'"{c}" {kind}' for c, (kind, _) in OPS_TABLES[name].columns.items())
        con.execute(f"create table ops.{name} ({columns})")
    con.execute(f"create table intermediate.int_metrics as {_METRICS}")
    for name, period in (("splits", "month date"), ("years", "year integer")):
        con.execute(
            f"create table intermediate.int_suppression__{name} (level varchar, group_id varchar,"
            f" family_id varchar, {period}, reason varchar)"
        )
    con.execute(
        "create table intermediate.int_months as select cast(month as date) as month,"
        " true as is_settled from range(date '2005-01-01', date '2035-01-01', interval 1 month)"
        " as months(month)"
    )
    con.execute(
        "create table intermediate.int_metric_steps as"
        " select 'short' as metric_id, 'sick/duration' as step_id"
    )
    con.execute(
        "create table staging.stg_municipality__profile as select 5 as min_persons,"
        " ? as protection_least, ? as protection_pct",
        [PROTECTION.least, PROTECTION.pct],
    )
    con.execute(
        "create table intermediate.int_hr__unit_months (unit_id varchar, month date,"
        " n_persons integer, n_persons_effective double);"
        "create table intermediate.int_ledger__year_totals (scope_type varchar, scope_id varchar,"
        " year integer, art_group varchar, sick_pay_refund_nok double, other_nok double);"
        "create table staging.stg_municipality__metric_measures (metric_id varchar,"
        " measure_id varchar)"
    )
    con.execute(
        "create table intermediate.int_metric_months (unit_id varchar, sector varchar,"
        " metric_id varchar, month date, scale double, numerator double, denominator double,"
        " value double, has_data boolean, n_persons integer, n_persons_once integer,"
        " n_contributors integer, missing_reason varchar)"
    )
    models = {
        f"{'staging' if name.startswith('stg_') else 'intermediate'}.{name}": compiled(name, target)
        for name in MODELS
    }
    return con, models


def corrected(cells: Iterable[Cell], unit: str, month: date, **now: Any) -> list[Cell]:
    """Return the cells with one of them corrected."""
    return [
        replace(cell, **now) if (cell.unit, cell.month) == (unit, month) else cell for cell in cells
    ]


def _rows(cell: Cell) -> Iterable[tuple[Any, ...]]:
    agreed = 20.0 * cell.persons
    away = cell.days
    for metric, number, base in (
        ("sick", away, agreed),
        ("well", None if away is None else agreed - away, agreed),
        ("short", None if away is None else away / 2, agreed),
        ("left", float(cell.left), float(cell.persons)),
    ):
        is_there = number is not None
        yield (
            cell.unit, cell.sector, metric, cell.month, 100.0, number, base,
            100.0 * number / base if is_there else None, is_there, cell.persons, cell.persons,
            min(cell.persons, 3), None if is_there else "no_data",
        )  # fmt: skip
