-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'pitfall_notes', ['unit_id', 'pitfall_no', 'note_date']) }}
)

select
    unit_id,
    pitfall_no,
    note_date,
    note,
    by_role,
    feed_id,
    period_ym,
    delivery_id
from latest
