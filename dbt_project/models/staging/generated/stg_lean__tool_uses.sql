-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'tool_uses', ['unit_id', 'use_date', 'tool']) }}
)

select
    unit_id,
    use_date,
    tool,
    cycle_id,
    feed_id,
    period_ym,
    delivery_id
from latest
