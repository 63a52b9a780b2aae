-- The newest figure each cell has counted with.
with newest_first as (
    select
        cells.*,
        max(case when is_shown then 1 else 0 end) over (
            partition by unit_id, metric_id, month
        ) = 1 as was_shown,
        row_number() over (
            partition by unit_id, metric_id, month order by entry_no desc
        ) as place
    from {{ source('ops', 'counted_cells') }} as cells
)

select
    unit_id,
    metric_id,
    month,
    numerator,
    denominator,
    n_persons,
    n_persons_once,
    n_contributors,
    was_shown
from newest_first
where place = 1
