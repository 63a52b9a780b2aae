-- GENERATED, do not edit. Edit data_contracts/sources/lean_activity.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean_activity', 'forum_attendance', ['forum_date', 'unit_id']) }}
)

select
    forum_date,
    unit_id,
    attended,
    feed_id,
    period_ym,
    delivery_id
from latest
