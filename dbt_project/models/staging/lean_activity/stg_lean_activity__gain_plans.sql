with latest as (
    {{ latest_delivery('lean_activity', 'gain_plans', ['gain_id', 'plan_no']) }}
)

select
    gain_id,
    plan_no,
    planned_date,
    planned_at,
    delivery_id
from latest
