{{ config(materialized='view') }}
-- From what is measured to what is published of units: every measure of a metric is in a cell that is
-- shown, or says why not, and the parts of the cells shown are the sums of their measures.
with measured as (
    select
        parts.metric_id,
        parts.role,
        measures.unit_id,
        measures.month,
        parts.sign * measures.value as amount
    from {{ ref('stg_municipality__metric_measures') }} as parts
    inner join {{ ref('int_measures_unioned') }} as measures
        on parts.measure_id = measures.measure_id
),

followed as (
    select
        measured.*,
        case
            when shown.unit_id is not null then shown.part
            when units.unit_id is null then 'unit_not_then'
            when not metrics.is_core and services.metric_id is null then 'not_for_the_service'
        end as part
    from measured
    inner join {{ ref('int_metrics') }} as metrics
        on measured.metric_id = metrics.metric_id
    left join {{ ref('int_cell_fates') }} as shown
        on measured.unit_id = shown.unit_id and measured.month = shown.month
        and measured.metric_id = shown.metric_id
    left join {{ ref('int_unit_months') }} as units
        on measured.unit_id = units.unit_id and measured.month = units.month
    left join {{ ref('stg_municipality__metric_services') }} as services
        on measured.metric_id = services.metric_id and units.service_type = services.service_type
),

counted as (
    -- what no sum can hold has made its cell missing: only what is shown is added up
    select
        metric_id,
        month,
        'loaded' as part,
        count(*) as n_rows,
        {{ exact_sum("case when part = 'used' then amount end") }} as amount
    from followed
    group by metric_id, month
    union all
    select metric_id, month, part, count(*) as n_rows, cast(0 as double) as amount
    from followed
    group by metric_id, month, part
    union all
    select
        cells.metric_id,
        cells.month,
        'used' as part,
        0 as n_rows,
        {{ exact_sum('cells.numerator') }}
        + coalesce({{ exact_sum('case when metrics.has_denominator then cells.denominator end') }}, 0)
            as amount
    from {{ ref('int_metric_levels') }} as cells
    inner join {{ ref('int_metrics') }} as metrics
        on cells.metric_id = metrics.metric_id
    inner join {{ ref('int_cell_fates') }} as shown
        on cells.group_id = shown.unit_id and cells.metric_id = shown.metric_id
        and cells.month = shown.month and shown.part = 'used'
    where cells.level = 'unit'
    group by cells.metric_id, cells.month
)

select
    'metrics.measures' as source,
    '' as feed_id,
    {{ month_label('month') }} as period,
    metric_id as measure,
    part,
    n_rows,
    coalesce(amount, 0) as amount
from counted
