with latest as (
    {{ latest_delivery('hr', 'positions', ['position_id', 'start_date']) }}
)

select
    position_id,
    person_id,
    unit_id,
    position_pct,
    employment_type,
    job_code,
    start_date,
    end_date,
    delivery_id
from latest
