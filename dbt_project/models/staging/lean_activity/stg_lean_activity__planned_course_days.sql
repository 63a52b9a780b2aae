with latest as (
    {{ latest_delivery('lean_activity', 'planned_course_days', ['cycle_id', 'day_no']) }}
)

select
    cycle_id,
    day_no,
    planned_date,
    status,
    delivery_id
from latest
