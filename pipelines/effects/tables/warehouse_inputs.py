"""The four frames that effects are estimated from, read from the warehouse.

Figures come from the visible cells only, as everything published does: what is hidden from readers
is hidden from the models too. What a unit shows per year is the exception: its months are read from
the restricted side, of units that show years and, once started, their window, and only what is said
of the window leaves (``window_only``). Nothing is estimated here.
"""

import re
from datetime import date

import duckdb
import polars as pl

from pipelines.effects.judge.events import headcount_reorganisations
from pipelines.effects.model.inputs import (
    EVENTS,
    METRICS,
    REGISTERED,
    UNITS,
    VALUES,
    EffectInputs,
)
from pipelines.effects.model.panel import mean_employees

_NO_MONTH = date(1900, 1, 1)

# Lean is there from the first full month after the introduction. The months of the introduction are
# neither before nor after: they are left out, and so are all months of one that has no end yet.
_STARTS = """
with first_starts as (
    select
        cycle_id,
        unit_id,
        wave,
        cast(
            date_trunc('month', coalesce(start_date, introduction_end_date)) as date
        ) as first_month,
        cast(date_trunc('month', introduction_end_date) as date) as last_month,
        cast(
            date_trunc('month', introduction_end_date) + interval 1 month as date
        ) as lean_start
    from intermediate.int_lean__cycles
    where start_no = 1
)
"""

# the gain measure is a stock, which a merge or a split moves: only the months in which the unit is
# one and the same
# six decimals, as published: the last bits of a sum may differ from night to night
_VALUES = f"""
{_STARTS},
shown_units as (
    select distinct years.group_id as unit_id, years.metric_id
    from intermediate.int_metric_years_visible as years
    left join first_starts as starts
        on years.group_id = starts.unit_id
    left join intermediate.int_lean__cycles as cycles
        on years.group_id = cycles.unit_id and cycles.start_no = 1
    left join intermediate.int_phase_results as windows
        on cycles.cycle_id = windows.cycle_id and years.metric_id = windows.metric_id
    where years.level = 'unit' and years.value is not null
        and (
            starts.unit_id is null
            or (windows.value_before is not null and windows.value_after is not null)
        )
),
seen as (
    select group_id, month, metric_id, value, numerator, denominator
    from intermediate.int_metric_months_visible
    where level = 'unit' and value is not null
    union all
    select levels.group_id, levels.month, levels.metric_id, levels.value, levels.numerator,
        levels.denominator
    from intermediate.int_metric_levels as levels
    inner join intermediate.int_metrics as limits
        on levels.metric_id = limits.metric_id and limits.unit_grain = 'year'
    inner join shown_units
        on levels.group_id = shown_units.unit_id and levels.metric_id = shown_units.metric_id
    inner join intermediate.int_months as calendar
        on levels.month = calendar.month and (calendar.is_settled or not limits.is_by_duration)
    where levels.level = 'unit' and levels.value is not null
)
select
    months.group_id as unit_id,
    months.month,
    months.metric_id,
    round(months.value, 6) as value,
    round(months.numerator, 6) as numerator,
    round(months.denominator, 6) as denominator
from seen as months
left join first_starts as starts
    on months.group_id = starts.unit_id and months.month >= starts.first_month
    and (starts.last_month is null or months.month <= starts.last_month)
left join intermediate.int_comparable_spans as spans
    on months.group_id = spans.unit_id
    and months.month >= spans.first_month
    and (spans.next_border is null or months.month < spans.next_border)
inner join staging.stg_municipality__metrics as metrics
    on months.metric_id = metrics.metric_id
where starts.unit_id is null and (not metrics.is_gain_measure or spans.unit_id is not null)
order by months.metric_id, months.group_id, months.month
"""

_UNITS = f"""
{_STARTS}
select
    units.unit_id,
    units.sector,
    units.service_type,
    coalesce(pilots.wave, starts.wave) as wave,
    pilots.unit_id is not null as is_pilot,
    starts.lean_start,
    date_diff('month', starts.first_month, starts.lean_start) as introduction_months,
    coalesce(orders.start_order = 'drawn', false) as is_drawn
from staging.stg_organisation__units as units
left join staging.stg_municipality__pilots as pilots
    on units.unit_id = pilots.unit_id
left join first_starts as starts
    on units.unit_id = starts.unit_id
left join intermediate.int_start_orders as orders
    on starts.cycle_id = orders.cycle_id
order by units.unit_id
"""

# minutes, kroner and days are whole numbers too, but no trials: their shares are as measured;
# a complement (100 - x) would be the same fit and the same finding once more, and kroner of the day
# move with wages and prices
_METRICS = """
select
    metrics.metric_id,
    metrics.label_nb,
    metrics.label_en,
    metrics.unit,
    metrics.decimals,
    metrics.direction,
    metrics.target_value,
    metrics.scale,
    metrics.is_cost_linked,
    metrics.minimum_relevant_effect,
    metrics.log_if_skewed,
    metrics.is_gain_measure as always_log,
    limits.unit_grain = 'year' as is_yearly,
    case
        when metrics.is_gain_measure or not metrics.is_count then null
        when metrics.is_about_persons and metrics.unit <> 'per_100' then null
        when metrics.unit in ('per_100', 'per_1000', 'per_10000') then 'count'
        when metrics.unit = 'pct' then 'share'
    end as counted_as,
    case when metrics.is_about_persons then limits.min_persons else 0 end as min_persons
from staging.stg_municipality__metrics as metrics
inner join intermediate.int_metrics as limits
    on metrics.metric_id = limits.metric_id
where (metrics.direction <> 'neutral' or metrics.is_gain_measure)
    and metrics.complement_of is null and not metrics.is_nominal
order by metrics.metric_order
"""

_EVENTS = """
select unit_id, cast(date_trunc('month', event_date) as date) as month, event_type, metric_id
from intermediate.int_unit_events
order by all
"""

_REGISTERED = """
select locks.unit_id, locks.tested_metric_id as metric_id, locks.look_months
from intermediate.int_target_locks as locks
inner join intermediate.int_lean__cycles as cycles
    on locks.cycle_id = cycles.cycle_id and cycles.start_no = 1
where locks.lock_state = 'registered'
order by locks.unit_id
"""

# what is hidden in the months few were absent is left with its bad months, and a model of them
# would be a model of the hiding
_MIN_VISIBLE_SHARE = 0.75
_MOSTLY_HIDDEN = f"""
select months.metric_id
from intermediate.int_metric_months_visible as months
inner join intermediate.int_metrics as limits
    on months.metric_id = limits.metric_id and limits.unit_grain = 'month'
where months.level = 'unit' and months.has_data
group by months.metric_id
having count(case when months.suppression_reason is null then 1 end)
    < {_MIN_VISIBLE_SHARE} * count(*)
"""

# staff who are paid by the hour have no position, but are persons with agreed days
_HEADCOUNT = """
select
    unit_id,
    month,
    cast(coalesce(
        max(case when measure_id = 'n_employees' then value end),
        max(case when measure_id = 'agreed_days' then n_persons end)
    ) as double) as employees
from intermediate.int_measures_unioned
where measure_id in ('n_employees', 'agreed_days')
group by unit_id, month
having employees is not null
order by unit_id, month
"""

_OPTIONAL = {"always_log": pl.Boolean, "is_yearly": pl.Boolean, "counted_as": pl.String}

_OPTIONAL_OF_UNITS = {
    "introduction_months": pl.Int64,
    "is_drawn": pl.Boolean,
    "service_type": pl.String,
}

_ALL = (_VALUES, _UNITS, _METRICS, _EVENTS, _REGISTERED, _MOSTLY_HIDDEN, _HEADCOUNT)
_READ = re.compile(r"\b(?:intermediate|staging|marts)\.(\w+)")
MODELS_READ = tuple(sorted(set(_READ.findall(" ".join(_ALL)))))
"""The dbt models that the queries above stand on; a run builds them first."""


def read_inputs(con: duckdb.DuckDBPyConnection) -> EffectInputs:
    """Read everything the effects of the warehouse's municipality are estimated from.

    Metrics without a better direction are left out, but for the one gains are held against, and so
    are metrics that no started unit has.
    A unit without a headcount is left out too: nobody knows how much its figures weigh.

    Args:
        con: The open warehouse, with its dbt models built.
    """
    values = _typed(con, _VALUES, VALUES)
    headcount = con.sql(_HEADCOUNT).pl().with_columns(pl.col("month").cast(pl.Date))
    starts = con.sql(_UNITS).pl().with_columns(pl.col("lean_start").cast(pl.Date))
    units = starts.join(mean_employees(headcount, starts), on="unit_id").cast(
        {**UNITS, **_OPTIONAL_OF_UNITS}
    )
    as_of_month: date = max(values["month"], default=_NO_MONTH)
    started = units.filter(pl.col("lean_start") <= as_of_month)
    metrics = _typed(
        con,
        _METRICS,
        METRICS | _OPTIONAL,
    ).filter(
        pl.col("metric_id").is_in(
            values.join(started, on="unit_id", how="semi")["metric_id"].unique().to_list()
        )
    )
    events = pl.concat([_typed(con, _EVENTS, EVENTS), headcount_reorganisations(headcount, starts)])
    return EffectInputs(
        values=values.filter(pl.col("metric_id").is_in(metrics["metric_id"].to_list())),
        units=units,
        metrics=metrics,
        events=events,
        as_of_month=as_of_month,
        registered=_typed(con, _REGISTERED, REGISTERED),
        unmodelled=frozenset(name for (name,) in con.execute(_MOSTLY_HIDDEN).fetchall()),
    )


def _typed(
    con: duckdb.DuckDBPyConnection, sql: str, columns: dict[str, type[pl.DataType]]
) -> pl.DataFrame:
    frame: pl.DataFrame = con.sql(sql).pl()
    return frame.select(pl.col(name).cast(dtype) for name, dtype in columns.items())
