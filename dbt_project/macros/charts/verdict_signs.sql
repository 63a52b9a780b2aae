{# CTE `verdict_signs`: the rules of the points, for the points after only and with lines at two and
   three widened sigma. A part of chart_verdicts. #}
{% macro verdict_signs(settings) -%}
verdict_limits as (
    select
        points.series_id,
        points.phase_no,
        points.seq,
        points.value,
        points.centre,
        points.better_side,
        points.only_outside,
        points.is_counted,
        {% for name, sigmas in [('lower_3s', '- 3e0'), ('lower_2s', '- 2e0'),
                                ('upper_2s', '+ 2e0'), ('upper_3s', '+ 3e0')] %}
        points.centre {{ sigmas }} * guards.sigma_adjusted / sqrt(points.weight)
            as {{ name }}{{ "," if not loop.last }}
        {% endfor %}
    from verdict_points as points
    inner join verdict_guards as guards
        on points.series_id = guards.series_id and points.phase_no = guards.phase_no
    where points.is_after
),

{{ point_rules('verdict_limits', settings, prefix='verdict_') }},

verdict_signs as (
    select
        series_id,
        phase_no,
        max(case when signal_side = case when better_side = 0 then 1 else better_side end
            then 1 else 0 end) as has_better,
        max(case when signal_side = case when better_side = 0 then -1 else -better_side end
            then 1 else 0 end) as has_worse
    from verdict_rules
    group by series_id, phase_no
)
{%- endmacro %}
