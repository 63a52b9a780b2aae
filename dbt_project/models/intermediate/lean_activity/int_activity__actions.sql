{{ config(materialized='view') }}
-- Improvement actions registered so far, with days from registered to done, or to the data's last day.
-- A cause that few units meet may be a text about somebody; one that three units meet is a kind.
with kinds as (
    select root_cause
    from {{ ref('stg_lean_activity__improvement_actions') }}
    group by root_cause
    having count(distinct unit_id) >= 3
)

select
    actions.action_id,
    actions.unit_id,
    cast(extract(year from actions.registered_date) as integer) as year,
    actions.registered_date,
    actions.owner_role,
    kinds.root_cause,
    actions.pukk_step,
    case when actions.done_date <= data_range.last_day then actions.done_date end as done_date,
    case
        when actions.done_date <= data_range.last_day
            then {{ days_between('actions.registered_date', 'actions.done_date') }}
    end as lead_days,
    {{ days_between('actions.registered_date', 'data_range.last_day') }} as age_days
from {{ ref('stg_lean_activity__improvement_actions') }} as actions
cross join {{ ref('int_data_range') }} as data_range
left join kinds
    on actions.root_cause = kinds.root_cause
where actions.registered_date <= data_range.last_day
