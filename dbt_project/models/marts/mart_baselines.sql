-- Every frozen baseline: what it said when it was frozen, and beside it what the same months say now,
-- what restated them, and whether the chart would have said something else; and whether it was frozen
-- when months after the introduction were known already.
with judged as (
    select
        baselines.*,
        sums.n_restated,
        sums.restated_by,
        sums.current_n_months,
        sums.current_value,
        case
            when baselines.is_hidden_since then 'hidden'
            when sums.n_restated = 0 then 'as_frozen'
            when sums.restated_by is null then 'restated_by_rules'
            else 'restated'
        end as state,
        concat(baselines.unit_id, '/', baselines.metric_id, '/', baselines.cycle_id, '/')
            as series_start
    from {{ ref('int_baselines') }} as baselines
    inner join {{ ref('int_baseline_sums') }} as sums
        on baselines.baseline_id = sums.baseline_id
)

select
    judged.cycle_id,
    judged.metric_id,
    judged.unit_id,
    units.unit_name,
    judged.first_month,
    judged.last_month,
    judged.n_months,
    round(judged.numerator, 6) as numerator,
    round(judged.denominator, 6) as denominator,
    round(judged.value, 6) as value,
    judged.chart,
    round(judged.centre, 6) as centre,
    round(judged.sigma, 6) as sigma,
    judged.limit_label,
    judged.is_screened,
    round(judged.autocorrelation, 6) as autocorrelation,
    judged.season_method,
    judged.season_hash,
    judged.frozen_as_of,
    coalesce(judged.frozen_as_of > cycles.introduction_end_date, false)
        as is_frozen_late,
    judged.baseline_hash,
    judged.delivery_ids,
    judged.corrected_by,
    judged.n_restated > 0 as is_restated,
    cast(judged.n_restated as integer) as n_restated_months,
    judged.restated_by,
    cast(case when judged.n_restated > 0 then judged.current_n_months end as integer)
        as restated_n_months,
    case when judged.n_restated > 0 then round(judged.current_value, 6) end as restated_value,
    case when judged.n_restated > 0 then round(judged.current_value - judged.value, 6) end
        as restated_difference,
    round(restated_limits.centre, 6) as restated_centre,
    round(restated_limits.sigma, 6) as restated_sigma,
    verdicts.verdict,
    restated.verdict as restated_verdict,
    coalesce(restated.verdict <> verdicts.verdict, false) as is_verdict_changed,
    judged.state,
    {{ worded('states.state') }}
from judged
inner join {{ ref('dim_units') }} as units
    on judged.unit_id = units.unit_id
inner join {{ ref('baseline_states') }} as states
    on judged.state = states.state
left join {{ ref('int_lean__cycles') }} as cycles
    on judged.cycle_id = cycles.cycle_id
left join {{ ref('int_chart_verdicts') }} as verdicts
    on verdicts.series_id = concat(judged.series_start, 'value')
left join {{ ref('int_chart_verdicts') }} as restated
    on restated.series_id = concat(judged.series_start, 'restated')
left join {{ ref('int_chart_limits') }} as restated_limits
    on restated_limits.series_id = concat(judged.series_start, 'restated')
order by judged.cycle_id, judged.metric_id
