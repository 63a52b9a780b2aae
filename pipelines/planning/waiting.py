"""What is known of each metric before the start, read from the warehouse; nothing is computed.

The months are the ones the effects were estimated from, so what is hidden from readers is read by
nobody here; what comes out is how sure an answer would be, never a unit's figure.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from pipelines.effects.judge.verdicts import good_sign
from pipelines.effects.model.inputs import EffectInputs
from pipelines.effects.model.kernel import KernelParams
from pipelines.effects.model.models import model_metric
from pipelines.effects.model.panel import Panel, build_panel
from pipelines.effects.model.scale import Telling
from pipelines.effects.tables.metric_estimate import MetricTask
from pipelines.effects.tables.metric_rows import counted
from pipelines.effects.tables.warehouse_inputs import read_inputs
from pipelines.planning.waiting_list import WaitingUnit, waiting_units

_METRICS = """
select
    metrics.metric_id, metrics.label_nb, metrics.unit, metrics.decimals, metrics.is_headline,
    metrics.minimum_relevant_effect, checks.failures
from staging.stg_municipality__metrics as metrics
inner join marts.mart_effect_checks as checks on metrics.metric_id = checks.metric_id
order by metrics.metric_order
"""


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
        telling: How an effect on the model's scale is told.
        sign: 1 where higher is better, -1 where lower is, else None.
        params: Of the last fit.
        panel: Units and months until now.
        is_judged: Its model holds, so that verdicts are given at all.
    """

    metric_id: str
    label: str
    unit: str
    decimals: int
    is_headline: bool
    relevant: float | None
    telling: Telling
    sign: int | None
    params: KernelParams
    panel: Panel
    is_judged: bool = True


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


def read_waiting_list(con: duckdb.DuckDBPyConnection, fits: Path) -> WaitingList:
    """Read who waits and each modelled metric's months and parameters.

    Args:
        con: The open warehouse, after a night with effects.
        fits: Where the night keeps its fits.
    """
    inputs = read_inputs(con)
    metrics = tuple(planned_metrics(con, inputs, fits))
    return WaitingList(inputs.as_of_month, waiting_units(con), metrics)


def planned_metrics(
    con: duckdb.DuckDBPyConnection,
    inputs: EffectInputs,
    fits: Path,
    only: Collection[str] | None = None,
) -> Iterator[PlannedMetric]:
    """Return each modelled metric with its months and parameters, in the metrics' order.

    Args:
        con: The open warehouse, after the effects.
        inputs: What the effects were estimated from.
        fits: Where the night keeps its fits; one that is not there is fitted.
        only: These metrics; None = all.
    """
    found = con.execute(_METRICS)
    names = [column[0] for column in found.description or ()]
    for values in found.fetchall():
        row = dict(zip(names, values, strict=True))
        if only is not None and row["metric_id"] not in only:
            continue
        planned = _metric(row, inputs.about(row["metric_id"]), fits)
        if planned is not None:
            yield planned


def _metric(row: Mapping[str, Any], about: EffectInputs, fits: Path) -> PlannedMetric | None:
    if about.values.is_empty():
        return None
    measured = build_panel(about.values, about.units)
    asked = counted(about.metrics.row(0, named=True))
    request = MetricTask(about, asked, fits).request(measured)
    model = None if request is None else model_metric(request)
    if model is None:
        return None
    return PlannedMetric(
        metric_id=row["metric_id"],
        label=row["label_nb"],
        unit=row["unit"],
        decimals=row["decimals"],
        is_headline=row["is_headline"],
        relevant=row["minimum_relevant_effect"],
        telling=Telling(model.scale, float(np.nanmean(measured.values)), float(asked["scale"])),
        sign=good_sign(asked["direction"]),
        params=model.fit.params,
        panel=model.panel,
        is_judged=not row["failures"],
    )
