{# What the points after say, one row per series and phase: the longest run on the better and on the worse
   side, how many points lie off the centre line, and whether the rules of the points find a sign, with
   lines at two and three widened sigma. Where neither side is better, up is called better here and the
   verdict says changed.

   judged: from judged_points. #}
{% macro chart_signs(judged, settings) -%}
with limits as (
    select
        series_id,
        phase_no,
        seq,
        value,
        centre,
        only_outside,
        is_counted,
        better_side,
        case when better_side = 0 then 1 else better_side end as up_side,
        {% for name, sigmas in [('lower_3s', '- 3e0'), ('lower_2s', '- 2e0'),
                                ('upper_2s', '+ 2e0'), ('upper_3s', '+ 3e0')] -%}
        centre {{ sigmas }} * sigma_adjusted / sqrt(weight) as {{ name }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ judged }}
    where is_after
),

sides as (
    {{ point_sides('limits') }}
),

trends as (
    {{ trend_points('sides', settings) }}
),

threes as (
    {{ two_in_three('sides', settings) }}
),

runs as (
    {{ side_runs('sides', settings) }}
),

shifts as (
    select series_id, phase_no, seq
    from runs
    where side <> 0 and run_length >= {{ settings.shift_points }}
),

rules as (
    {{ point_rules('sides', 'trends', 'threes', 'shifts') }}
)

select
    rules.series_id,
    rules.phase_no,
    max(rules.better_side) as better_side,
    max(case when rules.only_outside then 1 else 0 end) = 1 as only_outside,
    count(runs.seq) as n_useful,
    coalesce(max(case when runs.side = rules.up_side then runs.run_length end), 0) as longest_run_better,
    coalesce(max(case when runs.side = -rules.up_side then runs.run_length end), 0) as longest_run_worse,
    max(case when rules.signal_side = rules.up_side then 1 else 0 end) = 1 as has_better,
    max(case when rules.signal_side = -rules.up_side then 1 else 0 end) = 1 as has_worse
from rules
left join runs
    on rules.series_id = runs.series_id and rules.phase_no = runs.phase_no
    and rules.seq = runs.seq and runs.side <> 0
group by rules.series_id, rules.phase_no
{%- endmacro %}
