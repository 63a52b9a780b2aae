select distinct
    now_key,
    level,
    group_id,
    unit_id,
    limit_halves
from {{ source('ops', 'told_members') }}
