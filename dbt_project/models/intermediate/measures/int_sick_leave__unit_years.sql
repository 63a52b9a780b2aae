-- Persons behind each part of a unit's sick leave in a calendar year: distinct over the year, those
-- behind the part and those behind the rest of the unit's sick leave. Only years in which every month
-- of the measure comes from spells: behind sums that are delivered ready nobody knows how many
-- were. Of years whose rows are deleted, as they were then.
with {{ closed('sick_leave') }},

persons as (
    select
        unit_id,
        cast(extract(year from month) as integer) as year,
        count(distinct case when not is_hourly then person_id end) as n_persons
    from {{ ref('int_hr__position_months') }}
    group by 1, 2
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
        unit_id,
        cast(extract(year from month) as integer) as year,
        {% for measure, condition in sick_leave_groups().items() %}
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
)

{% for measure in sick_leave_groups() %}
select
    from_spells.unit_id,
    from_spells.year,
    from_spells.measure_id,
    cast(persons.n_persons as integer) as n_persons,
    cast(coalesce(kept.n_contributors, sick.n_{{ measure }}, 0) as integer) as n_contributors,
    cast(coalesce(kept.n_others, sick.n_not_{{ measure }}, 0) as integer) as n_others
from from_spells
inner join persons
    on from_spells.unit_id = persons.unit_id and from_spells.year = persons.year
left join sick
    on from_spells.unit_id = sick.unit_id and from_spells.year = sick.year
left join {{ ref('stg_ops__kept_absence_years') }} as kept
    on from_spells.unit_id = kept.unit_id and from_spells.year = kept.year
    and from_spells.measure_id = kept.measure_id
where from_spells.measure_id = '{{ measure }}'
{% if not loop.last %}union all{% endif %}
{% endfor %}
