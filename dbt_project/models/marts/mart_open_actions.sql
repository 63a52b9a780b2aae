-- Improvement actions that are not done on the last day of the data: whose role has it, how old it is and
-- the cause it meets, where others meet it too. What an action says is never published, and nobody's
-- name is in it.
select
    actions.unit_id,
    units.unit_name,
    units.sector,
    actions.action_id,
    actions.registered_date,
    cast(actions.age_days as integer) as age_days,
    actions.owner_role,
    actions.root_cause,
    actions.pukk_step
from {{ ref('int_activity__actions') }} as actions
inner join {{ ref('dim_units') }} as units
    on actions.unit_id = units.unit_id
where actions.done_date is null
order by actions.unit_id, actions.registered_date, actions.action_id
