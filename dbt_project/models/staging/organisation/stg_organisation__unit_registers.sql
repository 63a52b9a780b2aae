-- Every unit in every register it has stood in, as it was called and placed there.
with listed as (
    {{ register_rows('units') }}
),

numbered as (
    select
        listed.*,
        dense_rank() over (
            partition by feed_id
            order by coalesce(register_month, date '0001-01-01') asc, content_seq asc
        ) as register_no
    from listed
)

select
    feed_id,
    cast(register_no as integer) as register_no,
    register_no = max(register_no) over (partition by feed_id) as is_newest,
    register_month,
    unit_id,
    unit_name,
    sector,
    parent_unit_id
from numbered
