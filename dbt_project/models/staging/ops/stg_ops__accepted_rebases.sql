select
    decision_id,
    cycle_id,
    metric_id,
    accepted_as_of,
    n_points,
    centre,
    sigma
from {{ source('ops', 'accepted_rebases') }}
