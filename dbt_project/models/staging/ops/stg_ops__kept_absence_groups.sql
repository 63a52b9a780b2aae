select
    level,
    group_id,
    month,
    measure_id,
    n_contributors,
    n_others
from {{ source('ops', 'kept_absence_groups') }}
