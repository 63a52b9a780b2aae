-- Cycles with their dates: the start is the first course day and the introduction ends with the
-- sixth, taken from the course days where the cycle does not say; an end before the start is none.
-- `start_no` counts a unit's starts:
-- what is compared and what is said of a unit is about the first.
with course_days as (
    select
        cycle_id,
        min(course_date) as first_course_date,
        max(case when day_no = 6 then course_date end) as sixth_course_date
    from {{ ref('stg_lean__course_days') }}
    group by cycle_id
),

given as (
    select
        cycles.*,
        coalesce(cycles.start_date, course_days.first_course_date) as first_day,
        coalesce(cycles.introduction_end_date, course_days.sixth_course_date) as given_last_day
    from {{ ref('stg_lean__cycles') }} as cycles
    left join course_days
        on cycles.cycle_id = course_days.cycle_id
),

dated as (
    select
        given.*,
        case when given_last_day < first_day then null else given_last_day end as last_day
    from given
)

select
    cycles.cycle_id,
    cycles.unit_id,
    cast(cycles.cycle_no as integer) as cycle_no,
    cast(coalesce(cycles.wave, pilots.wave) as integer) as wave,
    cycles.status,
    cycles.planned_date,
    cycles.hypothesis,
    cycles.metric_id,
    cycles.target_value,
    cycles.first_day as start_date,
    cycles.last_day as introduction_end_date,
    case
        when coalesce(cycles.first_day, cycles.last_day) is not null
            then cast(row_number() over (
                partition by cycles.unit_id
                order by
                    coalesce(cycles.first_day, cycles.last_day) nulls last,
                    cycles.cycle_no,
                    cycles.cycle_id
            ) as integer)
    end as start_no,
    cycles.check_date,
    cycles.decision,
    pilots.unit_id is not null and cycles.cycle_no = 1 as is_pilot,
    cast(case when cycles.cycle_no = 1 then pilots.pilot_order end as integer) as pilot_order
from dated as cycles
left join {{ ref('stg_municipality__pilots') }} as pilots
    on cycles.unit_id = pilots.unit_id
