-- What the two instruments say about each cycle and metric, side by side: the effect of the unit's
-- first start, and the control chart of every start. Nothing is judged here.
with charts as (
    select
        series.cycle_id,
        series.metric_id,
        verdicts.verdict,
        verdicts.void_reason,
        verdicts.change,
        verdicts.change_low,
        verdicts.change_high,
        verdicts.is_bad_start_year,
        summaries.season_method,
        summaries.limit_label
    from {{ ref('int_chart_verdicts') }} as verdicts
    inner join {{ ref('int_chart_series') }} as series
        on verdicts.series_id = series.series_id and series.series = 'value'
    inner join {{ ref('int_chart_summaries') }} as summaries
        on verdicts.series_id = summaries.series_id
)

select
    measured.cycle_id,
    measured.unit_id,
    measured.metric_id,
    measured.start_date,
    measured.verdict as measured_verdict,
    measured.reason_code as measured_reason,
    measured.caveats,
    cycles.start_no = 1 as is_first_cycle,
    effects.verdict as effect_verdict,
    effects.reason as effect_reason,
    effects.precision as effect_precision,
    effects.persistence as effect_persistence,
    effects.effect_unit,
    effects.cf_delta,
    effects.cf_lo,
    effects.cf_hi,
    effects.q,
    case
        when effects.basis = 'registered' or locks.cycle_id is not null then 'registered'
        else 'screened'
    end as tested_as,
    effects.n_tested,
    effects.eb_delta,
    effects.p_better,
    effects.mde80,
    effects.anyway,
    coalesce(effects.flag_bad_start_year, charts.is_bad_start_year, false) as flag_bad_start_year,
    coalesce(effects.flag_budget_cut, false) as flag_budget_cut,
    coalesce(effects.flag_leader_change, false) as flag_leader_change,
    coalesce(effects.flag_reorganisation, false) as flag_reorganisation,
    coalesce(effects.flag_did_disagrees, false) as flag_did_disagrees,
    measured.seasonal_difference as seasonal_delta,
    {{ shown_figure('mean_before', 'value_before') }} as value_before,
    {{ shown_figure('mean_after', 'value_after') }} as value_after,
    {{ shown_figure('n_before', 'n_before') }} as n_before,
    {{ shown_figure('n_after', 'n_after') }} as n_after,
    {{ chart_as_shown() }} as chart_verdict,
    charts.void_reason,
    charts.change as chart_change,
    charts.change_low as chart_change_low,
    charts.change_high as chart_change_high,
    charts.season_method,
    charts.limit_label
from {{ ref('int_phase_verdicts') }} as measured
inner join {{ ref('int_lean__cycles') }} as cycles
    on measured.cycle_id = cycles.cycle_id and cycles.start_no is not null
left join {{ ref('stg_effects__units') }} as effects
    on measured.unit_id = effects.unit_id and measured.metric_id = effects.metric_id
    and cycles.start_no = 1
left join charts
    on measured.cycle_id = charts.cycle_id and measured.metric_id = charts.metric_id
left join {{ ref('int_target_locks') }} as locks
    on measured.cycle_id = locks.cycle_id and measured.metric_id = locks.tested_metric_id
    and locks.lock_state = 'registered'
