-- One row per person, position and calendar day of own sickness. The position is the one named in
-- the spell, else the person's positions in the spell's unit, else all of the person's positions,
-- among those active that day. Where spells overlap the highest grade counts, once.
with candidates as (
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
        spells.unit_id as spell_unit_id,
        spells.start_date,
        spells.grade_pct,
        spells.absence_type,
        spells.delivery_id,
        case
            when spells.position_id = positions.position_id then 1
            when spells.unit_id = positions.unit_id then 2
            else 3
        end as match_order
    from {{ ref('int_sick_leave__own_spells') }} as spells
    inner join {{ ref('int_hr__position_spans') }} as positions
        on spells.person_id = positions.person_id
        and not positions.is_hourly
        and spells.start_date <= positions.end_date
        and spells.end_date >= positions.start_date
    inner join {{ ref('int_days') }} as days
        on days.date_day between greatest(spells.start_date, positions.start_date)
        and least(spells.end_date, positions.end_date)
),

matched as (
    select
        candidates.*,
        min(match_order) over (
            partition by person_id, spell_unit_id, start_date, absence_type, date_day
        ) as best_order
    from candidates
),

ranked as (
    select
        matched.*,
        row_number() over (
            partition by person_id, position_id, date_day
            order by grade_pct desc, absence_type asc, delivery_id desc
        ) as grade_order
    from matched
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
