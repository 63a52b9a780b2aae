"""A made-up municipality of persons, straight into the models that suppress; what comes before is
left out.

One total ("total", with its complement) and one split of three parts. Everybody works 20 days a
month in each of their units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.dbt_fixture import build_warehouse, compiled, municipality, run_dbt
from tests.suppression_cells import stage_protection

PARTS = ("short", "medium", "long")
LIMITS = {"total": 5, "part": 10}
YEAR = 2012
_MODELS = (
    "int_metric_levels",
    "int_metric_steps",
    "int_metric_years",
    "int_suppression__reasons",
    "int_suppression__figures",
    "int_suppression__families",
    "int_suppression__total_cells",
    "int_suppression__sector_choice",
    "int_suppression__totals",
    "int_suppression__part_figures",
    "int_suppression__pay_rests",
    "int_suppression__group_months",
    "int_suppression__split_cells",
    "int_suppression__split_figures",
    "int_suppression__split_step_1",
    "int_suppression__split_step_2",
    "int_suppression__splits",
    "int_suppression__year_reasons",
    "int_suppression__year_figures",
    "int_suppression__year_cells",
    "int_suppression__year_step_1",
    "int_suppression__year_step_2",
    "int_suppression__years",
    "int_suppression__count_rests",
    "int_suppression__count_years",
    "int_metric_months_visible",
    "int_metric_years_visible",
)
_TABLES = """
create schema intermediate;
create schema if not exists staging;
create table intermediate.int_metrics as
    select
        metric_id, true as is_about_persons, step > 0 as is_split,
        case when step = 0 then 'month' else 'year' end as unit_grain,
        null::varchar as shown_with,
        case when step = 0 then 'total' else 'total/duration' end as family_id,
        case when step > 0 then 'total' end as parent_family_id,
        metric_id <> 'complement' as is_judged,
        case when step = 0 then 5 else 10 end as min_persons,
        false as is_count, false as is_denominator_pay, step > 0 as is_by_duration,
        0.0 as lower_bound, 100.0 as upper_bound
    from (values ('total', 0), ('complement', 0), ('short', 1), ('medium', 2), ('long', 3))
        as m(metric_id, step);
create table staging.stg_municipality__metrics as
    select metric_id, row_number() over (order by case metric_id
        when 'short' then 1 when 'medium' then 2 when 'long' then 3 else 0 end) as metric_order
    from intermediate.int_metrics;
create table staging.stg_municipality__metric_measures as
    select metric_id, 'numerator' as role, metric_id as measure_id from intermediate.int_metrics;
create table intermediate.alike (metric_id varchar, counts_as varchar, but_unit varchar);
create table intermediate.int_metric_months (unit_id varchar, sector varchar, metric_id varchar,
    month date, scale double, numerator double, denominator double, value double,
    has_data boolean, n_persons integer, n_persons_once integer, n_contributors integer,
    missing_reason varchar);
create table intermediate.int_months (month date, year integer, is_settled boolean);
create table intermediate.int_sick_leave__unit_years (unit_id varchar, year integer,
    measure_id varchar, n_persons integer, n_contributors integer, n_others integer);
create table intermediate.int_hr__unit_months (unit_id varchar, month date,
    n_persons integer, n_persons_effective double);
create table intermediate.int_ledger__year_totals (scope_type varchar, scope_id varchar,
    year integer, art_group varchar, sick_pay_refund_nok double, other_nok double);
create table intermediate.int_sick_leave__group_months (level varchar, group_id varchar,
    month date, measure_id varchar, n_contributors integer, n_others integer);
"""

# nothing was published before
_COUNTED = {
    "int_counted_unit_months": """
        select months.*, has_data as is_counted, false as was_shown,
            coalesce(metrics.parent_family_id, metrics.family_id) as total_id
        from intermediate.int_metric_months as months
        inner join intermediate.int_metrics as metrics using (metric_id)
    """,
    "int_told_parts": """
        select null::varchar as level, null::varchar as group_id, null::varchar as family_id,
            null::varchar as period, null::boolean as is_hidden
        where false
    """,
}

# what a metric of a municipality's own counts is what another does; heads stand below its line
_ALIKE_MONTHS = """
insert into intermediate.int_metric_months
select months.* replace (
    alike.metric_id as metric_id, 1.0 as scale, 1.0 * months.n_persons as denominator,
    months.numerator / nullif(months.n_persons, 0) as value
)
from intermediate.int_metric_months as months
inner join intermediate.alike as alike on months.metric_id = alike.counts_as
    and months.unit_id is distinct from alike.but_unit
"""
_ALIKE = """
insert into intermediate.alike values ($own, $counts_as, $but_unit);
insert into intermediate.int_metrics select * replace (
        $own as metric_id, coalesce($family, family_id) as family_id, null::double as upper_bound
    )
    from intermediate.int_metrics where metric_id = $counts_as;
insert into staging.stg_municipality__metrics select $own, 10 + count(*)
    from staging.stg_municipality__metrics;
insert into staging.stg_municipality__metric_measures
    values ($own, 'numerator', $counts_as);
"""


@dataclass(frozen=True)
class Person:
    """The units a person works in (the first is the main one), and days away per month and part."""

    units: tuple[int, ...]
    days: Mapping[tuple[int, str], float]


@dataclass(frozen=True)
class PartsTown:
    """Units by sector, and who works in them; ``late`` units delivered no sick leave.

    Cases are over in all months but the last ``unsettled``.
    """

    sectors: tuple[str, ...]
    people: tuple[Person, ...]
    n_months: int = 1
    late: frozenset[int] = frozenset()
    unsettled: int = 0

    def members(self, units: Iterable[int]) -> list[Person]:
        """Everybody who works in one of the units."""
        return [person for person in self.people if set(person.units) & set(units)]

    def days(self, unit: int, month: int, part: str) -> float:
        """Days lost in a unit; a person is away from all of theirs."""
        return sum(person.days.get((month, part), 0.0) for person in self.members([unit]))

    def behind(self, units: Iterable[int], months: Iterable[int], parts: Sequence[str]) -> int:
        """Distinct persons with days away of one of the parts."""
        keys = [(month, part) for month in months for part in parts]
        return sum(
            any(person.days.get(key, 0) > 0 for key in keys) for person in self.members(units)
        )

    def units_of(self, level: str, group: str) -> tuple[int, ...]:
        """The units behind a published row."""
        if level == "unit":
            return (int(group[1:]),)
        return tuple(
            unit
            for unit, sector in enumerate(self.sectors)
            if (level == "municipality" or sector == group) and unit not in self.late
        )


@dataclass(frozen=True)
class Models:
    """A database with what the models read, and their SQL by name, in order."""

    con: duckdb.DuckDBPyConnection
    sql: Mapping[str, str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        return self.con.execute(query).fetchall()


def compile_models(folder: Path, more: Sequence[str] = ()) -> Models:
    """Return a database with what the models read, empty; ``more`` are compiled too, and last."""
    file = build_warehouse(folder / "empty.duckdb", municipality(date(YEAR, 1, 1)), {})
    target = folder / "target"
    run_dbt(file, "compile", "--select", *_MODELS, *more, target=target)
    con = duckdb.connect()
    con.execute(_TABLES)
    stage_protection(con)
    return Models(con, _COUNTED | {name: compiled(name, target) for name in (*_MODELS, *more)})


def add_alike(
    models: Models,
    own: str,
    counts_as: str,
    *,
    family: str | None = None,
    but_unit: str | None = None,
) -> None:
    """Add a metric of the municipality's own that counts what another does, per head.

    Args:
        models: Before they are filled.
        own: What it is called.
        counts_as: The other.
        family: Another than the other's: it is hidden by itself.
        but_unit: A unit it is not for.
    """
    given = {"own": own, "counts_as": counts_as, "but_unit": but_unit, "family": family}
    for statement in filter(str.strip, _ALIKE.split(";")):
        names = {name: value for name, value in given.items() if f"${name}" in statement}
        models.con.execute(statement, names)


def fill(models: Models, town: PartsTown) -> None:
    """Replace what the models read by one municipality, and build them."""
    con = models.con
    months = range(town.n_months)
    rows: list[tuple[object, ...]] = []
    years: list[tuple[object, ...]] = []
    groups: list[tuple[object, ...]] = []
    for unit, sector in enumerate(town.sectors):
        for month in months:
            rows.extend(_unit_month(town, unit, sector, month))
        if town.n_months == 12 and unit not in town.late:
            persons = len(town.members([unit]))
            years.extend(
                (f"u{unit:02}", YEAR, part, persons, *_behind(town, (unit,), months, part))
                for part in PARTS
            )
    for level, group in [*{("sector", sector) for sector in town.sectors}, ("municipality", "all")]:
        units = town.units_of(level, group)
        groups.extend(
            (level, group, date(YEAR, month + 1, 1), part, *_behind(town, units, [month], part))
            for month in months
            for part in PARTS
        )
    for table, found in (
        ("int_metric_months", rows),
        ("int_sick_leave__unit_years", years),
        ("int_sick_leave__group_months", groups),
        (
            "int_months",
            [
                (date(YEAR, month + 1, 1), YEAR, month < town.n_months - town.unsettled)
                for month in months
            ],
        ),
    ):
        con.execute(f"delete from intermediate.{table}")
        if found:
            marks = ", ".join("?" for _ in found[0])
            con.executemany(f"insert into intermediate.{table} values ({marks})", found)
    con.execute(_ALIKE_MONTHS)
    for name, sql in models.sql.items():
        con.execute(f"create or replace table intermediate.{name} as {sql}")


def _behind(
    town: PartsTown, units: Sequence[int], months: Sequence[int] | range, part: str
) -> tuple[int, int]:
    others = [other for other in PARTS if other != part]
    return town.behind(units, months, [part]), town.behind(units, months, others)


def _unit_month(
    town: PartsTown, unit: int, sector: str, month: int
) -> Iterable[tuple[object, ...]]:
    n_persons = len(town.members([unit]))
    once = sum(person.units[0] == unit for person in town.people)
    agreed = 20.0 * n_persons
    days = {part: town.days(unit, month, part) for part in PARTS}
    total = sum(days.values())
    for metric, amount in {**days, "total": total, "complement": agreed - total}.items():
        parts = (metric,) if metric in PARTS else PARTS
        key = (f"u{unit:02}", sector, metric, date(YEAR, month + 1, 1), 100.0)
        if unit in town.late:
            yield (*key, None, agreed, None, False, n_persons, once, None, "no_data")
        else:
            n_behind = town.behind([unit], [month], parts)
            value = 100.0 * amount / agreed if agreed else None
            yield (*key, amount, agreed, value, True, n_persons, once, n_behind, None)
