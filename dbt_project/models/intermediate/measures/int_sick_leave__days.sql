-- One row per person, position and calendar day of own sickness. The position is the one named in
-- the spell, else the person's positions in the spell's unit, else all of the person's positions,
-- among those active that day. Where spells overlap the highest grade counts, once.
with daily as (
    select pairs.*, days.date_day
    from {{ ref('int_sick_leave__spell_positions') }} as pairs
    inner join {{ ref('int_days') }} as days
        on days.date_day between pairs.first_day and pairs.last_day
),

mixed as (
    select
        daily.*,
        min(match_order) over (
            partition by person_id, spell_unit_id, start_date, absence_type, date_day
        ) as best_order
    from daily
    where is_mixed
),

ranked as (
    select
        matched.*,
        row_number() over (
            partition by person_id, position_id, date_day
            order by grade_pct desc, absence_type asc, delivery_id desc
        ) as grade_order
    from (
        select daily.*, daily.match_order as best_order
        from daily
        where not is_mixed
        union all
        select mixed.*
        from mixed
        where match_order = best_order
    ) as matched
)

select
    ranked.person_id,
    ranked.position_id,
    ranked.unit_id,
    ranked.date_day,
    days.month,
    days.counted_day,
    days.counted_index,
    days.day_index,
    ranked.position_pct,
    ranked.grade_pct,
    ranked.absence_type,
    ranked.delivery_id
from ranked
inner join {{ ref('int_days') }} as days
    on ranked.date_day = days.date_day
where ranked.grade_order = 1
