with latest as (
    {{ latest_delivery('lean_activity', 'forum_attendance', ['forum_date', 'unit_id']) }}
)

select
    forum_date,
    unit_id,
    attended,
    delivery_id
from latest
