with latest as (
    {{ latest_delivery('lean', 'course_days', ['cycle_id', 'day_no']) }}
)

select
    cycle_id,
    unit_id,
    day_no,
    course_date,
    n_participants,
    delivery_id
from latest
