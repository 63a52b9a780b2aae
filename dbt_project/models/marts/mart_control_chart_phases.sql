-- What every chart says in words: one row per series and phase, with the limits' basis and the icons of
-- the latest point. The verdict is the first phase's, and without a start there is none.
{% set is_sustained -%}
verdicts.verdict in ('sustained_improvement', 'sustained_deterioration', 'sustained_change')
{%- endset %}
select
    {% for column in ['series_id', 'phase_no', 'phase_first_month', 'unit_id', 'metric_id',
        'cycle_id', 'series', 'chart', 'baseline_first_month', 'baseline_last_month',
        'latest_month'] %}
    summary.{{ column }},
    {% endfor %}
    round(summary.latest_value, 6) as latest_value,
    cast(summary.n_baseline as integer) as n_baseline,
    cast(verdicts.n_after as integer) as n_after,
    verdicts.after_first_month,
    verdicts.after_last_month,
    summary.limit_label,
    summary.limit_note,
    summary.is_screened,
    round(summary.centre, 6) as centre,
    round(summary.sigma, 6) as sigma,
    summary.variation,
    summary.assurance,
    summary.target_value,
    {% for column in ['longest_run', 'longest_run_max', 'n_crossings', 'n_crossings_min'] %}
    cast(summary.{{ column }} as integer) as {{ column }},
    {% endfor %}
    summary.runs_signal,
    summary.season_method,
    cast(summary.n_season_years as integer) as n_season_years,
    {{ worded('notes.season_note') }},
    round(verdicts.autocorrelation, 6) as autocorrelation,
    cast(verdicts.required_run as integer) as required_run,
    cast(verdicts.longest_run_better as integer) as longest_run_better,
    cast(verdicts.longest_run_worse as integer) as longest_run_worse,
    round(verdicts.mean_after, 6) as mean_after,
    round(verdicts.change, 6) as change,
    round(verdicts.change_low, 6) as change_low,
    round(verdicts.change_high, 6) as change_high,
    {{ is_sustained }} as is_change_shown,
    verdicts.verdict,
    {% call(language) each_language() %}
    case
        when verdicts.verdict = 'too_early' then replace(
            replace(texts.counted_{{ language }}, '{n}', cast(verdicts.n_after as {{ type_text() }})),
            '{needed}', '{{ chart_settings().least_after }}'
        )
        when verdicts.void_reason is not null then reasons.reason_{{ language }}
        else texts.verdict_{{ language }}
    end as verdict_{{ language }}
    {% endcall %},
    {% set still_held = "summary.latest_six_side = " ~ side_of('verdicts.mean_after', 'summary.centre') %}
    case
        when {{ is_sustained }} then {{ still_held }}
    end as is_still_held,
    coalesce(
        verdicts.verdict = 'sustained_improvement' and {{ still_held }} and summary.n_phases = 1
        and verdicts.n_after >= {{ chart_settings().least_new_basis }}
        and cycles.decision = 'standardise', false
    ) as is_new_basis_suggested,
    summary.decision_id,
    summary.decided_date,
    summary.decided_by_role,
    summary.reason as decision_reason,
    summary.known_cause,
    verdicts.caveats
from {{ ref('int_chart_phases') }} as summary
left join {{ ref('int_chart_verdicts') }} as verdicts
    on summary.series_id = verdicts.series_id and summary.phase_no = 1
left join {{ ref('chart_verdicts') }} as texts
    on verdicts.verdict = texts.verdict
left join {{ ref('verdict_reasons') }} as reasons
    on verdicts.void_reason = reasons.reason_code
left join {{ ref('chart_season_notes') }} as notes
    on summary.season_method = notes.season_method
left join {{ ref('int_lean__cycles') }} as cycles
    on summary.cycle_id = cycles.cycle_id
order by summary.series_id, summary.phase_no
