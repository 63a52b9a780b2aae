-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'kotter_steps', ['unit_id', 'step_date']) }}
)

select
    unit_id,
    step_date,
    step,
    evidence,
    set_by_role,
    feed_id,
    period_ym,
    delivery_id
from latest
