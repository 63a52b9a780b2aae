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
    delivery_id
from latest
