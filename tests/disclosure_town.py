"""A made-up municipality for the attacker: true figures by unit, and what is shown of them.

No model is run: tests say themselves what is published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from pipelines.contracts.measures import declared_measures
from pipelines.contracts.model import load_contracts
from pipelines.disclosure.atoms import Sources
from pipelines.disclosure.measures import PAY

AGREED = 100.0
_ABOUT = {"is_about_persons": True, "lower_bound": 0.0, "upper_bound": 100.0, "scale": 100.0,
          "is_count": False, "services": []}  # fmt: skip
_METRICS = (
    ("total", None, None, "sick_days"),
    ("short", "total", "duration", "sick_days_short"),
    ("long", "total", "duration", "sick_days_long"),
    ("self", "total", "certification", "sick_days_self_certified"),
    ("certified", "total", "certification", "sick_days_certified"),
    ("graded", "total", "graded", "sick_days_graded"),
)

Cell = tuple[str, str, str, int]
"""Level, group, metric, month of 2012."""


@dataclass
class Town:
    """True figures of units by metric and month, each unit in its sector.

    Attributes:
        sectors: The units' sectors.
        days: Days of ``(unit, metric, month)``; what is not there is 0, the total is the sum.
        pay: Kroner of ``(unit, component, month)``.
        lines: Kroner of ``(unit, line)``, of the year.
    """

    sectors: Mapping[str, str]
    days: Mapping[tuple[str, str, int], float]
    pay: Mapping[tuple[str, str, int], float] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], float] = field(default_factory=dict)
    months: tuple[int, ...] = (1,)

    def figure(self, level: str, group: str, metric: str, month: int) -> float:
        """The true figure of a group."""
        names = ("short", "long") if metric == "total" else (metric,)
        return sum(
            self.days.get((unit, name, month), 0.0)
            for unit, sector in self.sectors.items()
            if level == "municipality" or group in (unit, sector)
            for name in names
        )

    def cells(self) -> list[Cell]:
        """Every figure there is of units and sectors."""
        groups = [("unit", unit) for unit in self.sectors]
        groups += [("sector", sector) for sector in sorted(set(self.sectors.values()))]
        return [(*g, name, month) for g in groups for name, *_ in _METRICS for month in self.months]

    def sources(self) -> Sources:
        """The truth as the warehouse would have it."""
        sector = {**self.sectors, **{s: s for s in self.sectors.values()}, "all": "all"}
        levels = [
            (level, group, sector[group], metric, date(2012, month, 1),
             self.figure(level, group, metric, month), self._agreed(level, group, metric, month))
            for level, group, metric, month in self.cells()
        ]  # fmt: skip
        metrics = [
            {**_ABOUT, "metric_id": name, "split_of": of, "split_group": group or "",
             "measures": [
                 {"role": "denominator", "sign": 1.0,
                  "measure": "sick_days" if name == "graded" else "agreed_days"},
                 {"role": "numerator", "sign": 1.0, "measure": measure},
             ]}
            for name, of, group, measure in _METRICS
        ]  # fmt: skip
        pay = {
            (unit, date(2012, month, 1)): {
                name: self.pay.get((unit, name, month), 0.0) for name in PAY
            }
            for unit, _, month in self.pay
        }
        return Sources(
            metrics=pl.DataFrame(metrics, schema_overrides={"services": pl.List(pl.String)}),
            made=MADE,
            measures=pl.DataFrame(schema=MEASURE_SCHEMA),
            levels=pl.DataFrame(levels, schema=LEVEL_SCHEMA, orient="row"),
            per_fte=pl.DataFrame(schema=PER_FTE_SCHEMA),
            pay=pl.DataFrame(
                [{"unit_id": u, "month": m, **amounts} for (u, m), amounts in pay.items()],
                schema=PAY_SCHEMA,
            ),
            lines=pl.DataFrame(
                [(u, "", line, date(2012, 1, 1), nok) for (u, line), nok in self.lines.items()],
                schema=LINE_SCHEMA,
                orient="row",
            ),
        )

    def _agreed(self, level: str, group: str, metric: str, month: int) -> float:
        if metric == "graded":
            return self.figure(level, group, "total", month)
        n = sum(level == "municipality" or group in (u, s) for u, s in self.sectors.items())
        return AGREED * n


LEVEL_SCHEMA = {
    "level": pl.String, "group_id": pl.String, "sector": pl.String, "metric_id": pl.String,
    "month": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64,
}  # fmt: skip
MADE = declared_measures(load_contracts(kind="sources"))
MEASURE_SCHEMA = {
    "unit_id": pl.String, "month": pl.Date, "measure": pl.String, "value": pl.Float64,
}  # fmt: skip
PAY_SCHEMA = {"unit_id": pl.String, "month": pl.Date, **dict.fromkeys(PAY, pl.Float64)}
PER_FTE_SCHEMA = {"year": pl.Int32, "substitute_fte": pl.Float64, "overtime_fte": pl.Float64}
LINE_SCHEMA = {
    "unit_id": pl.String, "sector": pl.String, "component": pl.String, "month": pl.Date,
    "truth": pl.Float64,
}  # fmt: skip


def publish(
    con: duckdb.DuckDBPyConnection,
    town: Town,
    shown: Iterable[Cell],
    years: Iterable[tuple[str, str, str, bool]] = (),
    schema: str = "marts",
) -> str:
    """Publish some figures of months, and years as shown or hidden; returns where."""
    publish_nothing(con, schema)
    for cell in shown:
        level, group, metric, month = cell
        denominator = town._agreed(level, group, metric, month)
        con.execute(
            f"insert into {schema}.fct_metric_months values (?, ?, ?, ?, ?, ?, null, null, null)",
            [level, group, metric, date(2012, month, 1), town.figure(*cell), denominator],
        )
    for level, group, metric, is_shown in years:
        days = sum(town.figure(level, group, metric, month) for month in town.months)
        con.execute(
            f"insert into {schema}.mart_metric_years"
            " values (?, ?, ?, 2012, ?, null, null, ?, null)",
            [level, group, metric, *((days, None) if is_shown else (None, "few_persons"))],
        )
    return schema


def publish_nothing(con: duckdb.DuckDBPyConnection, schema: str) -> str:
    """Publish tables of months and years without a row; returns where."""
    con.execute(f"create schema if not exists {schema}")
    con.execute(
        "create schema if not exists intermediate;"
        "create table if not exists intermediate.int_metric_months_visible (level varchar,"
        " group_id varchar, metric_id varchar, month date, suppression_reason varchar);"
        "create table if not exists intermediate.int_metric_years_visible (level varchar,"
        " group_id varchar, metric_id varchar, year integer, suppression_reason varchar)"
    )
    con.execute(
        f"create or replace table {schema}.fct_metric_months (level varchar, group_id varchar,"
        " metric_id varchar, month date, numerator double, denominator double, value double,"
        " suppression_reason varchar, missing_reason varchar)"
    )
    con.execute(
        f"create or replace table {schema}.mart_metric_years (level varchar, group_id varchar,"
        " metric_id varchar, year integer, numerator double, denominator double, value double,"
        " suppression_reason varchar, missing_reason varchar)"
    )
    return schema
