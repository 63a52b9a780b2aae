select
    cell,
    now_key,
    min(entry_no) as entry_no
from {{ source('ops', 'told_cells') }}
group by cell, now_key
