-- Identified, realised and measured FTE side by side, for each cycle, wave, the pilots and all: three
-- columns with a total each, never added together, and what the measurement says about the realised.
-- What is freed from sick leave is capacity and stands alone.
select
    checks.scope_type,
    checks.scope_id,
    checks.unit_id,
    units.unit_name,
    units.sector,
    cast(checks.n_units as integer) as n_units,
    cast(checks.n_units_measured as integer) as n_units_measured,
    cast(checks.n_gains as integer) as n_gains,
    checks.identified_fte,
    checks.realised_fte,
    checks.realised_counted_fte,
    checks.realised_cash_fte,
    {% for column in ['realised_compared_fte', 'measured_fte', 'measured_lo', 'measured_hi'] %}
    case when checks.is_judged then checks.{{ column }} end as {{ column }},
    {% endfor %}
    checks.paid_fte_before,
    checks.paid_fte_after,
    checks.capacity_fte as sick_leave_capacity_fte,
    checks.capacity_lo as sick_leave_capacity_lo,
    checks.capacity_hi as sick_leave_capacity_hi,
    checks.status,
    codes.status_group,
    {{ worded('codes.status') }},
    checks.reason
from {{ ref('int_gain_checks__judged') }} as checks
inner join {{ ref('gain_statuses') }} as codes
    on codes.status_set = 'check' and checks.status = codes.status
left join {{ ref('dim_units') }} as units
    on checks.unit_id = units.unit_id
order by checks.scope_type, checks.scope_id
