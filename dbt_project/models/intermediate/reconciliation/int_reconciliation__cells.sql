{{ config(materialized='view') }}
-- Every cell of a unit is shown, hidden, or missing with its reason.
select
    'metrics.cells' as source,
    '' as feed_id,
    {{ month_label('cells.month') }} as period,
    cells.metric_id as measure,
    case when sides.is_loaded then 'loaded' else cells.part end as part,
    count(*) as n_rows,
    cast(0 as double) as amount
from {{ ref('int_cell_fates') }} as cells
cross join (select true as is_loaded union all select false as is_loaded) as sides
group by cells.month, cells.metric_id, case when sides.is_loaded then 'loaded' else cells.part end
