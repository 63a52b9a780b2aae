with latest as (
    {{ latest_delivery('pukk_decisions', 'cycle_steps', ['cycle_id', 'step', 'step_date']) }}
)

select
    cycle_id,
    step,
    step_date,
    decided_by_role,
    note,
    delivery_id
from latest
