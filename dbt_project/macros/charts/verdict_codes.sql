{# CTEs `verdict_measures` and `chart_verdicts`: the run asked for, the size with its interval, and
   the verdict, first hit wins. `only_outside`: no run counts, and less than two years before is too
   little, for the season is still in the figures. A part of chart_verdicts. #}
{% macro verdict_codes(baselines, settings) -%}
verdict_measures as (
    select
        sizes.*,
        baselines.centre,
        baselines.sigma,
        guards.autocorrelation,
        guards.rho,
        guards.sigma_adjusted,
        coalesce(runs.better_side, 0) as better_side,
        case when coalesce(runs.better_side, 0) = 0 then 1 else runs.better_side end as up_side,
        coalesce(runs.only_outside, false) as only_outside,
        coalesce(runs.longest_run_better, 0) as longest_run_better,
        coalesce(runs.longest_run_worse, 0) as longest_run_worse,
        coalesce(signs.has_better, 0) = 1 as has_better,
        coalesce(signs.has_worse, 0) = 1 as has_worse,
        case
            when sizes.n_before >= {{ settings.least_baseline }}
                and sizes.n_after >= {{ settings.least_after }}
                then cast(round(log2(greatest(runs.n_useful, 1))) as integer) + 4
                    + guards.extra_points
        end as required_run,
        sizes.mean_after - baselines.centre as change,
        1.96e0 * guards.sigma_adjusted * sqrt(
            (1e0 / nullif(sizes.weight_before, 0e0) + 1e0 / nullif(sizes.weight_after, 0e0))
            * (1e0 + guards.rho) / (1e0 - guards.rho)
        ) as change_margin
    from verdict_sizes as sizes
    inner join {{ baselines }} as baselines
        on sizes.series_id = baselines.series_id and sizes.phase_no = baselines.phase_no
    inner join verdict_guards as guards
        on sizes.series_id = guards.series_id and sizes.phase_no = guards.phase_no
    left join verdict_runs as runs
        on sizes.series_id = runs.series_id and sizes.phase_no = runs.phase_no
    left join verdict_signs as signs
        on sizes.series_id = signs.series_id and sizes.phase_no = signs.phase_no
),

chart_verdicts as (
    select
        measures.*,
        case
            when n_before < {{ settings.least_baseline }}
                or (only_outside and n_before < {{ settings.firm_baseline }})
                then 'not_enough_baseline'
            when n_after < {{ settings.least_after }} then 'too_early'
            {% set better = 'not only_outside and longest_run_better >= required_run' %}
            {% set worse = 'not only_outside and longest_run_worse >= required_run' %}
            when {{ better }} and {{ worse }} then 'mixed'
            when ({{ better }} or {{ worse }}) and better_side = 0 then case
                when held_side = case when {{ better }} then up_side else -up_side end
                    then 'sustained_change'
                else 'changed_then_lost'
            end
            when {{ better }} and held_side = up_side then 'sustained_improvement'
            when {{ better }} then 'improved_then_lost'
            when {{ worse }} and held_side = -up_side then 'sustained_deterioration'
            when {{ worse }} then 'deteriorated_then_recovered'
            when has_better and has_worse then 'mixed'
            when (has_better or has_worse) and better_side = 0 then 'sign_of_change'
            when has_better then 'sign_of_improvement'
            when has_worse then 'sign_of_deterioration'
            else 'no_change_detected'
        end as verdict
    from verdict_measures as measures
)
{%- endmacro %}
