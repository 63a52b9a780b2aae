with latest as (
    {{ latest_delivery('lean_activity', 'maturity_overrides', ['unit_id', 'decided_date']) }}
)

select
    unit_id,
    decided_date,
    level,
    reason,
    decided_by_role,
    delivery_id
from latest
