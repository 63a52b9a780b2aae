with latest as (
    {{ latest_delivery('lean', 'tool_uses', ['unit_id', 'use_date', 'tool']) }}
)

select
    unit_id,
    use_date,
    tool,
    cycle_id,
    delivery_id
from latest
