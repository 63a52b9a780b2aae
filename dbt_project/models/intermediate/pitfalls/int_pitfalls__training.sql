{{ config(materialized='view') }}
-- Pitfall 3: units per coach, gains with fewer than six course days, and cancelled course days.
with held as (
    select unit_id, count(distinct day_no) as n_days
    from {{ ref('stg_lean__course_days') }}
    group by unit_id
),

reported as (
    select unit_id, count(*) as n_gains, min(identified_date) as first_gain_date
    from {{ ref('int_activity__gains') }}
    group by unit_id
),

planned as (
    select
        cycles.unit_id,
        count(*) as n_planned,
        count(case when days.status = 'cancelled' then 1 end) as n_cancelled,
        min(case when days.status = 'cancelled' then days.planned_date end) as first_cancelled
    from {{ ref('stg_lean_activity__planned_course_days') }} as days
    inner join {{ ref('int_lean__cycles') }} as cycles
        on days.cycle_id = cycles.cycle_id
    group by cycles.unit_id
)

select
    null as unit_id,
    'units_per_coach' as signal_id,
    {{ ratio('units_started', 'coaches_active') }} as value,
    units_started as n,
    coaches_active as n_other,
    as_of_date as figure_date,
    over_since as first_date,
    'no_coach' as reason
from {{ ref('int_activity__coach_load') }}
where is_latest
union all
select
    units.unit_id,
    'few_course_days' as signal_id,
    case when reported.n_gains > 0 then cast(coalesce(held.n_days, 0) as double) end as value,
    reported.n_gains as n,
    null as n_other,
    reported.first_gain_date as figure_date,
    reported.first_gain_date as first_date,
    'no_gains' as reason
from {{ ref('int_activity__units') }} as units
left join reported
    on units.unit_id = reported.unit_id
left join held
    on units.unit_id = held.unit_id
union all
select
    units.unit_id,
    'days_cancelled' as signal_id,
    cast(planned.n_cancelled as double) as value,
    planned.n_planned as n,
    null as n_other,
    planned.first_cancelled as figure_date,
    planned.first_cancelled as first_date,
    'not_delivered' as reason
from {{ ref('int_activity__units') }} as units
left join planned
    on units.unit_id = planned.unit_id
