{{ config(materialized='view') }}
-- Why a metric has no figure in a month although something was delivered, by unit: the reason of the
-- first of its measures that was withheld. A new reason is one more branch in `gaps`.
with gaps as (
    select unit_id, month, measure_id, reason
    from {{ ref('int_sick_leave__gaps') }}
)

select
    gaps.unit_id,
    gaps.month,
    parts.metric_id,
    min(gaps.reason) as reason
from gaps
inner join {{ ref('stg_municipality__metric_measures') }} as parts
    on gaps.measure_id = parts.measure_id
group by gaps.unit_id, gaps.month, parts.metric_id
