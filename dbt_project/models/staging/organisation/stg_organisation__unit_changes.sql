with latest as (
    {{ latest_delivery('organisation', 'unit_changes', ['change_date', 'from_unit_id', 'to_unit_id']) }}
)

select
    change_date,
    from_unit_id,
    to_unit_id,
    share,
    change_type,
    delivery_id
from latest
