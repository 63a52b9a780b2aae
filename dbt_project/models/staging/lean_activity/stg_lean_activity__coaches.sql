with latest as (
    {{ latest_delivery('lean_activity', 'coaches', ['coach_id', 'valid_from']) }}
)

select
    coach_id,
    valid_from,
    valid_to,
    unit_id,
    share_pct,
    delivery_id
from latest
