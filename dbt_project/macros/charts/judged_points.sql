{# The points a verdict looks at, before and after, of charts that are judged: with how far they lie from
   the centre line, what they weigh, and what autocorrelation costs their series.

   points: as for chart_baselines, with centre, sigma, is_after, is_counted, better_side, only_outside.
   baselines: series_id, phase_no, sigma. #}
{% macro judged_points(points, baselines) -%}
with weighed as (
    select
        points.series_id,
        points.phase_no,
        points.seq,
        points.chart,
        points.scale,
        points.numerator,
        points.denominator,
        points.value,
        points.centre,
        points.sigma,
        points.better_side,
        points.only_outside,
        points.is_baseline,
        points.is_after,
        points.is_counted,
        (points.value - points.centre) * {{ root_of_weight('points') }} as deviation,
        {{ root_of_weight('points') }} * {{ root_of_weight('points') }} as weight,
        row_number() over (
            partition by points.series_id, points.phase_no
            order by case when points.is_after and points.value is not null then 0 else 1 end,
                points.seq desc
        ) as latest_no,
        max(case when points.is_baseline then points.seq end) over (
            partition by points.series_id, points.phase_no
        ) as last_seq
    from {{ points }} as points
    where (points.is_baseline or points.is_after) and points.chart in ('xmr', 'iprime')
),

before as (
    select * from weighed where is_baseline
),

correlations as (
    {{ lag_one_autocorrelation('before') }}
),

guards as (
    {{ verdict_guards(baselines, 'correlations') }}
)

select
    weighed.*,
    guards.autocorrelation,
    guards.rho,
    guards.extra_points,
    guards.sigma_adjusted
from weighed
inner join guards
    on weighed.series_id = guards.series_id and weighed.phase_no = guards.phase_no
{%- endmacro %}
