-- What every chart says in words: one row per series, with the limits' basis, the icons of the latest
-- point and, for units with a start, the verdict with its size. Without a start there is no verdict.
select
    summary.series_id,
    summary.unit_id,
    summary.metric_id,
    summary.cycle_id,
    summary.series,
    summary.chart,
    summary.baseline_first_month,
    summary.baseline_last_month,
    summary.latest_month,
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
    cast(runs.longest_run as integer) as longest_run,
    cast(runs.longest_run_max as integer) as longest_run_max,
    cast(runs.n_crossings as integer) as n_crossings,
    cast(runs.n_crossings_min as integer) as n_crossings_min,
    runs.runs_signal,
    summary.season_method,
    cast(summary.n_season_years as integer) as n_season_years,
    notes.season_note_nb,
    notes.season_note_en,
    round(verdicts.autocorrelation, 6) as autocorrelation,
    cast(verdicts.required_run as integer) as required_run,
    cast(verdicts.longest_run_better as integer) as longest_run_better,
    cast(verdicts.longest_run_worse as integer) as longest_run_worse,
    round(verdicts.mean_after, 6) as mean_after,
    round(verdicts.change, 6) as change,
    round(verdicts.change_low, 6) as change_low,
    round(verdicts.change_high, 6) as change_high,
    verdicts.verdict in (
        'sustained_improvement', 'sustained_deterioration', 'sustained_change'
    ) as is_change_shown,
    verdicts.verdict,
    {% for language, of_least in [('nb', ' av minst '), ('en', ' of at least ')] %}
    case
        when verdicts.verdict = 'too_early' then concat(
            texts.verdict_{{ language }}, ' (', cast(verdicts.n_after as {{ type_text() }}),
            '{{ of_least }}{{ chart_settings().least_after }}', {{ "' måneder)'" if language == 'nb' else "' months)'" }}
        )
        when verdicts.void_reason is not null then reasons.reason_{{ language }}
        else texts.verdict_{{ language }}
    end as verdict_{{ language }},
    {% endfor %}
    case
        when verdicts.verdict in (
            'sustained_improvement', 'sustained_deterioration', 'sustained_change'
        ) then summary.latest_six_side = {{ side_of('verdicts.mean_after', 'summary.centre') }}
    end as is_still_held,
    coalesce(
        verdicts.verdict = 'sustained_improvement'
        and verdicts.n_after >= 12 and cycles.decision = 'standardise', false
    ) as is_new_basis_suggested,
    verdicts.caveats
from {{ ref('int_chart_summaries') }} as summary
left join {{ ref('int_chart_runs') }} as runs
    on summary.series_id = runs.series_id
left join {{ ref('int_chart_verdicts') }} as verdicts
    on summary.series_id = verdicts.series_id
left join {{ ref('chart_verdicts') }} as texts
    on verdicts.verdict = texts.verdict
left join {{ ref('verdict_reasons') }} as reasons
    on verdicts.void_reason = reasons.reason_code
left join {{ ref('chart_season_notes') }} as notes
    on summary.season_method = notes.season_method
left join {{ ref('int_lean__cycles') }} as cycles
    on summary.cycle_id = cycles.cycle_id
order by summary.series_id
