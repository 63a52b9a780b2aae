select
    unit_id,
    year,
    measure_id,
    n_contributors,
    n_others
from {{ source('ops', 'kept_absence_years') }}
