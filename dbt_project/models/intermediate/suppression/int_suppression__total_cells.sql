{{ config(materialized='view') }}
-- Cells of totals (metrics that are not parts of a split) with the reason of their own for being hidden.
-- What an edition has shown is known, and hides no other; nor does what is in no total yet, of any metric
-- of the family: a unit may have nothing for one of them to be measured against.
with shown as (
    select counted.unit_id, counted.total_id, counted.month
    from {{ ref('int_counted_unit_months') }} as counted
    inner join {{ ref('int_metrics') }} as metrics
        on counted.metric_id = metrics.metric_id
    where counted.was_shown or metrics.unit_grain = 'month'
    group by counted.unit_id, counted.total_id, counted.month
    having
        max(case when counted.was_shown then 1 else 0 end) = 1
        or max(case when counted.is_counted then 1 else 0 end) = 0
)

select
    families.level,
    families.group_id,
    families.sector,
    families.family_id,
    families.month,
    families.min_persons,
    families.is_count,
    families.n_persons_once,
    families.size_order,
    families.reason,
    shown.unit_id is not null as was_shown
from {{ ref('int_suppression__families') }} as families
left join shown
    on families.level = 'unit' and families.group_id = shown.unit_id
    and families.family_id = shown.total_id and families.month = shown.month
union all
-- no longer in the source, but in the totals: a hidden unit behind them still
select
    'unit' as level,
    counted.unit_id as group_id,
    counted.sector,
    counted.total_id as family_id,
    counted.month,
    max(metrics.min_persons) as min_persons,
    max(case when metrics.is_count then 1 else 0 end) = 1 as is_count,
    coalesce(min(counted.n_persons_once), 0) as n_persons_once,
    0e0 as size_order,
    'secondary' as reason,
    max(case when counted.was_shown then 1 else 0 end) = 1 as was_shown
from {{ ref('int_counted_unit_months') }} as counted
inner join {{ ref('int_metrics') }} as metrics
    on counted.metric_id = metrics.metric_id and metrics.unit_grain = 'month'
where counted.is_counted and not counted.has_data
group by counted.unit_id, counted.sector, counted.total_id, counted.month
