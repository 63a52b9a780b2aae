{{ config(materialized='view') }}
-- How far the data carry every cycle beside the step it says it is in: out of P with a frozen
-- baseline, to the first K with enough months after, to the second with a decision. Asked of the
-- cycle's own metric (of its total, where units show it per year); of any, where it has named none.
{% set asked_of = "baselines.metric_id = coalesce(case when asked.unit_grain = 'year'"
    " then asked.parent_family_id else cycles.metric_id end, baselines.metric_id)" -%}
{% set least_after = chart_settings().least_after -%}
{% set too_far = 'claimed.step_no > supported.step_no' -%}
with after_months as (
    select cycle_id, metric_id, count(value) as n_after
    from {{ ref('int_phase_months') }}
    where phase = 'after'
    group by cycle_id, metric_id
),

supports as (
    select
        cycles.cycle_id,
        count(baselines.baseline_id) as n_frozen_metrics,
        count(case when {{ asked_of }} then baselines.baseline_id end) > 0 as has_frozen_baseline,
        coalesce(max(case when {{ asked_of }} then after_months.n_after end), 0) as n_after_months
    from {{ ref('int_lean__cycles') }} as cycles
    left join {{ ref('int_metrics') }} as asked
        on cycles.metric_id = asked.metric_id
    left join {{ ref('int_baselines') }} as baselines
        on cycles.cycle_id = baselines.cycle_id
    left join after_months
        on baselines.cycle_id = after_months.cycle_id
        and baselines.metric_id = after_months.metric_id
    group by cycles.cycle_id
),

carried as (
    select
        supports.*,
        case
            when cycles.start_date is null then 'no_start'
            when cycles.start_date > data_range.last_day then 'start_not_in_data'
            when not supports.has_frozen_baseline then 'no_frozen_baseline'
            when cycles.introduction_end_date is null then 'no_introduction_end'
            when supports.n_after_months < {{ least_after }} then 'few_after_months'
            when cycles.decision is null then 'no_decision'
            else 'none'
        end as missing_code
    from supports
    cross join {{ ref('int_data_range') }} as data_range
    inner join {{ ref('int_lean__cycles') }} as cycles
        on supports.cycle_id = cycles.cycle_id
)

select
    carried.cycle_id,
    carried.has_frozen_baseline,
    cast(carried.n_frozen_metrics as integer) as n_frozen_metrics,
    cast(carried.n_after_months as integer) as n_after_months,
    cast({{ least_after }} as integer) as n_after_needed,
    problems.step_supported,
    {{ worded('supported.step', 'step_supported') }},
    {{ worded('claimed.step', 'step_claimed') }},
    coalesce(not {{ too_far }}, true) as is_step_supported,
    case when {{ too_far }} then problems.problem_code end as step_problem,
    {% call(language) each_language() %}
    case when {{ too_far }} then replace(
        replace(problems.problem_{{ language }}, '{needed}', '{{ least_after }}'),
        '{missing}',
        cast(greatest({{ least_after }} - carried.n_after_months, 0) as {{ type_text() }})
    ) end as step_problem_{{ language }}
    {% endcall %}
from carried
inner join {{ ref('step_problems') }} as problems
    on carried.missing_code = problems.problem_code
inner join {{ ref('pukk_steps') }} as supported
    on problems.step_supported = supported.step
left join {{ ref('int_cycle_claims') }} as claims
    on carried.cycle_id = claims.cycle_id
left join {{ ref('pukk_steps') }} as claimed
    on claims.step_claimed = claimed.step
