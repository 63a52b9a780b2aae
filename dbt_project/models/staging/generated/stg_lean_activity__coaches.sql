-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'coaches', ['coach_id', 'valid_from']) }}
)

select
    coach_id,
    valid_from,
    valid_to,
    unit_id,
    share_pct,
    feed_id,
    period_ym,
    delivery_id
from latest
