-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'cycles', ['cycle_id']) }}
)

select
    cycle_id,
    unit_id,
    cycle_no,
    wave,
    status,
    planned_date,
    hypothesis,
    metric_id,
    target_value,
    start_date,
    introduction_end_date,
    check_date,
    decision,
    feed_id,
    period_ym,
    delivery_id
from latest
