-- Sick days for every unit and month with agreed days that the absence register covers: no spell
-- there means zero. Days outside agreed time or outside covered months are not counted. A month in
-- which too many of the unit's absences met no position is left out: missing, not zero.
{% set measures = sick_leave_measures() %}
select
    staff.unit_id,
    staff.month,
    coalesce(sums.delivery_id, staff.delivery_id) as delivery_id,
    {% for measure in measures %}
    coalesce(sums.{{ measure }}, 0) as {{ measure }},
    coalesce(sums.n_{{ measure }}, 0) as n_{{ measure }},
    {% endfor %}
    staff.n_persons,
    staff.n_persons_once
from {{ ref('int_hr__unit_months') }} as staff
inner join {{ ref('int_sick_leave__months_delivered') }} as delivered
    on staff.month = delivered.month
left join {{ ref('int_sick_leave__unit_sums') }} as sums
    on staff.unit_id = sums.unit_id and staff.month = sums.month
left join {{ ref('int_sick_leave__unit_matches') }} as matches
    on staff.unit_id = matches.unit_id and staff.month = matches.month
where staff.agreed_days is not null and not coalesce(matches.is_too_unmatched, false)
