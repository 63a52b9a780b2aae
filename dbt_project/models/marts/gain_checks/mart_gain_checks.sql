-- Identified, realised and measured FTE side by side, for each cycle, wave, the pilots and all: three
-- columns with a total each, never added together, and what the measurement says about the realised.
-- What is freed from sick leave is capacity and stands alone.
with texts as (
    select
        scope_type,
        scope_id,
        {% call(language) each_language() %}
        {% for column in ['measured_fte', 'measured_lo', 'measured_hi'] %}
        {{ number_text(column, 1, language) }} as {{ column }}_{{ language }},
        {% endfor %}
        {{ number_text('realised_compared_fte', 1, language, signed=false) }}
            as realised_{{ language }}
        {% endcall %}
    from {{ ref('int_gain_checks__judged') }}
)

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
    checks.reason,
    {% call(language) each_language() %}
    trim(replace(replace(replace(replace(replace(
        codes.sentence_{{ language }},
        '{realised}', coalesce(texts.realised_{{ language }}, '')),
        '{measured}', coalesce(texts.measured_fte_{{ language }}, '')),
        '{lo}', coalesce(texts.measured_lo_{{ language }}, '')),
        '{hi}', coalesce(texts.measured_hi_{{ language }}, '')),
        '{reason}', coalesce(gates.reason_{{ language }}, compared.reason_{{ language }}, '')
    )) as sentence_{{ language }}
    {% endcall %}
from {{ ref('int_gain_checks__judged') }} as checks
inner join {{ ref('gain_statuses') }} as codes
    on codes.status_set = 'check' and checks.status = codes.status
inner join texts
    on checks.scope_type = texts.scope_type and checks.scope_id = texts.scope_id
left join {{ ref('dim_units') }} as units
    on checks.unit_id = units.unit_id
left join {{ ref('verdict_reasons') }} as gates
    on checks.reason = gates.reason_code
left join {{ ref('comparison_reasons') }} as compared
    on checks.reason = compared.reason_code
order by checks.scope_type, checks.scope_id
