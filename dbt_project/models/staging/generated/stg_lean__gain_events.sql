-- GENERATED, do not edit. Edit data_contracts/sources/lean.odcs.yaml and run:
--   python -m pipelines.contracts generate
with latest as (
    {{ latest_delivery('lean', 'gain_events', ['gain_id', 'event_no']) }}
)

select
    gain_id,
    event_no,
    event_date,
    status,
    realised_fte_change,
    used_for,
    evidence,
    evidence_kind,
    evidence_ref,
    note,
    registered_at,
    registered_by_role,
    feed_id,
    period_ym,
    delivery_id
from latest
