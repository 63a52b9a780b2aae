{{ config(materialized='view') }}
select
    entry_no,
    drawn_on,
    unit_id,
    wave_no,
    list_sha256
from {{ source('ops', 'drawn_starts') }}
