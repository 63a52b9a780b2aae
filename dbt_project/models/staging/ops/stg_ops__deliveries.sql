select
    delivery_id,
    seq,
    contract_id,
    table_name,
    feed_id,
    status,
    periods
from {{ source('ops', 'deliveries') }}
