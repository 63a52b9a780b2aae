select
    fact_id,
    {{ worded('label') }},
    value,
    text_value,
    unit,
    as_of,
    source,
    source_note,
    metric as metric_id,
    compared_with
from {{ source('municipality', 'facts') }}
