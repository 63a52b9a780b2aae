-- Persons behind each part of a unit's sick leave in a calendar year: distinct over the year, those
-- behind the part and those behind the rest of the unit's sick leave. Only years in which every month
-- of the measure comes from spells: behind sums that are delivered ready nobody knows how many
-- were. Of years whose rows are deleted, as they were then.
{% set behind = dict(sick_leave_groups(), sick_cases='starts_case = 1') %}
with {{ closed('sick_leave') }},

persons as (
    select
        unit_id, cast(extract(year from month) as integer) as year,
        count(distinct case when not is_hourly then person_id end) as n_persons
    from {{ ref('int_hr__position_months') }}
    group by 1, 2
    union all
    select unit_id, year, n_persons from {{ ref('stg_ops__kept_position_years') }}
),

open_days as (
    select days.*
    from {{ ref('int_sick_leave__case_days') }} as days
    left join closed
        on days.month < closed.open_from
    where days.sick_pct_days > 0 and closed.open_from is null
),

sick as (
    select
        unit_id, cast(extract(year from month) as integer) as year,
        {% for measure, condition in behind.items() %}
        count(distinct case when {{ condition }} then person_id end) as n_{{ measure }},
        count(distinct case when not ({{ condition }}) then person_id end)
            as n_not_{{ measure }}{{ "," if not loop.last }}
        {% endfor %}
    from open_days
    group by 1, 2
),

from_spells as (
    select
        unit_id,
        cast(extract(year from month) as integer) as year,
        measure_id
    from {{ ref('int_measures_unioned') }}
    where source = 'sick_leave.spells'
    group by 1, 2, 3
    having count(*) = 12
),

counted as (
    {% for measure in behind %}
    select unit_id, year, '{{ measure }}' as measure_id,
        n_{{ measure }} as n_contributors, n_not_{{ measure }} as n_others
    from sick
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    from_spells.unit_id,
    from_spells.year,
    from_spells.measure_id,
    cast(persons.n_persons as integer) as n_persons,
    cast(coalesce(kept.n_contributors, counted.n_contributors, 0) as integer) as n_contributors,
    cast(coalesce(kept.n_others, counted.n_others, 0) as integer) as n_others
from from_spells
inner join persons
    on from_spells.unit_id = persons.unit_id and from_spells.year = persons.year
left join counted
    on from_spells.unit_id = counted.unit_id and from_spells.year = counted.year
    and from_spells.measure_id = counted.measure_id
left join {{ ref('stg_ops__kept_absence_years') }} as kept
    on from_spells.unit_id = kept.unit_id and from_spells.year = kept.year
    and from_spells.measure_id = kept.measure_id
where from_spells.measure_id in ('{{ behind | join("', '") }}')
