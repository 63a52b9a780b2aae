with latest as (
    {{ latest_delivery('organisation', 'units', ['unit_id']) }}
)

select
    unit_id,
    unit_name,
    sector,
    service_type,
    parent_unit_id,
    valid_from,
    valid_to,
    delivery_id
from latest
