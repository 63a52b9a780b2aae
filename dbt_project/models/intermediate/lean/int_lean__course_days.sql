{{ config(materialized='view') }}
-- Course days by what became of them: held as registered, else planned or cancelled as planned.
select
    cast(extract(year from course_date) as integer) as year,
    'held' as state
from {{ ref('stg_lean__course_days') }}

union all

select
    cast(extract(year from planned_date) as integer) as year,
    status as state
from {{ ref('stg_lean_activity__planned_course_days') }}
where status in ('planned', 'cancelled')
