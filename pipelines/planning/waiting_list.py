"""Who waits, and which metrics a plan can be made for, read from the warehouse; little to load."""

from dataclasses import dataclass
from datetime import date

import duckdb

_UNITS = """
select waiting.unit_id, waiting.unit_name, units.service_type, waiting.planned_date
from marts.mart_waiting_list as waiting
inner join marts.dim_units as units on waiting.unit_id = units.unit_id
order by waiting.planned_date nulls last, waiting.unit_id
"""
MODELS_READ = ("dim_units", "mart_waiting_list", "stg_municipality__metrics")
"""The dbt models that the queries here stand on, besides the effects."""
PLANNED_METRICS = """
select metrics.metric_id, metrics.is_headline
from staging.stg_municipality__metrics as metrics
inner join marts.mart_effect_checks as checks on metrics.metric_id = checks.metric_id
where checks.scale is not null
order by metrics.metric_order
"""
"""Metrics that have a model, with whether each is one of those shown first."""


@dataclass(frozen=True)
class WaitingUnit:
    """A unit that has not started.

    Attributes:
        unit_id: Its code.
        name: Its name.
        service_type: Its kind of service; empty when nobody has said.
        planned: The planned first course day, if there is one.
    """

    unit_id: str
    name: str
    service_type: str
    planned: date | None


def waiting_units(con: duckdb.DuckDBPyConnection) -> tuple[WaitingUnit, ...]:
    """Return who waits, the first planned first."""
    return tuple(
        WaitingUnit(unit_id, name, service_type or "", planned)
        for unit_id, name, service_type, planned in con.execute(_UNITS).fetchall()
    )
