-- Changes as somebody said them: of two units, what the newest list that names both says.
with listed as (
    {{ register_rows('unit_changes') }}
),

newest as (
    select
        listed.*,
        max(content_seq) over (partition by from_unit_id, to_unit_id, period_ym) as newest_seq
    from listed
),

ranked as (
    select
        newest.*,
        row_number() over (
            partition by change_date, from_unit_id, to_unit_id
            order by content_seq desc nulls last, source_row desc nulls last
        ) as place
    from newest
    where content_seq = newest_seq or newest_seq is null
)

select
    change_date,
    from_unit_id,
    to_unit_id,
    share,
    change_type,
    delivery_id
from ranked
where place = 1
