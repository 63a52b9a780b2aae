-- Distinct persons behind each part of a group's sick leave in a month, and behind the rest of it:
-- those known from spells, each counted once however many units they work in.
with days as (
    select
        case_days.*,
        units.sector
    from {{ ref('int_sick_leave__case_days') }} as case_days
    inner join {{ ref('int_sick_leave__unit_months') }} as counted
        on case_days.unit_id = counted.unit_id and case_days.month = counted.month
    inner join {{ ref('int_unit_months') }} as units
        on case_days.unit_id = units.unit_id and case_days.month = units.month
    where case_days.sick_pct_days > 0
)

{% for level, group_id in [('sector', 'sector'), ('municipality', "'all'")] %}
{% set outer_loop = loop %}
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
{% if not (loop.last and outer_loop.last) %}union all{% endif %}
{% endfor %}
{% endfor %}
