{# The rows of every register of the organisation with the register's number within its feed, and
   whether it is the newest. #}
{% macro numbered_registers(table) -%}
with listed as (
    {{ register_rows(table) }}
),

placed as (
    select
        listed.*,
        dense_rank() over (
            partition by feed_id
            order by coalesce(register_month, date '0001-01-01') asc, content_seq asc
        ) as register_no
    from listed
)

select
    placed.*,
    register_no = max(register_no) over (partition by feed_id) as is_newest
from placed
{%- endmacro %}
