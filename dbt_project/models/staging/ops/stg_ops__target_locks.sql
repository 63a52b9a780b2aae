select
    entry_no,
    locked_on,
    action,
    made_by,
    cycle_id,
    metric_id,
    definition_sha256,
    target_value,
    look_months
from {{ source('ops', 'target_locks') }}
