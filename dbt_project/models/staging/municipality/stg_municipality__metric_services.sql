select
    metric_id,
    service_type
from {{ source('municipality', 'metric_services') }}
