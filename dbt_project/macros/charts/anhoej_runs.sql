{# The run chart's two questions (Anhøj), one row per series and phase: is the longest run too long,
   or does the line cross the centre too seldom, for this many points off the centre line? Limits come
   from a table, for no engine has the binomial quantile. Never asked where more than half of the
   points lie on the centre line: that is a series of mostly zeros.

   sides: series_id, phase_no, seq, side. runs: side_runs of the same, ties left out. #}
{% macro anhoej_runs(sides, runs, limits) -%}
select
    counts.series_id,
    counts.phase_no,
    counts.n_points,
    counts.n_useful,
    counts.longest_run,
    limits.longest_run_max,
    counts.n_crossings,
    limits.n_crossings_min,
    case
        when counts.n_useful * 2 >= counts.n_present then coalesce(
            counts.longest_run > limits.longest_run_max
            or counts.n_crossings < limits.n_crossings_min,
            false
        )
    end as runs_signal
from (
    select
        points.series_id,
        points.phase_no,
        count(case when points.is_counted then 1 end) as n_points,
        count(points.side) as n_present,
        count(runs.seq) as n_useful,
        coalesce(max(runs.run_length), 0) as longest_run,
        cast(coalesce(max(runs.run_no) - 1, 0) as integer) as n_crossings
    from {{ sides }} as points
    left join {{ runs }} as runs
        on points.series_id = runs.series_id and points.phase_no = runs.phase_no
        and points.seq = runs.seq
    group by points.series_id, points.phase_no
) as counts
left join {{ limits }} as limits
    on counts.n_useful = limits.n_useful
{%- endmacro %}
