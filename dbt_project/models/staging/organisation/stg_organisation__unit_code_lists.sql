-- Every code in every list it has stood in, and whose it was there.
with listed as (
    {{ register_rows('unit_codes') }}
),

numbered as (
    select
        listed.*,
        dense_rank() over (
            partition by feed_id
            order by coalesce(register_month, date '0001-01-01') asc, content_seq asc
        ) as list_no
    from listed
)

select
    feed_id,
    cast(list_no as integer) as list_no,
    list_no = max(list_no) over (partition by feed_id) as is_newest,
    code_system,
    code,
    valid_from,
    unit_id
from numbered
