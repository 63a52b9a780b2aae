select
    unit_id,
    year,
    n_persons
from {{ source('ops', 'kept_position_years') }}
