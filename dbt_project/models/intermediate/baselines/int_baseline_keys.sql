-- Cycle x metric that has left P: the month of its start has come in the metric's figures. What a unit
-- shows per year has no months to freeze. The id
-- says which start and, where a decision corrected the baseline, which decision: taken back, the
-- baseline before it stands again.
with reached as (
    select metric_id, max(month) as last_month
    from {{ ref('int_metric_months') }}
    where has_data
    group by metric_id
),

revoked as (
    select distinct replaces_decision_id as decision_id
    from {{ ref('stg_pukk_decisions__rebase_decisions') }}
    where kind = 'revoke'
),

corrections as (
    select
        windows.cycle_id,
        windows.metric_id,
        decisions.decision_id,
        row_number() over (
            partition by windows.cycle_id, windows.metric_id
            order by decisions.decided_date desc, decisions.decision_id desc
        ) as latest_no
    from {{ ref('stg_pukk_decisions__rebase_decisions') }} as decisions
    inner join {{ ref('int_phase_windows') }} as windows
        on decisions.unit_id = windows.unit_id
        and (decisions.metric_id is null or windows.metric_id = decisions.metric_id)
        and (decisions.cycle_id is null or windows.cycle_id = decisions.cycle_id)
    left join revoked
        on decisions.decision_id = revoked.decision_id
    where decisions.kind = 'correct_baseline' and revoked.decision_id is null
),

keys as (
    select
        windows.cycle_id,
        windows.unit_id,
        windows.metric_id,
        windows.start_index,
        corrections.decision_id as corrected_by,
        concat(
            windows.cycle_id, '/', windows.metric_id, '/',
            cast(windows.introduction_first_month as {{ type_text() }}), '/',
            coalesce(corrections.decision_id, '-')
        ) as baseline_id
    from {{ ref('int_phase_windows') }} as windows
    inner join reached
        on windows.metric_id = reached.metric_id
        and windows.introduction_first_month <= reached.last_month
    left join corrections
        on windows.cycle_id = corrections.cycle_id
        and windows.metric_id = corrections.metric_id
        and corrections.latest_no = 1
    where not windows.is_yearly
)

select
    keys.*,
    kept.baseline_id is not null as is_kept,
    greatest({{ chart_baseline_months() }}, profile.window_long_months) as snapshot_months
from keys
cross join {{ ref('stg_municipality__profile') }} as profile
left join {{ ref('stg_ops__frozen_baselines') }} as kept
    on keys.baseline_id = kept.baseline_id
