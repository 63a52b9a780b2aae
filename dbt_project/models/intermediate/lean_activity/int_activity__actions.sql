-- Improvement actions registered so far, with days from registered to done.
select
    actions.action_id,
    actions.unit_id,
    cast(extract(year from actions.registered_date) as integer) as year,
    actions.pukk_step,
    case when actions.done_date <= data_range.last_day then actions.done_date end as done_date,
    case
        when actions.done_date <= data_range.last_day
            then {{ days_between('actions.registered_date', 'actions.done_date') }}
    end as lead_days
from {{ ref('stg_lean_activity__improvement_actions') }} as actions
cross join {{ ref('int_data_range') }} as data_range
where actions.registered_date <= data_range.last_day
