with latest as (
    {{ latest_delivery('lean_activity', 'pitfall_notes', ['unit_id', 'pitfall_no', 'note_date']) }}
)

select
    unit_id,
    pitfall_no,
    note_date,
    note,
    by_role,
    delivery_id
from latest
