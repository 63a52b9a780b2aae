-- What Lean costs each year, beside what was realised: hours on course days and the unit that does
-- nothing else. Sums first, division last. Costs and gains are in the same row and never netted.
with courses as (
    select
        extract(year from course_date) as year,
        count(*) as n_course_days,
        count(case when n_participants is null then 1 end) as n_course_days_uncounted,
        sum(n_participants) as n_participations
    from {{ ref('stg_lean__course_days') }}
    group by extract(year from course_date)
),

accounts as (
    select entries.year, cast(sum(entries.amount_nok) as double) as development_unit_nok
    from {{ ref('int_ledger__entries') }} as entries
    inner join {{ ref('stg_municipality__profile') }} as profile
        on entries.unit_id = profile.development_unit_id
    where entries.amount_type = 'accounts' and entries.is_year_total
    group by entries.year
),

set_aside as (
    select extract(year from as_of) as year, {{ exact_sum('value') }} as set_aside_nok
    from {{ ref('stg_municipality__facts') }}
    where fact_id = 'improvement_budget_nok'
    group by extract(year from as_of)
),

realised as (
    select
        extract(year from event_date) as year,
        cast(sum(fte_change) as double) as realised_fte,
        cast(sum(counted_fte_change) as double) as counted_fte
    from {{ ref('int_gains__events') }}
    group by extract(year from event_date)
),

summed as (
    {{ lean_cost_years('courses', 'accounts', 'set_aside', 'realised') }}
)

select
    summed.year,
    cast(summed.n_course_days as integer) as n_course_days,
    cast(summed.n_course_days_uncounted as integer) as n_course_days_uncounted,
    cast(summed.n_participations as integer) as n_participations,
    summed.course_hours,
    summed.course_nok,
    summed.development_unit_nok,
    summed.set_aside_nok,
    summed.cost_nok,
    summed.realised_fte,
    summed.counted_fte,
    {{ ratio(
        'case when summed.realised_fte > 0 then summed.cost_nok end', 'summed.realised_fte'
    ) }}
        as cost_per_realised_fte_nok,
    summed.cost_so_far_nok,
    summed.realised_so_far_fte,
    {{ ratio(
        'case when summed.realised_so_far_fte > 0 then summed.cost_so_far_nok end',
        'summed.realised_so_far_fte'
    ) }}
        as cost_per_realised_fte_so_far_nok,
    {{ worded('codes.status', 'not_included') }}
from summed
inner join {{ ref('gain_statuses') }} as codes
    on codes.status_set = 'lean_costs'
order by summed.year
