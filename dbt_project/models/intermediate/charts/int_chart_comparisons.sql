{{ config(materialized='view') }}
-- Unit minus the rest: the started unit's figure less that of the units of the same kind of service
-- that never started.
with own as (
    select
        series.series_id,
        series.unit_id,
        series.metric_id,
        series.service_type,
        series.scale,
        visible.month,
        visible.value
    from {{ ref('int_chart_series') }} as series
    inner join {{ ref('int_metric_months_visible') }} as visible
        on series.unit_id = visible.group_id
        and series.metric_id = visible.metric_id
        and visible.level = 'unit'
    where series.series = 'comparison'
),

rest as (
    select * from {{ ref('int_chart_pool_months') }} where not has_start
)

{{ comparison_series('own', 'rest') }}
