-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'planned_course_days', ['cycle_id', 'day_no']) }}
)

select
    cycle_id,
    day_no,
    planned_date,
    status,
    feed_id,
    period_ym,
    delivery_id
from latest
