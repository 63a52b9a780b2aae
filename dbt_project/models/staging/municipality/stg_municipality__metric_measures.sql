select
    metric_id,
    role,
    measure_id,
    sign
from {{ source('municipality', 'metric_measures') }}
