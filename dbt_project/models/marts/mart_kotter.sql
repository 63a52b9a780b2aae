-- Every Kotter step as it was set, newest and older; rows are never changed and a step may go back.
select
    steps.unit_id,
    units.unit_name,
    units.sector,
    steps.step_date,
    cast(steps.step as integer) as step,
    {{ worded('names.step') }},
    names.phase,
    {{ worded('names.phase') }},
    cast(steps.previous_step as integer) as previous_step,
    coalesce(steps.step < steps.previous_step, false) as is_step_back,
    steps.since_date,
    steps.evidence,
    steps.set_by_role,
    steps.is_current,
    case when steps.is_current then cast(standing.months_standing as integer) end
        as months_standing
from {{ ref('int_activity__kotter_steps') }} as steps
inner join {{ ref('dim_units') }} as units
    on steps.unit_id = units.unit_id
inner join {{ ref('kotter_steps') }} as names
    on steps.step = names.step
left join {{ ref('int_activity__kotter_now') }} as standing
    on steps.unit_id = standing.unit_id
order by steps.unit_id, steps.step_date
