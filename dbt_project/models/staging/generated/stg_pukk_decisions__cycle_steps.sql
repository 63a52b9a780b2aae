-- GENERATED, do not edit. Edit data_contracts/sources/pukk_decisions.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('pukk_decisions', 'cycle_steps', ['cycle_id', 'step', 'step_date']) }}
)

select
    cycle_id,
    step,
    step_date,
    decided_by_role,
    note,
    feed_id,
    period_ym,
    delivery_id
from latest
