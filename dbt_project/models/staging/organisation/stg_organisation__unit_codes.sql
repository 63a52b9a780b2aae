with latest as (
    {{ latest_delivery('organisation', 'unit_codes', ['code_system', 'code', 'valid_from']) }}
)

select
    code_system,
    code,
    unit_id,
    valid_from,
    valid_to,
    delivery_id
from latest
