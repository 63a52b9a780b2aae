{{ config(materialized='view') }}
-- The same per family: a complement follows its total. `size_order` is the unit's usual size, so that
-- the same neighbour is chosen every month when one must be hidden to protect another.
with cells as (
    select
        level,
        group_id,
        sector,
        family_id,
        month,
        max(min_persons) as min_persons,
        max(case when is_count then 1 else 0 end) = 1 as is_count,
        min(n_persons_once) as n_persons_once,
        min(reason) as reason
    from {{ ref('int_suppression__reasons') }}
    group by level, group_id, sector, family_id, month
),

sizes as (
    select
        group_id,
        family_id,
        percentile_cont(0.5) within group (order by n_persons) as size_order
    from {{ ref('int_suppression__reasons') }}
    where level = 'unit'
    group by group_id, family_id
)

select
    cells.level,
    cells.group_id,
    cells.sector,
    cells.family_id,
    cells.month,
    cells.min_persons,
    cells.is_count,
    cells.n_persons_once,
    coalesce(cells.reason, case when earlier.period is not null then 'secondary' end) as reason,
    coalesce(sizes.size_order, 0e0) as size_order
from cells
left join sizes
    on cells.group_id = sizes.group_id
    and cells.family_id = sizes.family_id
    and cells.level = 'unit'
left join {{ ref('stg_ops__hidden_cells') }} as earlier
    on cells.level = earlier.level
    and cells.group_id = earlier.group_id
    and cells.family_id = earlier.family_id
    and {{ month_label('cells.month') }} = earlier.period
