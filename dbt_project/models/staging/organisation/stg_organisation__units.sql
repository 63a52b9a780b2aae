-- Every unit that any register has had, as the newest one with it says it is.
with listed as (
    {{ register_rows('units') }}
),

ranked as (
    select
        listed.*,
        row_number() over (
            partition by unit_id
            order by
                register_month desc nulls last,
                content_seq desc nulls last,
                source_row desc nulls last
        ) as place
    from listed
)

select
    unit_id,
    unit_name,
    sector,
    service_type,
    parent_unit_id,
    valid_from,
    valid_to,
    delivery_id
from ranked
where place = 1
