-- GENERATED, do not edit. Edit data_contracts/sources/unit_metrics.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('unit_metrics', 'values', ['unit_id', 'month', 'measure_id']) }}
)

select
    unit_id,
    month,
    measure_id,
    value,
    n_persons,
    feed_id,
    period_ym,
    delivery_id
from latest
