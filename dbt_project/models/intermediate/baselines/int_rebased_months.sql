{{ config(materialized='view') }}
-- The months from every new basis in force, as a phase of its own: limits come from its own months,
-- nothing crosses the cut, and the limits before go on as a ghost. No verdict here: the verdict on
-- Lean stays with the first phase, for a new basis hides the change that it asks about.
with phased as (
    select
        months.*,
        decisions.phase_no as new_phase_no,
        months.seq < {{ month_index('decisions.new_baseline_first_month') }}
        + {{ chart_baseline_months() }}
        and months.month <= coalesce(decisions.new_baseline_last_month, months.month)
            as is_new_baseline
    from {{ ref('int_rebase_decisions') }} as decisions
    inner join {{ ref('int_chart_months') }} as months
        on decisions.series_id = months.series_id
        and decisions.new_baseline_first_month <= months.month
    where decisions.outcome = 'in_force'
)

select
    series_id,
    new_phase_no as phase_no,
    seq,
    month,
    phase,
    chart,
    scale,
    numerator,
    denominator,
    value,
    measured_value,
    is_new_baseline as is_baseline,
    false as is_after,
    true as is_counted,
    only_outside,
    better_side,
    target_value,
    lower_bound,
    upper_bound
from phased
