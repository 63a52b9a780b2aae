with latest as (
    {{ latest_delivery('lean_activity', 'improvement_actions', ['action_id']) }}
)

select
    action_id,
    unit_id,
    cycle_id,
    registered_date,
    owner_role,
    root_cause,
    pukk_step,
    done_date,
    delivery_id
from latest
