select
    fact_id,
    label_nb,
    label_en,
    value,
    text_value,
    unit,
    as_of,
    source,
    source_note
from {{ source('municipality', 'facts') }}
