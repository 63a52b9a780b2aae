-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'course_days', ['cycle_id', 'day_no']) }}
)

select
    cycle_id,
    unit_id,
    day_no,
    course_date,
    n_participants,
    feed_id,
    period_ym,
    delivery_id
from latest
