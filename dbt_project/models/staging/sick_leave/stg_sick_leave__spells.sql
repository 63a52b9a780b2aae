{{ config(materialized='table') }}
-- Read by four models: ranked once.
with latest as (
    {{ latest_delivery('sick_leave', 'spells', ['person_id', 'unit_id', 'start_date', 'absence_type']) }}
)

select
    person_id,
    unit_id,
    position_id,
    start_date,
    end_date,
    absence_type,
    grade_pct,
    period_ym,
    feed_id,
    delivery_id
from latest
