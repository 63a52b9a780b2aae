with latest as (
    {{ latest_delivery('lean_activity', 'kotter_steps', ['unit_id', 'step_date']) }}
)

select
    unit_id,
    step_date,
    step,
    evidence,
    set_by_role,
    delivery_id
from latest
