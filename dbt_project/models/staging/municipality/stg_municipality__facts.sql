select
    fact_id,
    {{ worded('label') }},
    value,
    text_value,
    unit,
    as_of,
    source,
    source_note
from {{ source('municipality', 'facts') }}
