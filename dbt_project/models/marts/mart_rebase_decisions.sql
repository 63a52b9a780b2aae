-- Every decision on a new basis, who made it, when and why, and whether it was allowed.
select
    decisions.decision_id,
    decisions.unit_id,
    units.unit_name,
    decisions.metric_id,
    coalesce(decisions.series_cycle_id, decisions.cycle_id) as cycle_id,
    decisions.new_baseline_first_month,
    decisions.new_baseline_last_month,
    decisions.decided_date,
    decisions.decided_by_role,
    decisions.reason,
    decisions.known_cause,
    decisions.replaces_decision_id,
    decisions.n_points,
    decisions.phase_no,
    decisions.outcome,
    decisions.outcome = 'in_force' as is_in_force,
    {% call(language) each_language() %}
    replace(
        replace(outcomes.outcome_{{ language }}, '{points}', cast(decisions.n_points as {{ type_text() }})),
        '{needed}', '{{ chart_settings().least_new_basis }}'
    ) as outcome_{{ language }}
    {% endcall %}
from {{ ref('int_rebase_decisions') }} as decisions
inner join {{ ref('rebase_outcomes') }} as outcomes
    on decisions.outcome = outcomes.outcome
left join {{ ref('dim_units') }} as units
    on decisions.unit_id = units.unit_id
order by decisions.decision_id
