-- Known facts about the municipality, with their source: shown beside the figures, never measured.
select
    fact_id,
    {{ worded('label') }},
    value,
    text_value,
    unit,
    as_of,
    source,
    source_note,
    metric_id,
    compared_with
from {{ ref('stg_municipality__facts') }}
order by fact_id
