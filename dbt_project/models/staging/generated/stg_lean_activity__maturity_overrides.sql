-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'maturity_overrides', ['unit_id', 'decided_date']) }}
)

select
    unit_id,
    decided_date,
    level,
    reason,
    decided_by_role,
    feed_id,
    period_ym,
    delivery_id
from latest
