with latest as (
    {{ latest_delivery('lean', 'events', ['event_id']) }}
)

select
    event_id,
    unit_id,
    event_date,
    event_type,
    metric_id,
    description,
    delivery_id
from latest
