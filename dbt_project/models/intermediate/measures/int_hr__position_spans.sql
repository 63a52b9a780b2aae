-- Positions with the end that is known, empty while they last. When a position has several rows, a
-- later row takes over from an earlier one: nobody holds the same position twice.
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
        {{ add_days('lead(start_date) over (partition by position_id order by start_date)', -1) }}
            as taken_over
    from {{ ref('stg_hr__positions') }}
),

ended as (
    select
        position_id,
        person_id,
        unit_id,
        position_pct,
        employment_type,
        delivery_id,
        start_date,
        case when end_date <= taken_over or taken_over is null then end_date else taken_over end
            as end_date
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
    delivery_id,
    start_date,
    end_date
from ended
where end_date is null or end_date >= start_date
