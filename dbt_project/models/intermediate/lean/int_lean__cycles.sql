-- Cycles with their dates: the start is the first course day and the introduction ends with the
-- sixth, taken from the course days where the cycle does not say.
with course_days as (
    select
        cycle_id,
        min(course_date) as first_course_date,
        max(case when day_no = 6 then course_date end) as sixth_course_date
    from {{ ref('stg_lean__course_days') }}
    group by cycle_id
)

select
    cycles.cycle_id,
    cycles.unit_id,
    cycles.cycle_no,
    coalesce(cycles.wave, pilots.wave) as wave,
    cycles.status,
    cycles.planned_date,
    cycles.hypothesis,
    cycles.metric_id,
    cycles.target_value,
    coalesce(cycles.start_date, course_days.first_course_date) as start_date,
    coalesce(cycles.introduction_end_date, course_days.sixth_course_date)
        as introduction_end_date,
    cycles.check_date,
    cycles.decision,
    pilots.unit_id is not null and cycles.cycle_no = 1 as is_pilot,
    case when cycles.cycle_no = 1 then pilots.pilot_order end as pilot_order
from {{ ref('stg_lean__cycles') }} as cycles
left join course_days
    on cycles.cycle_id = course_days.cycle_id
left join {{ ref('stg_municipality__pilots') }} as pilots
    on cycles.unit_id = pilots.unit_id
