-- Positions with a definite end. When a position has several rows, a later row takes over from an
-- earlier one: nobody holds the same position twice.
with ordered as (
    select
        position_id,
        person_id,
        unit_id,
        position_pct,
        employment_type,
        delivery_id,
        start_date,
        end_date,
        lead(start_date) over (partition by position_id order by start_date) as next_start
    from {{ ref('stg_hr__positions') }}
),

capped as (
    select
        position_id,
        person_id,
        unit_id,
        position_pct,
        employment_type,
        delivery_id,
        start_date,
        end_date is null and next_start is null as is_open,
        least(
            coalesce(end_date, {{ open_end() }}),
            coalesce({{ add_days('next_start', -1) }}, {{ open_end() }})
        ) as end_date
    from ordered
)

select
    position_id,
    person_id,
    unit_id,
    position_pct,
    employment_type,
    employment_type = 'hourly' as is_hourly,
    employment_type = 'permanent' as is_permanent,
    is_open,
    delivery_id,
    start_date,
    end_date
from capped
where end_date >= start_date
