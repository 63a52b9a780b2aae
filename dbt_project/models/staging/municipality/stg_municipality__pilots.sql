select
    unit_id,
    pilot_order,
    wave
from {{ source('municipality', 'pilots') }}
