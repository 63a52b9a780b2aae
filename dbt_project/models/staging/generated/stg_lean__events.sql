-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'events', ['event_id']) }}
)

select
    event_id,
    unit_id,
    event_date,
    event_type,
    metric_id,
    description,
    feed_id,
    period_ym,
    delivery_id
from latest
