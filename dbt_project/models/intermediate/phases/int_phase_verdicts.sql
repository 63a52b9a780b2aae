-- Gates in order, first hit wins, then the direction as measured. "Better" is never "because of
-- Lean": whether it would have happened anyway is not judged here. The change judged is the one
-- with the season taken out, where there is one; less than half of the last shown decimal is none.
with changes as (
    select
        results.*,
        coalesce(events.has_definition_change, false) as has_definition_change,
        coalesce(events.has_reorganisation, false) as has_reorganisation,
        coalesce(events.has_budget_cut, false) as has_budget_cut,
        events.caveats,
        results.value_after - results.value_before as difference,
        coalesce(results.seasonal_difference, results.value_after - results.value_before)
            as judged_change
    from {{ ref('int_phase_results') }} as results
    left join {{ ref('int_phase_events') }} as events
        on results.cycle_id = events.cycle_id and results.metric_id = events.metric_id
),

improvements as (
    select
        changes.*,
        abs(judged_change) < 0.5e0 * power(10e0, -decimals) as is_unchanged,
        case
            when direction = 'lower' then -judged_change
            when direction = 'higher' then judged_change
            when direction = 'target' then abs(value_before - target_value)
                - abs(value_before + judged_change - target_value)
        end as improvement
    from changes
),

reasons as (
    select
        improvements.*,
        case
            when is_suppressed then 'suppressed'
            when window_months is null then window_reason
            when n_before + n_after = 0 then 'no_data'
            when n_before < window_min_share * window_months then 'missing_before'
            when n_after < window_min_share * window_months then 'missing_after'
            when is_preliminary then 'preliminary'
            when judged_change is null then 'no_data'
            when has_definition_change then 'definition_change'
            when has_reorganisation then 'reorganisation'
            when has_budget_cut and is_cost_linked then 'budget_cut'
            when is_unchanged or improvement = 0 then 'unchanged'
            when improvement is null then 'changed'
            when improvement > 0 then 'better'
            else 'worse'
        end as reason_code
    from improvements
)

select
    reasons.*,
    case
        when reason_code = 'suppressed' then 'suppressed'
        when reason_code in ('definition_change', 'reorganisation', 'budget_cut')
            then 'not_interpretable'
        when reason_code in ('better', 'worse', 'unchanged', 'changed')
            then concat('measured_', reason_code)
        else 'too_little_data'
    end as verdict,
    case
        when is_suppressed or is_unchanged or improvement = 0 then null
        else improvement > 0
    end as is_better
from reasons
