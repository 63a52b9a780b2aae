{{ config(materialized='view') }}
-- Months of groups of what units show per year, step by step. The sectors are the cells, the
-- municipality's month is the total that they are in.
with sizes as (
    select
        level,
        group_id,
        metric_id,
        percentile_cont(0.5) within group (order by n_persons_once) as size_order
    from {{ ref('int_suppression__group_months') }}
    group by level, group_id, metric_id
)

select
    months.level,
    months.group_id,
    case when months.level = 'sector' then 'all' end as cover_id,
    steps.step_id as family_id,
    max(steps.parent_step_id) as parent_step_id,
    steps.step_no,
    months.month,
    max(months.min_persons) as min_persons,
    min(months.n_persons_once) as n_persons_once,
    min(sizes.size_order) as size_order,
    min(months.reason) as reason
from {{ ref('int_suppression__group_months') }} as months
inner join {{ ref('int_metric_steps') }} as steps
    on months.metric_id = steps.metric_id
inner join sizes
    on months.level = sizes.level and months.group_id = sizes.group_id
    and months.metric_id = sizes.metric_id
group by months.level, months.group_id, steps.step_id, steps.step_no, months.month
