with latest as (
    {{ latest_delivery('lean_activity', 'board_meetings', ['unit_id', 'meeting_date', 'board']) }}
)

select
    unit_id,
    meeting_date,
    board,
    delivery_id
from latest
