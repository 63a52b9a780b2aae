-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'gains', ['gain_id']) }}
)

select
    gain_id,
    unit_id,
    cycle_id,
    title,
    tool,
    share_quality,
    share_quantity,
    share_saving,
    identified_date,
    identified_fte,
    metric_id,
    owner_role,
    gain_kind,
    amount_nok,
    feed_id,
    period_ym,
    delivery_id
from latest
