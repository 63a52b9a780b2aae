{# CTE `verdict_runs`: the longest run on the better and on the worse side among the points after,
   and how many points off the centre line there are. Where neither side is better, up is called
   better here and the verdict says changed. A part of chart_verdicts. #}
{% macro verdict_runs() -%}
verdict_runs as (
    select
        points.series_id,
        points.phase_no,
        max(points.better_side) as better_side,
        max(case when points.only_outside then 1 else 0 end) = 1 as only_outside,
        count(shifts.seq) as n_useful,
        coalesce(max(case
            when shifts.side = case when points.better_side = 0 then 1 else points.better_side end
                then shifts.run_length
        end), 0) as longest_run_better,
        coalesce(max(case
            when shifts.side = case when points.better_side = 0 then -1 else -points.better_side end
                then shifts.run_length
        end), 0) as longest_run_worse
    from verdict_limits as points
    left join verdict_shifts as shifts
        on points.series_id = shifts.series_id and points.phase_no = shifts.phase_no
        and points.seq = shifts.seq and shifts.side <> 0
    group by points.series_id, points.phase_no
)
{%- endmacro %}
