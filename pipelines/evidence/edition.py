"""The estimates of a published edition as rows that could be told: one per metric and kind.

Whether a row may leave is decided in ``withheld``; here figures are only brought back to the scale
of the model, six digits each.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pipelines.effects.model.family import DEGREES_OF_FREEDOM
from pipelines.effects.model.student import half_width
from pipelines.evidence.pack import Definition, six_digits
from pipelines.evidence.withheld import ALL, Units
from pipelines.publishing.contents import read_rows
from pipelines.publishing.files import Generation
from pipelines.settings import Paths

_SICK = "sick_days"
WINDOW = (0, 23)
"""Months after the start: the window every municipality tells of."""
_METRICS = """
select m.*, c.failures
from dim_metrics as m
inner join mart_effect_checks as c on c.metric_id = m.metric_id
where m.direction in ('lower', 'higher')
order by m.metric_order, m.metric_id
"""
_POOLED = f"""
select * from mart_effects_pooled
where kind = 'window' and first_month_after = {WINDOW[0]} and last_month_after = {WINDOW[1]}
    and group_type in ('all', 'service_type')
order by metric_id, group_type, group_id
"""
_UNITS = """
select e.metric_id, e.unit_id, u.service_type, e.lean_start, e.mean_before, e.n_untreated
from mart_effects as e
inner join dim_units as u on u.unit_id = e.unit_id
where e.is_pooled
order by e.metric_id, e.unit_id
"""
_PERSONS = """
with shown as (
    select group_id as unit_id, month, n_persons_label
    from fct_metric_months
    where level = 'unit' and n_persons_label is not null and value is not null
), newest as (
    select unit_id, max(month) as month from shown group by unit_id
)
select distinct shown.unit_id, shown.n_persons_label
from shown
inner join newest on newest.unit_id = shown.unit_id and newest.month = shown.month
"""
_OPEN_UNITS = """
select service_type, count(*) as n_units
from dim_units
where valid_to is null or valid_to >= current_date
group by service_type
"""
_MUNICIPALITY = "select name, last_month, min_persons, min_persons_split from mart_municipality"


@dataclass(frozen=True)
class Estimated:
    """A metric's estimate for all units or one kind.

    Attributes:
        name: ``all`` or the kind.
        units: Its units, with the persons that the edition shows; 0 where it shows none.
        first_start: When the first of them started.
        scale: The model's.
        figures: ``estimate``, ``se``, ``margin``, ``bump`` and ``mean_before``, six digits; None
            where there is none: of ``bump`` without a year before the start to compare, of
            ``mean_before`` where the edition hides it.
        df: Degrees of freedom.
        n_waiting: Units they were compared with.
        n_told: How many units the edition says the estimate is of.
        model_version: Of the model.
    """

    name: str
    units: Units
    first_start: date
    scale: Literal["raw", "log"]
    figures: Mapping[str, float | None]
    df: int
    n_waiting: int
    n_told: int
    model_version: str


@dataclass(frozen=True)
class Metric:
    """A metric that is measured, with what could be told of it.

    Attributes:
        metric_id: Its code.
        family: The metric of which it is a part; itself otherwise.
        definition: What it is.
        failures: Model checks that failed.
        least_per_unit: Persons that every unit must have.
        rows: Its estimates.
    """

    metric_id: str
    family: str
    definition: Definition
    failures: str
    least_per_unit: int
    rows: tuple[Estimated, ...]


@dataclass(frozen=True)
class Edition:
    """What an edition could tell.

    Attributes:
        name: The municipality's name.
        last_month: The last month with figures.
        metrics: Those with a better direction, each before its parts.
        n_units: Units that are open, by kind, and ``all`` of them.
    """

    name: str
    last_month: date
    metrics: tuple[Metric, ...]
    n_units: Mapping[str, int]


SICK_LEAVE_DEFINITIONS = """
select distinct definition from sick_leave.unit_months
union
select 'HR_INTERN' from sick_leave.spells
order by 1
"""
"""Of the warehouse: by which definitions absence was delivered; own spells are HR's."""


def read_edition(
    paths: Paths, generation: Generation, sick_leave_definitions: Sequence[str] = ()
) -> Edition:
    """Read what a published edition could tell.

    Args:
        paths: The municipality's folders.
        generation: The edition.
        sick_leave_definitions: By which definitions absence was delivered; figures by other
            definitions are another metric, and are never pooled with these.
    """

    def ask(sql: str) -> list[Mapping[str, Any]]:
        return read_rows(paths, generation, sql)

    units, pooled = ask(_UNITS), ask(_POOLED)
    about = ask(_MUNICIPALITY)[0]
    persons = _persons(ask(_PERSONS), about["min_persons"])
    metrics = [
        Metric(
            row["metric_id"],
            row["split_of"] or row["metric_id"],
            _definition(row, " + ".join(sick_leave_definitions)),
            row["failures"] or "",
            about["min_persons_split"] if row["split_of"] else about["min_persons"],
            tuple(
                _estimated(one, [u for u in units if u["metric_id"] == row["metric_id"]], persons)
                for one in pooled
                if one["metric_id"] == row["metric_id"]
            ),
        )
        for row in ask(_METRICS)
    ]
    metrics.sort(key=lambda metric: metric.family != metric.metric_id)
    rows = ask(_OPEN_UNITS)
    n_units = {row["service_type"]: row["n_units"] for row in rows if row["service_type"]}
    n_units[ALL] = sum(row["n_units"] for row in rows)
    return Edition(about["name"], about["last_month"], tuple(metrics), n_units)


def _persons(rows: Sequence[Mapping[str, Any]], fewest: int) -> dict[str, int]:
    """Return unit -> the most persons that any of its figures is shown to be of, in its last month.

    A figure that is shown is of ``fewest`` at least, also where it says no more than «<10».
    """
    found: dict[str, int] = {}
    for row in rows:
        told, unit = row["n_persons_label"], row["unit_id"]
        found[unit] = max(found.get(unit, 0), int(told) if told.isdecimal() else fewest)
    return found


def _definition(row: Mapping[str, Any], sick_leave: str) -> Definition:
    parts = [row["numerator_plus"], row["numerator_minus"]]
    is_of_sick_leave = any(_SICK in (part or "") for part in parts)
    scale = float(row["scale"])
    return Definition(
        metric_id=row["metric_id"],
        version=1,
        numerator=" - ".join(part for part in parts if part),
        denominator=row["denominator"] or "",
        scale=int(scale) if scale.is_integer() else scale,
        unit=row["unit"],
        direction=row["direction"],
        source_definition=(sick_leave if is_of_sick_leave else "") or row["source"] or "",
    )


def _estimated(
    row: Mapping[str, Any], units: Sequence[Mapping[str, Any]], persons: Mapping[str, int]
) -> Estimated:
    is_all = row["group_type"] == ALL
    mine = [u for u in units if is_all or u["service_type"] == row["group_id"]]
    is_log = row["effect_unit"] == "percent"
    figures = {
        name: None if row[name] is None else _on_scale(row[name], is_log=is_log, is_level=is_level)
        for name, is_level in (("estimate", True), ("se", False), ("margin", False), ("bump", True))
    }
    figures["mean_before"] = _mean([u["mean_before"] for u in mine])
    return Estimated(
        name=ALL if is_all else row["group_id"],
        units={u["unit_id"]: persons.get(u["unit_id"], 0) for u in mine},
        first_start=min((u["lean_start"] for u in mine), default=date.max),
        scale="log" if is_log else "raw",
        figures=figures,
        df=_degrees_of_freedom(row, is_log=is_log),
        n_waiting=max((u["n_untreated"] or 0 for u in mine), default=0),
        n_told=row["n_units"],
        model_version=row["model_version"],
    )


def _mean(levels: Sequence[float | None]) -> float | None:
    """Return the mean; None when the edition hides the level of any, as of figures per year.

    All units count alike: with weights that change from pack to pack, as the number of persons
    does, as many packs as there are units would give the level of each.
    """
    known = [level for level in levels if level is not None]
    if not known or len(known) < len(levels):
        return None
    return six_digits(sum(known) / len(known))


def _on_scale(value: float, *, is_log: bool, is_level: bool) -> float:
    """Return a published figure on the model's scale: per cent are of what was expected."""
    if not is_log:
        return six_digits(value)
    return six_digits(math.log1p(value / 100) if is_level else value / 100)


def _degrees_of_freedom(row: Mapping[str, Any], *, is_log: bool) -> int:
    """Return the degrees of freedom that the published interval was made with."""
    high, middle = (
        _on_scale(row[name], is_log=is_log, is_level=True) for name in ("hi", "estimate")
    )
    se, margin = (
        _on_scale(row[name] or 0.0, is_log=is_log, is_level=False) for name in ("se", "margin")
    )
    if not se:
        # rounded to nothing, as what units show per year can be: such a row is kept back
        return DEGREES_OF_FREEDOM
    half = (high - middle - margin) / se
    possible = range(1, max(DEGREES_OF_FREEDOM, row["n_units"] - 1) + 1)
    return min(possible, key=lambda df: abs(half_width(df) - half))
