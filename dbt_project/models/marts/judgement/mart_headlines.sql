-- One headline per unit, metric and cycle: what the two instruments say together, in codes and figures;
-- mart_sentences has it in words. What is most in need of talk comes first; among equals the shrunken
-- effect decides, never the unit's own. The change is the one between the two figures shown. What to do
-- next knows the time: nobody is asked to wait for months that cannot come.
select
    figures.cycle_id,
    figures.unit_id,
    units.unit_name,
    units.sector,
    figures.metric_id,
    cycles.cycle_no,
    cycles.is_pilot,
    cycles.pilot_order,
    cycles.wave,
    figures.start_date,
    figures.as_of_month,
    figures.headline,
    codes.headline_group,
    codes.verdict_class,
    {{ worded('classes.label', 'verdict_class') }},
    figures.basis,
    figures.tested_as,
    orders.start_order,
    figures.is_twin,
    figures.n_tested,
    {{ worded('codes.headline') }},
    {% call(language) each_language() %}
    case
        when (figures.months_left = 0 or figures.is_timeless) and codes.next_step_closed_{{ language }} is not null
            then codes.next_step_closed_{{ language }}
        else codes.next_step_{{ language }}
    end as next_step_{{ language }}
    {% endcall %},
    cast(figures.months_left as integer) as months_left,
    figures.reason_code,
    figures.comparison_reason,
    figures.lowered_by,
    figures.effect_verdict,
    figures.chart_verdict,
    figures.measured_verdict,
    {% for column in ['estimate', 'estimate_lo', 'estimate_hi'] %}
    round(figures.{{ column }}, 6) as {{ column }},
    {% endfor %}
    case when figures.estimate is not null then figures.effect_unit end as effect_unit,
    {% for column in ['q', 'shrunken_estimate', 'p_better', 'mde80', 'anyway', 'seasonal_delta'] %}
    round(figures.{{ column }}, 6) as {{ column }},
    {% endfor %}
    round(round(figures.value_after, 6) - round(figures.value_before, 6), 6) as naive_delta,
    figures.persistence,
    round(figures.value_before, 6) as value_before,
    round(figures.value_after, 6) as value_after,
    cast(figures.n_before as integer) as n_before,
    cast(figures.n_after as integer) as n_after,
    cast(row_number() over (
        order by
            codes.talk_order,
            figures.better_side * figures.shrunken_estimate
            / nullif(figures.mde80, 0e0) nulls last,
            figures.metric_order,
            figures.cycle_id
    ) as integer) as talk_order
from {{ ref('int_headline_figures') }} as figures
inner join {{ ref('headlines') }} as codes
    on figures.headline = codes.headline
inner join {{ ref('labels') }} as classes
    on classes.domain = 'verdict_class' and codes.verdict_class = classes.code
inner join {{ ref('int_lean__cycles') }} as cycles
    on figures.cycle_id = cycles.cycle_id
inner join {{ ref('int_start_orders') }} as orders
    on figures.cycle_id = orders.cycle_id
inner join {{ ref('dim_units') }} as units
    on figures.unit_id = units.unit_id
order by figures.cycle_id, figures.metric_id
