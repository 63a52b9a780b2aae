select distinct
    level,
    group_id,
    family_id,
    period
from {{ source('ops', 'hidden_cells') }}
