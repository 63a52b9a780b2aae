-- Every decision on a new basis and what became of it. It is allowed when the process has become
-- another and better one for a known reason and has stayed so: enough points when it was decided, a
-- sustained improvement, a known cause, still held. What was once allowed stands until taken back:
-- that a later verdict differs is what the new limits are there to show.
with judged as (
    select
        decided.*,
        case
            when revoked.replaces_decision_id is not null then 'revoked'
            when decided.series_id is null then 'no_such_chart'
            when decided.is_kept then 'in_force'
            when decided.end_index is null or {{ month_index('decided.new_baseline_first_month') }}
                <= decided.end_index then 'before_introduction_end'
            when decided.n_points < {{ chart_settings().least_new_basis }} then 'few_points'
            when coalesce(verdicts.verdict, '-') <> 'sustained_improvement' then 'not_sustained'
            when summary.latest_six_side <> {{ side_of('verdicts.mean_after', 'summary.centre') }}
                then 'not_held'
            when decided.known_cause is null then 'no_known_cause'
            else 'in_force'
        end as outcome_first
    from {{ ref('int_rebase_candidates') }} as decided
    left join {{ ref('int_chart_verdicts') }} as verdicts
        on decided.series_id = verdicts.series_id
    left join {{ ref('int_chart_summaries') }} as summary
        on decided.series_id = summary.series_id
    left join (
        select distinct replaces_decision_id
        from {{ ref('stg_pukk_decisions__rebase_decisions') }}
        where kind = 'revoke'
    ) as revoked
        on decided.decision_id = revoked.replaces_decision_id
),

replaced as (
    select distinct replaces_decision_id from judged where outcome_first = 'in_force'
),

outcomes as (
    select
        judged.*,
        case
            when judged.outcome_first = 'in_force' and replaced.replaces_decision_id is not null
                then 'replaced'
            else judged.outcome_first
        end as outcome
    from judged
    left join replaced
        on judged.decision_id = replaced.replaces_decision_id
)

select
    outcomes.*,
    case
        when outcome = 'in_force' then cast(1 + row_number() over (
            partition by series_id, case when outcome = 'in_force' then 1 end
            order by new_baseline_first_month, decided_date, decision_id
        ) as integer)
    end as phase_no
from outcomes
