-- Every phase of every chart: the first, and one for each new basis in force with who decided it,
-- when and why.
with points as (
    select series_id, phase_no, seq, side, is_counted from {{ ref('int_chart_points') }}
    union all
    select series_id, phase_no, seq, side, is_counted from {{ ref('int_rebased_points') }}
),

sides as (
    select * from points where is_counted
),

runs as (
    {{ side_runs('sides', chart_settings()) }}
),

run_rules as (
    {{ anhoej_runs('sides', 'runs', ref('anhoej_limits')) }}
),

summaries as (
    select * from {{ ref('int_chart_summaries') }}
    union all
    select * from {{ ref('int_rebased_summaries') }}
)

select
    summaries.*,
    run_rules.longest_run,
    run_rules.longest_run_max,
    run_rules.n_crossings,
    run_rules.n_crossings_min,
    run_rules.runs_signal,
    decisions.decision_id,
    decisions.decided_date,
    decisions.decided_by_role,
    decisions.reason,
    decisions.known_cause,
    count(*) over (partition by summaries.series_id) as n_phases
from summaries
left join run_rules
    on summaries.series_id = run_rules.series_id and summaries.phase_no = run_rules.phase_no
left join {{ ref('int_rebase_decisions') }} as decisions
    on summaries.series_id = decisions.series_id and summaries.phase_no = decisions.phase_no
