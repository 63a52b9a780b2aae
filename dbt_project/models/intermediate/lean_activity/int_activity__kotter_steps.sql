-- Every step as it was set, with the first day of the run of the same step it belongs to, and whether
-- it is the newest of its unit.
with ordered as (
    select
        steps.unit_id,
        steps.step_date,
        steps.step,
        steps.evidence,
        steps.set_by_role,
        lag(steps.step) over (partition by steps.unit_id order by steps.step_date)
            as previous_step,
        row_number() over (partition by steps.unit_id order by steps.step_date desc) as newest
    from {{ ref('stg_lean_activity__kotter_steps') }} as steps
    cross join {{ ref('int_data_range') }} as data_range
    where steps.step_date <= data_range.last_day
),

runs as (
    select
        ordered.*,
        sum(case when previous_step = step then 0 else 1 end) over (
            partition by unit_id order by step_date
            rows between unbounded preceding and current row
        ) as run_no
    from ordered
)

select
    unit_id,
    step_date,
    step,
    previous_step,
    evidence,
    set_by_role,
    min(step_date) over (partition by unit_id, run_no) as since_date,
    newest = 1 as is_current
from runs
