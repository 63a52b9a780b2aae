with latest as (
    {{ latest_delivery('pukk_decisions', 'rebase_decisions', ['decision_id']) }}
)

select
    decision_id,
    kind,
    unit_id,
    metric_id,
    cycle_id,
    {{ month_of('new_baseline_first_month') }} as new_baseline_first_month,
    {{ month_of('new_baseline_last_month') }} as new_baseline_last_month,
    decided_date,
    decided_by_role,
    reason,
    nullif(trim(known_cause), '') as known_cause,
    replaces_decision_id,
    delivery_id
from latest
