-- One row per person, position and calendar day of own sickness. The position is the one named in
-- the spell, else the person's positions in the spell's unit, else all of the person's positions,
-- among those active that day. Where spells overlap the highest grade counts, once.
with spells as (
    select
        spells.person_id,
        spells.unit_id,
        spells.position_id,
        spells.absence_type,
        cast(spells.grade_pct as decimal(5, 2)) as grade_pct,
        spells.start_date,
        spells.delivery_id,
        least(coalesce(spells.end_date, data_range.last_day), data_range.last_day) as end_date
    from {{ ref('stg_sick_leave__spells') }} as spells
    cross join {{ ref('int_data_range') }} as data_range
    where spells.absence_type in ('self_certified', 'certified')
),

candidates as (
    select
        spells.person_id,
        positions.position_id,
        positions.unit_id,
        positions.position_pct,
        days.date_day,
        days.month,
        days.counted_day,
        days.counted_index,
        days.day_index,
        spells.grade_pct,
        spells.absence_type,
        spells.delivery_id,
        case
            when spells.position_id = positions.position_id then 1
            when spells.unit_id = positions.unit_id then 2
            else 3
        end as match_order,
        min(case
            when spells.position_id = positions.position_id then 1
            when spells.unit_id = positions.unit_id then 2
            else 3
        end) over (
            partition by spells.person_id, spells.unit_id, spells.start_date,
            spells.absence_type, days.date_day
        ) as best_order
    from spells
    inner join {{ ref('int_hr__position_spans') }} as positions
        on spells.person_id = positions.person_id
        and not positions.is_hourly
        and spells.start_date <= positions.end_date
        and spells.end_date >= positions.start_date
    inner join {{ ref('int_days') }} as days
        on days.date_day between greatest(spells.start_date, positions.start_date)
        and least(spells.end_date, positions.end_date)
),

ranked as (
    select
        candidates.*,
        row_number() over (
            partition by person_id, position_id, date_day
            order by grade_pct desc, absence_type asc, delivery_id desc
        ) as grade_order
    from candidates
    where match_order = best_order
)

select
    person_id,
    position_id,
    unit_id,
    date_day,
    month,
    counted_day,
    counted_index,
    day_index,
    position_pct,
    grade_pct,
    absence_type,
    delivery_id
from ranked
where grade_order = 1
