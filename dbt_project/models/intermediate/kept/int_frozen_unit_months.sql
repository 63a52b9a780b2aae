{{ config(materialized='view') }}
-- Unit months about persons that are hidden, now or in an earlier edition: what they count as is frozen.
-- Parts follow their total, in all months of a year of which they show nothing.
with hidden as (
    select group_id as unit_id, family_id, period, 'month' as unit_grain
    from {{ ref('stg_ops__hidden_cells') }}
    where level = 'unit'
    union all
    -- a year with such a month shows no parts
    select distinct group_id as unit_id, family_id, substr(period, 1, 4) as period, 'year' as unit_grain
    from {{ ref('stg_ops__hidden_cells') }}
    where level = 'unit'
),

hidden_years as (
    select cells.group_id, steps.metric_id, cells.period
    from {{ ref('stg_ops__hidden_cells') }} as cells
    inner join {{ ref('int_metric_steps') }} as steps
        on cells.family_id = steps.step_id
    where cells.level = 'unit'
    group by cells.group_id, steps.metric_id, cells.period
),

small as (
    select months.unit_id, metrics.family_id, months.month
    from {{ ref('int_metric_months') }} as months
    inner join {{ ref('int_metrics') }} as metrics
        on months.metric_id = metrics.metric_id
    where
        metrics.is_about_persons and not metrics.is_split and months.has_data
        and {{ few_persons_reason('months.n_persons', 'metrics.min_persons') }} is not null
    group by months.unit_id, metrics.family_id, months.month
)

select months.unit_id, months.metric_id, months.month
from {{ ref('int_metric_months') }} as months
inner join {{ ref('int_metrics') }} as metrics
    on months.metric_id = metrics.metric_id and metrics.is_about_persons
left join hidden
    on months.unit_id = hidden.unit_id
    and coalesce(metrics.parent_family_id, metrics.family_id) = hidden.family_id
    and metrics.unit_grain = hidden.unit_grain
    and hidden.period = case
        when metrics.unit_grain = 'month' then {{ month_label('months.month') }}
        else cast(extract(year from months.month) as {{ type_text() }})
    end
left join hidden_years
    on concat(months.unit_id, '/', months.sector) = hidden_years.group_id
    and months.metric_id = hidden_years.metric_id
    and cast(extract(year from months.month) as {{ type_text() }}) = hidden_years.period
left join small
    on months.unit_id = small.unit_id
    and coalesce(metrics.parent_family_id, metrics.family_id) = small.family_id
    and months.month = small.month
where hidden.unit_id is not null or hidden_years.group_id is not null or small.unit_id is not null
