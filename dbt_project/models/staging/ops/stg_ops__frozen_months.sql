select
    baseline_id,
    month,
    numerator,
    denominator,
    delivery_ids
from {{ source('ops', 'frozen_months') }}
