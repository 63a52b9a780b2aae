{{ config(materialized='view') }}
-- Each own spell with each position it may concern, and the days of the calendar both last. `match_order`: 1 is the
-- position named in the spell, 2 the person's position in the spell's unit, 3 any other. A poorer
-- match counts only on days when no better one is active.
select
    spells.person_id,
    spells.unit_id as spell_unit_id,
    spells.start_date,
    spells.grade_pct,
    spells.absence_type,
    spells.delivery_id,
    positions.position_id,
    positions.unit_id,
    positions.position_pct,
    greatest(spells.start_date, positions.start_date, calendar.first_day) as first_day,
    least(spells.end_date, coalesce(positions.end_date, spells.end_date), calendar.last_day)
        as last_day,
    case
        when spells.position_id = positions.position_id then 1
        when spells.unit_id = positions.unit_id then 2
        else 3
    end as match_order
from {{ ref('int_sick_leave__own_spells') }} as spells
inner join {{ ref('int_hr__position_spans') }} as positions
    on spells.person_id = positions.person_id
    and not positions.is_hourly
    and (positions.end_date is null or spells.start_date <= positions.end_date)
    and spells.end_date >= positions.start_date
cross join (
    select min(date_day) as first_day, max(date_day) as last_day from {{ ref('int_days') }}
) as calendar
