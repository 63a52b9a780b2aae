-- Distinct persons behind each part of a group's sick leave in a month, and behind the rest of it:
-- those known from spells, each counted once however many units they work in. Of months whose rows are
-- deleted, as they were then.
with {{ closed('sick_leave') }},

days as (
    select
        case_days.*,
        units.sector
    from {{ ref('int_sick_leave__case_days') }} as case_days
    inner join {{ ref('int_sick_leave__unit_months') }} as counted
        on case_days.unit_id = counted.unit_id and case_days.month = counted.month
    inner join {{ ref('int_unit_months') }} as units
        on case_days.unit_id = units.unit_id and case_days.month = units.month
    left join closed
        on case_days.month < closed.open_from
    where case_days.sick_pct_days > 0 and closed.open_from is null
)

{% for level, group_id in [('sector', 'sector'), ('municipality', "'all'")] %}
{% for measure, condition in sick_leave_groups().items() %}
select
    '{{ level }}' as level,
    {{ group_id }} as group_id,
    month,
    '{{ measure }}' as measure_id,
    count(distinct case when {{ condition }} then person_id end) as n_contributors,
    count(distinct case when not ({{ condition }}) then person_id end) as n_others
from days
group by {{ group_id ~ ', ' if level == 'sector' }}month
union all
{% endfor %}
{% endfor %}
select
    level,
    group_id,
    month,
    measure_id,
    n_contributors,
    n_others
from {{ ref('stg_ops__kept_absence_groups') }}
