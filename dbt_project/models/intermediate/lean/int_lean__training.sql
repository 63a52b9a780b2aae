-- When each unit had its first course day, and when it had had all six. Two sources may give the two
-- dates: an end before the beginning is none.
with days as (
    select
        unit_id,
        day_no,
        min(course_date) as course_date
    from {{ ref('stg_lean__course_days') }}
    group by unit_id, day_no
),

from_days as (
    select
        unit_id,
        min(course_date) as first_date,
        case when count(*) = 6 then max(course_date) end as trained_date
    from days
    group by unit_id
),

from_cycles as (
    select
        unit_id,
        min(start_date) as first_date,
        min(introduction_end_date) as trained_date,
        count(*) as n_cycles
    from {{ ref('int_lean__cycles') }}
    group by unit_id
),

trained as (
    select
        units.unit_id,
        coalesce(from_days.first_date, from_cycles.first_date) as first_date,
        coalesce(from_days.trained_date, from_cycles.trained_date) as trained_date,
        coalesce(from_cycles.n_cycles, 0) > 0 as has_cycle
    from {{ ref('stg_organisation__units') }} as units
    left join from_days
        on units.unit_id = from_days.unit_id
    left join from_cycles
        on units.unit_id = from_cycles.unit_id
)

select
    unit_id,
    first_date,
    case when trained_date < first_date then null else trained_date end as trained_date,
    has_cycle
from trained
