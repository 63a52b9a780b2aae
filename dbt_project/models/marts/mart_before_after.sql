-- Each cycle and metric before and after, as measured, with what may not be concluded. The difference is
-- the one between the two figures shown.
select
    verdicts.cycle_id,
    verdicts.unit_id,
    units.unit_name,
    units.sector,
    verdicts.metric_id,
    cycles.cycle_no,
    cycles.is_pilot,
    cycles.pilot_order,
    cycles.wave,
    verdicts.start_date,
    verdicts.window_months,
    verdicts.is_preliminary,
    case when verdicts.is_yearly then 'years' else 'months' end as window_kind,
    before_first.month as baseline_first_month,
    before_last.month as baseline_last_month,
    verdicts.introduction_first_month,
    verdicts.introduction_last_month,
    after_first.month as after_first_month,
    after_last.month as after_last_month,
    verdicts.n_before,
    verdicts.n_after,
    {% for side in ['before', 'after'] %}
    round(verdicts.numerator_{{ side }}, 6) as numerator_{{ side }},
    round(verdicts.denominator_{{ side }}, 6) as denominator_{{ side }},
    {% endfor %}
    round(verdicts.value_before, 6) as value_before,
    round(verdicts.value_after, 6) as value_after,
    round(round(verdicts.value_after, 6) - round(verdicts.value_before, 6), 6) as difference,
    verdicts.n_calendar_months,
    round(verdicts.seasonal_difference, 6) as seasonal_difference,
    verdicts.direction,
    verdicts.is_better,
    verdicts.verdict,
    {{ worded('labels.verdict') }},
    verdicts.reason_code,
    {{ worded('texts.reason') }},
    verdicts.caveats
from {{ ref('int_phase_verdicts') }} as verdicts
inner join {{ ref('int_lean__cycles') }} as cycles
    on verdicts.cycle_id = cycles.cycle_id
inner join {{ ref('dim_units') }} as units
    on verdicts.unit_id = units.unit_id
left join {{ ref('verdict_reasons') }} as texts
    on verdicts.reason_code = texts.reason_code
left join {{ ref('verdicts') }} as labels
    on verdicts.verdict = labels.verdict
{% for place in ['before_first', 'before_last', 'after_first', 'after_last'] %}
left join {{ ref('int_months') }} as {{ place }}
    on verdicts.{{ place }}_index = {{ place }}.month_index
{% endfor %}
order by verdicts.cycle_id, verdicts.metric_id
