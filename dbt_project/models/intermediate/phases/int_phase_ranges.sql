{{ config(materialized='view') }}
-- Cycle x metric, and the months that could be used on each side: within the metric's figures and
-- the unit's life, before the month of the first course day and after the introduction's last month.
with metric_ranges as (
    select
        metric_id,
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('int_metric_months') }}
    where has_data
    group by metric_id
),

unit_ranges as (
    select
        unit_id,
        metric_id,
        min(month) as first_month,
        max(month) as last_month
    from {{ ref('int_metric_months') }}
    group by unit_id, metric_id
),

phases as (
    select
        cycles.cycle_id,
        cycles.unit_id,
        unit_ranges.metric_id,
        cycles.start_date,
        {{ month_of('cycles.start_date') }} as introduction_first_month,
        {{ month_of('cycles.introduction_end_date') }} as introduction_last_month,
        greatest(unit_ranges.first_month, metric_ranges.first_month) as first_month,
        least(unit_ranges.last_month, metric_ranges.last_month) as last_month
    from {{ ref('int_lean__cycles') }} as cycles
    inner join unit_ranges
        on cycles.unit_id = unit_ranges.unit_id
    left join metric_ranges
        on unit_ranges.metric_id = metric_ranges.metric_id
    where cycles.start_date is not null
)

select
    cycle_id,
    unit_id,
    metric_id,
    start_date,
    introduction_first_month,
    introduction_last_month,
    cast({{ month_index('introduction_first_month') }} as integer) as start_index,
    cast({{ month_index('introduction_last_month') }} as integer) as end_index,
    cast(greatest(
        {{ month_index('introduction_first_month') }} - {{ month_index('first_month') }}, 0
    ) as integer) as months_before,
    cast(greatest(
        {{ month_index('last_month') }} - {{ month_index('introduction_last_month') }}, 0
    ) as integer) as months_after
from phases
