{# CTEs ending in `chart_verdicts`: has anything happened since the start, by a stricter rule than the
   colours of the points? A run on one side among the points after, long enough for how many there
   are and how alike neighbours are, that the last six still hold; else signs by the rules of the
   points with widened limits.

   limits: from limits_at_points, with is_baseline, is_after, is_counted, better_side, only_outside. #}
{% macro chart_verdicts(limits, baselines, settings) -%}
verdict_points as (
    select
        points.*,
        (points.value - points.centre) * {{ root_of_weight('points') }} as deviation,
        {{ root_of_weight('points') }} * {{ root_of_weight('points') }} as weight,
        row_number() over (
            partition by points.series_id, points.phase_no
            order by case when points.is_after and points.value is not null then 0 else 1 end,
                points.seq desc
        ) as latest_no
    from {{ limits }} as points
    where (points.is_baseline or points.is_after) and points.chart in ('xmr', 'iprime')
),

verdict_before as (
    select * from verdict_points where is_baseline
),

verdict_correlations as (
    {{ lag_one_autocorrelation('verdict_before') }}
),

verdict_guards as (
    {{ verdict_guards(baselines, 'verdict_correlations') }}
),

verdict_sizes as (
    {{ after_size('verdict_points') }}
),

{{ verdict_signs(settings) }},

{{ verdict_runs() }},

{{ verdict_codes(baselines, settings) }}
{%- endmacro %}
