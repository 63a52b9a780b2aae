"""The waiting list and what is known of each metric, read from the warehouse; nothing is computed.

The months are the ones the effects were estimated from, so what is hidden from readers is read by
nobody here; what comes out is how sure an answer would be, never a unit's figure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.effects.model.kernel import KernelParams
from pipelines.effects.model.panel import Panel, build_panel
from pipelines.effects.model.scale import Scale
from pipelines.effects.tables.warehouse_inputs import read_inputs

_UNITS = """
select waiting.unit_id, waiting.unit_name, units.service_type, waiting.planned_date
from marts.mart_waiting_list as waiting
inner join marts.dim_units as units on waiting.unit_id = units.unit_id
order by waiting.planned_date nulls last, waiting.unit_id
"""
_METRICS = """
select
    metrics.metric_id, metrics.label_nb, metrics.unit, metrics.decimals, metrics.is_headline,
    metrics.minimum_relevant_effect, checks.scale, fits.params
from staging.stg_municipality__metrics as metrics
inner join marts.mart_effect_checks as checks on metrics.metric_id = checks.metric_id
inner join (
    select metric_id, min(params) as params
    from marts.mart_effects
    where params is not null
    group by metric_id
) as fits on metrics.metric_id = fits.metric_id
order by metrics.metric_order
"""


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


@dataclass(frozen=True)
class PlannedMetric:
    """A metric that has a model, and its months until now.

    Attributes:
        metric_id: Its code.
        label: What it is called, in bokmål.
        unit: Its unit.
        decimals: As it is printed.
        is_headline: Whether it is one of the metrics that are shown first.
        relevant: The smallest change that means something in practice, if that is set.
        scale: The model's scale.
        params: Of the last fit.
        panel: Units and months until now.
    """

    metric_id: str
    label: str
    unit: str
    decimals: int
    is_headline: bool
    relevant: float | None
    scale: Scale
    params: KernelParams
    panel: Panel


@dataclass(frozen=True)
class WaitingList:
    """Who waits, and what could be measured of them.

    Attributes:
        last_month: The last month with figures.
        units: Those who wait, the first planned first.
        metrics: Those with a model, in the metrics' order.
    """

    last_month: date
    units: tuple[WaitingUnit, ...]
    metrics: tuple[PlannedMetric, ...]


def read_waiting_list(con: duckdb.DuckDBPyConnection) -> WaitingList:
    """Read who waits and each modelled metric's months and parameters.

    Args:
        con: The open warehouse, after a night with effects.
    """
    inputs = read_inputs(con)
    units = tuple(
        WaitingUnit(unit_id, name, service_type or "", planned)
        for unit_id, name, service_type, planned in con.execute(_UNITS).fetchall()
    )
    found = con.execute(_METRICS)
    names = [column[0] for column in found.description or ()]
    metrics = []
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        about = inputs.about(row["metric_id"])
        if not about.values.is_empty():
            metrics.append(_metric(row, build_panel(about.values, about.units)))
    return WaitingList(inputs.as_of_month, units, tuple(metrics))


def _metric(row: Mapping[str, Any], panel: Panel) -> PlannedMetric:
    return PlannedMetric(
        metric_id=row["metric_id"],
        label=row["label_nb"],
        unit=row["unit"],
        decimals=row["decimals"],
        is_headline=row["is_headline"],
        relevant=row["minimum_relevant_effect"],
        scale="log" if row["scale"] == "log" else "raw",
        params=KernelParams(**json.loads(row["params"])),
        panel=panel,
    )
