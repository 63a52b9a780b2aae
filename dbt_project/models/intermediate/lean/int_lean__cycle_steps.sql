-- When every cycle entered each PUKK step: as recorded, or for a cycle of which no step is recorded
-- read from its dates, as far as the data reach.
with recorded as (
    select steps.cycle_id, steps.step, steps.step_date
    from {{ ref('stg_pukk_decisions__cycle_steps') }} as steps
    inner join {{ ref('int_lean__cycles') }} as cycles
        on steps.cycle_id = cycles.cycle_id
),

dated as (
    select cycle_id, 'plan' as step, planned_date as step_date
    from {{ ref('int_lean__cycles') }}
    where start_date is not null or status in ('planned', 'in_progress', 'in_operation')
    union all
    select cycle_id, 'do' as step, start_date as step_date
    from {{ ref('int_lean__cycles') }}
    where start_date is not null
    union all
    select cycle_id, 'check' as step, check_date as step_date
    from {{ ref('int_lean__cycles') }}
    where check_date is not null
    union all
    select cycle_id, 'act' as step, check_date as step_date
    from {{ ref('int_lean__cycles') }}
    where check_date is not null and decision is not null
)

select cycle_id, step, step_date, false as is_derived
from recorded
union all
select dated.cycle_id, dated.step, dated.step_date, true as is_derived
from dated
cross join {{ ref('int_data_range') }} as data_range
left join (select distinct cycle_id from recorded) as known
    on dated.cycle_id = known.cycle_id
where known.cycle_id is null and (dated.step = 'plan' or dated.step_date <= data_range.last_day)
