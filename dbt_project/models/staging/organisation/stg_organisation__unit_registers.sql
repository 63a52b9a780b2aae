-- Every unit in every register it has stood in, as it was called and placed there.
with numbered as (
    {{ numbered_registers('units') }}
)

select
    feed_id,
    cast(register_no as integer) as register_no,
    is_newest,
    register_month,
    unit_id,
    unit_name,
    sector,
    parent_unit_id
from numbered
