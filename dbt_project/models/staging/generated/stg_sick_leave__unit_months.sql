-- GENERATED, do not edit. Edit data_contracts/sources/sick_leave.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('sick_leave', 'unit_months', ['unit_id', 'month', 'definition']) }}
)

select
    unit_id,
    month,
    definition,
    sick_days,
    agreed_days,
    n_persons,
    feed_id,
    period_ym,
    delivery_id
from latest
