select
    year,
    price_index
from {{ source('municipality', 'price_index') }}
