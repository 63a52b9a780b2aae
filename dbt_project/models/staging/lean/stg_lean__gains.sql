with latest as (
    {{ latest_delivery('lean', 'gains', ['gain_id']) }}
)

select
    gain_id,
    unit_id,
    cycle_id,
    title,
    tool,
    share_quality,
    share_quantity,
    share_saving,
    identified_date,
    identified_fte,
    metric_id,
    owner_role,
    gain_kind,
    amount_nok,
    delivery_id
from latest
