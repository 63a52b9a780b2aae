-- Every code in every list it has stood in, and whose it was there.
with numbered as (
    {{ numbered_registers('unit_codes') }}
)

select
    feed_id,
    cast(register_no as integer) as list_no,
    is_newest,
    code_system,
    code,
    valid_from,
    unit_id
from numbered
