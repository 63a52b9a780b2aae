-- Every code any list has had, from each day on as the newest list with it says.
with listed as (
    {{ register_rows('unit_codes') }}
),

ranked as (
    select
        listed.*,
        row_number() over (
            partition by code_system, code, valid_from
            order by
                register_month desc nulls last,
                content_seq desc nulls last,
                source_row desc nulls last
        ) as place
    from listed
)

select
    code_system,
    code,
    unit_id,
    valid_from,
    valid_to,
    delivery_id
from ranked
where place = 1
