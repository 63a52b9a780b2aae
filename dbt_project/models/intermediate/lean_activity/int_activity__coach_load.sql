{{ config(materialized='view') }}
-- Coaches at work and started units at every month end; `over_since` is the month end from which there
-- have been more units per coach than the rule allows, without a break, to that date.
with coaches as (
    select dates.as_of_date, count(distinct coaches.coach_id) as coaches_active
    from {{ ref('int_as_of_dates') }} as dates
    left join {{ ref('stg_lean_activity__coaches') }} as coaches
        on coaches.valid_from <= dates.as_of_date
        and coalesce(coaches.valid_to >= dates.as_of_date, true)
    where dates.is_month_end
    group by dates.as_of_date
),

units as (
    select dates.as_of_date, count(training.unit_id) as units_started
    from {{ ref('int_as_of_dates') }} as dates
    left join (
        select training.unit_id, training.first_date, units.valid_from, units.valid_to
        from {{ ref('int_lean__training') }} as training
        inner join {{ ref('int_units') }} as units
            on training.unit_id = units.unit_id
    ) as training
        on training.first_date <= dates.as_of_date
        and coalesce(training.valid_from <= dates.as_of_date, true)
        and coalesce(training.valid_to >= dates.as_of_date, true)
    where dates.is_month_end
    group by dates.as_of_date
),

loads as (
    select
        coaches.as_of_date,
        coaches.coaches_active,
        units.units_started,
        coalesce(
            {{ ratio('units.units_started', 'coaches.coaches_active') }}
            > {{ pitfall_limit('units_per_coach') }}, false
        ) as is_over
    from coaches
    inner join units
        on coaches.as_of_date = units.as_of_date
),

runs as (
    select
        loads.*,
        sum(case when is_over then 0 else 1 end) over (
            order by as_of_date rows between unbounded preceding and current row
        ) as run_no
    from loads
)

select
    as_of_date,
    coaches_active,
    units_started,
    min(case when is_over then as_of_date end) over (partition by run_no) as over_since,
    as_of_date = max(as_of_date) over () as is_latest
from runs
