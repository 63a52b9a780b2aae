-- Each headline with the codes and figures its sentence is made of, and how many months of the window
-- after are still to come. A hidden row has no figures; a timeless reason is one that no month mends.
with last_month as (
    select max(month) as as_of_month
    from {{ ref('int_metric_months_visible') }}
    where level = 'unit' and value is not null
)

select
    verdicts.cycle_id,
    verdicts.unit_id,
    verdicts.metric_id,
    verdicts.start_date,
    last_month.as_of_month,
    verdicts.headline,
    verdicts.basis,
    verdicts.tested_as,
    verdicts.is_twin,
    case when verdicts.basis = 'comparison' then verdicts.n_tested end as n_tested,
    verdicts.effect_verdict,
    case
        when verdicts.headline <> 'suppressed' and verdicts.chart_verdict <> 'none'
            then verdicts.chart_verdict
    end as chart_verdict,
    verdicts.measured_verdict,
    {% for column in ['seasonal_delta', 'value_before', 'value_after', 'n_before', 'n_after'] %}
    case when verdicts.headline <> 'suppressed' then verdicts.{{ column }} end as {{ column }},
    {% endfor %}
    {% for column in ['q', 'p_better', 'mde80', 'anyway'] %}
    case when verdicts.basis = 'comparison' then verdicts.{{ column }} end as {{ column }},
    {% endfor %}
    case when verdicts.basis = 'comparison' then verdicts.eb_delta end as shrunken_estimate,
    case when verdicts.basis = 'comparison' then verdicts.effect_persistence end as persistence,
    {% for column, effect, chart in [
        ('estimate', 'cf_delta', 'chart_change'),
        ('estimate_lo', 'cf_lo', 'chart_change_low'),
        ('estimate_hi', 'cf_hi', 'chart_change_high'),
    ] %}
    case
        when verdicts.basis = 'comparison' then verdicts.{{ effect }}
        when verdicts.basis = 'chart' and verdicts.chart_verdict like 'sustained%'
            then verdicts.{{ chart }}
    end as {{ column }},
    {% endfor %}
    verdicts.gate_reason as reason_code,
    verdicts.comparison_reason,
    coalesce(verdicts.gate_reason in (
        'few_months_before', 'few_years_before', 'missing_before', 'nominal_prices'
    ), false) as is_timeless,
    case
        when windows.end_index is not null then greatest(
            windows.end_index + profile.window_long_months
            - {{ month_index('last_month.as_of_month') }}, 0
        )
    end as months_left,
    lowering.lowered_by,
    metrics.metric_order,
    {{ better_side('metrics.direction') }} as better_side,
    case
        when verdicts.basis = 'comparison' and verdicts.effect_unit = 'percent' then 'percent'
        else metrics.unit
    end as effect_unit
from {{ ref('int_headline_verdicts') }} as verdicts
inner join {{ ref('stg_municipality__metrics') }} as metrics
    on verdicts.metric_id = metrics.metric_id
left join {{ ref('int_headline_lowering') }} as lowering
    on verdicts.cycle_id = lowering.cycle_id and verdicts.metric_id = lowering.metric_id
left join {{ ref('int_phase_windows') }} as windows
    on verdicts.cycle_id = windows.cycle_id and verdicts.metric_id = windows.metric_id
cross join {{ ref('stg_municipality__profile') }} as profile
cross join last_month
