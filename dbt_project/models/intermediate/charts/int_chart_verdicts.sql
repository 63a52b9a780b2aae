-- Has anything happened since the start? One row per series with a start. Rare events and run charts
-- are not judged; what would make a comparison of before and after void does so here too.
with verdicts as (
    {{ chart_verdicts(ref('int_chart_changes'), ref('int_chart_signs'), chart_settings()) }}
),

drifts as (
    select series.series_id, drift.drift, drift.usual_bump
    from {{ ref('int_chart_series') }} as series
    inner join {{ ref('int_chart_drift') }} as drift
        on series.metric_id = drift.metric_id
),

held_verdicts as (
    {{ verdict_drift('verdicts', 'drifts') }}
),

counts as (
    select
        series_id,
        count(case when is_baseline then value end) as n_before,
        count(case when is_after then value end) as n_after,
        min(case when is_after and value is not null then month end) as after_first_month,
        max(case when is_after and value is not null then month end) as after_last_month
    from {{ ref('int_chart_points') }}
    group by series_id
),

reasons as (
    select
        series.series_id,
        case
            when events.has_definition_change then 'definition_change'
            when events.has_reorganisation then 'reorganisation'
            when events.has_budget_cut and series.is_cost_linked then 'budget_cut'
        end as void_reason,
        events.caveats
    from {{ ref('int_chart_series') }} as series
    left join {{ ref('int_phase_events') }} as events
        on series.cycle_id = events.cycle_id and series.metric_id = events.metric_id
    where series.cycle_id is not null
)

select
    reasons.series_id,
    counts.n_before,
    counts.n_after,
    counts.after_first_month,
    counts.after_last_month,
    verdicts.autocorrelation,
    verdicts.sigma_adjusted,
    verdicts.required_run,
    verdicts.longest_run_better,
    verdicts.longest_run_worse,
    verdicts.mean_after,
    verdicts.is_bad_start_year,
    verdicts.change,
    verdicts.change - verdicts.drift_margin as change_low,
    verdicts.change + verdicts.drift_margin as change_high,
    reasons.caveats,
    case when verdicts.verdict not in ('not_enough_baseline', 'too_early')
        then reasons.void_reason end as void_reason,
    case
        when counts.n_before < {{ chart_settings().least_baseline }} then 'not_enough_baseline'
        when verdicts.verdict is null then 'chart_without_verdict'
        when verdicts.verdict in ('not_enough_baseline', 'too_early') then verdicts.verdict
        when reasons.void_reason is not null then 'not_interpretable'
        else verdicts.held_verdict
    end as verdict
from reasons
inner join counts
    on reasons.series_id = counts.series_id
left join held_verdicts as verdicts
    on reasons.series_id = verdicts.series_id
